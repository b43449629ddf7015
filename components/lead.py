"""What matters most today, in one sentence: the worst of the alerts, else that all is calm."""

from __future__ import annotations

from datetime import datetime

from centre.domain.places import CITY
from centre.domain.status import Freshness
from centre.snapshots.cells import Snapshot
from components.lead_alerts import RECEIVED, SENTENCES, Lead
from components.text import full_day, number, t
from components.view import View
from components.words import (
    as_of,
    days_of_rates,
    filled,
    gap,
    is_drawn,
    said,
)


def lead(snapshot: Snapshot, view: View) -> Lead:
    """The sentence of this moment."""
    if snapshot.seq == 0:
        return _starting(view)
    if snapshot.alerts:
        return SENTENCES[snapshot.alerts[0].kind](snapshot, view, snapshot.alerts[0])
    if snapshot.filled_days < snapshot.total_days:  # nothing is judged yet: calm is not known
        return _filling(snapshot, view)
    if not is_drawn(snapshot.cell(RECEIVED)):
        return _unheard(view)
    usual = snapshot.cell(RECEIVED, CITY, "usual").value
    if snapshot.clock == "latest":
        return _historic(snapshot, view, usual)
    behind = oldest_behind(snapshot)
    return _behind(snapshot, view, behind) if behind else _calm(snapshot, view, usual)


def oldest_behind(snapshot: Snapshot) -> datetime | None:
    """How far the data go that is furthest behind its promise; None when all is on time."""
    old = (Freshness.LATE, Freshness.STALE)
    moments = [one.as_of for one in snapshot.sources if one.state in old]
    moments += [
        cell.as_of
        for address, cell in snapshot.cells.items()
        if address.window == "now" and cell.freshness in old
    ]
    return min((one for one in moments if one is not None), default=None)


def _unheard(view: View) -> Lead:
    """Nothing has come, and nothing is known to be down: no verdict."""
    return Lead(
        tone="unknown",
        shape="none",
        kick=t(view.lang, "lead.kick_unheard"),
        words=t(view.lang, "age_note.missing"),
        numbers="",
        note=t(view.lang, "lead.unheard_note"),
        chart=t(view.lang, "lead.calm_chart"),
    )


def _behind(snapshot: Snapshot, view: View, oldest: datetime) -> Lead:
    """Nothing is wrong in what has come, but not everything has."""
    lang, cell = view.lang, snapshot.cell(RECEIVED)
    return Lead(
        tone="watch",
        shape="watch",
        kick=t(lang, "lead.kick_behind"),
        words=t(lang, "lead.behind"),
        numbers=t(lang, "lead.behind_numbers", at=as_of(snapshot, view, oldest)),
        note=t(lang, "lead.behind_note", today=number(lang, cell.value), **_known(snapshot, view)),
        chart=t(lang, "lead.calm_chart"),
    )


def _historic(snapshot: Snapshot, view: View, usual: float | None) -> Lead:
    """A finished city: its last day, without a verdict on today."""
    lang, cell = view.lang, snapshot.cell(RECEIVED)
    last = snapshot.city_now.astimezone(view.city.tz).date()
    key = "lead.historic_numbers" if usual is None else "lead.calm_numbers_usual"
    return Lead(
        tone="unknown",
        shape="none",
        kick=t(lang, "lead.kick_historic"),
        words=t(lang, "lead.historic", day=full_day(lang, last)),
        numbers=t(lang, key, today=number(lang, cell.value), usual=number(lang, usual)),
        note=t(lang, "lead.historic_note", day=full_day(lang, last), days=days_of_rates(snapshot)),
        chart=t(lang, "lead.calm_chart"),
    )


def _starting(view: View) -> Lead:
    return Lead(
        tone="unknown",
        shape="none",
        kick=t(view.lang, "lead.kick_filling"),
        words=t(view.lang, "app.starting"),
        numbers="",
        note=t(view.lang, "app.starting_note"),
        chart=t(view.lang, "lead.calm_chart"),
    )


def _filling(snapshot: Snapshot, view: View) -> Lead:
    lang = view.lang
    today = number(lang, snapshot.cell(RECEIVED).value)
    return Lead(
        tone="unknown",
        shape="none",
        kick=t(lang, "lead.kick_filling"),
        words=t(lang, "lead.filling"),
        numbers=said(view, "lead.filling_numbers", today=today),
        note=filled(snapshot, lang, "lead.filling_note"),
        chart=t(lang, "lead.calm_chart"),
    )


def _calm(snapshot: Snapshot, view: View, usual: float | None) -> Lead:
    lang, cell = view.lang, snapshot.cell(RECEIVED)
    key = "lead.calm_numbers" if usual is None else "lead.calm_numbers_usual"
    numbers = t(lang, key, today=number(lang, cell.value), usual=number(lang, usual))
    missed = _targets(snapshot, view).count(False)
    return Lead(
        tone="watch" if missed else "good",
        shape="watch" if missed else "good",
        kick=t(lang, "lead.kick_target" if missed else "lead.kick_calm"),
        words=t(lang, "lead.missed", count=missed) if missed else t(lang, "lead.calm"),
        numbers=numbers,
        note=t(lang, "lead.calm_note", **_known(snapshot, view)),
        chart=t(lang, "lead.calm_chart"),
    )


def _known(snapshot: Snapshot, view: View) -> dict[str, str]:
    """What a calm sentence stands on: who is there, which targets are reached."""
    lang, cell = view.lang, snapshot.cell(RECEIVED)
    met = _targets(snapshot, view)
    key = "lead.calm_targets" if met else "lead.calm_no_targets"
    return {
        "centres": t(lang, "lead.calm_centres", present=cell.present, expected=cell.expected),
        "targets": t(lang, key, met=met.count(True), count=len(met)),
    }


def _targets(snapshot: Snapshot, view: View) -> list[bool | None]:
    """Of each target whether it is reached, by what can be seen now; None: not known."""
    values = {key: snapshot.cell(key).value for key in view.city.targets}
    return [
        None if value is None else gap(view, view.metrics[key], value) is None
        for key, value in values.items()
    ]

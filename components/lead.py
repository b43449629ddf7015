"""What matters most today, in one sentence: the worst of the alerts, else that all is calm."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from centre.alerts.find import LEAST, SURGE, can_surge
from centre.domain.places import CITY
from centre.domain.status import Freshness
from centre.snapshots.cells import Cell, Snapshot
from components.lead_alerts import RECEIVED, SENTENCES, Lead
from components.marks import figure, plain
from components.rich import Words, rich
from components.text import full_day, number, t
from components.view import View
from components.words import (
    as_of,
    days_of_rates,
    filled,
    gap,
    is_drawn,
    said_rich,
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
        note=rich(lang, "lead.behind_note", today=_today(view, cell), **_known(snapshot, view)),
        chart=t(lang, "lead.calm_chart"),
    )


def _historic(snapshot: Snapshot, view: View, usual: float | None) -> Lead:
    """A finished city: its last day, without a verdict on today."""
    lang, days = view.lang, days_of_rates(snapshot)
    last = snapshot.city_now.astimezone(view.city.tz).date()
    key = "lead.historic_numbers" if usual is None else "lead.calm_numbers_usual"
    return Lead(
        tone="unknown",
        shape="none",
        kick=t(lang, "lead.kick_historic"),
        words=t(lang, "lead.historic", day=full_day(lang, last)),
        numbers=_numbers(snapshot, view, key),
        note=plain("date", t(lang, "lead.historic_note", day=full_day(lang, last), days=days)),
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
    today = _today(view, snapshot.cell(RECEIVED))
    return Lead(
        tone="unknown",
        shape="none",
        kick=t(lang, "lead.kick_filling"),
        words=t(lang, "lead.filling"),
        numbers=said_rich(view, "lead.filling_numbers", today=today),
        note=filled(snapshot, lang, "lead.filling_note"),
        chart=t(lang, "lead.calm_chart"),
    )


def _calm(snapshot: Snapshot, view: View, usual: float | None) -> Lead:
    lang = view.lang
    key = "lead.calm_numbers" if usual is None else "lead.calm_numbers_usual"
    missed = _targets(snapshot, view).count(False)
    return Lead(
        tone="watch" if missed else "good",
        shape="watch" if missed else "good",
        kick=t(lang, "lead.kick_target" if missed else "lead.kick_calm"),
        words=rich(lang, "lead.missed", count=plain("list", str(missed)))
        if missed
        else t(lang, "lead.calm"),
        numbers=_numbers(snapshot, view, key),
        note=rich(lang, "lead.calm_note", **_known(snapshot, view)),
        chart=t(lang, "lead.calm_chart"),
    )


def _today(view: View, cell: Cell) -> Any:
    return figure(view, cell.figure, number(view.lang, cell.value))


def _numbers(snapshot: Snapshot, view: View, key: str) -> Words:
    """受理 5,483 件，平常 5,214 件."""
    cells = (snapshot.cell(RECEIVED, CITY, one) for one in ("now", "usual"))
    today, usual = (_today(view, one) for one in cells)
    return rich(view.lang, key, today=today, usual=usual)


def _known(snapshot: Snapshot, view: View) -> dict[str, Any]:
    """What a calm sentence stands on: who is there, which targets are reached."""
    lang, cell = view.lang, snapshot.cell(RECEIVED)
    met = _targets(snapshot, view)
    key = "lead.calm_targets" if met else "lead.calm_no_targets"
    centres = t(lang, "lead.calm_centres", present=cell.present, expected=cell.expected)
    return {
        "centres": figure(view, cell.figure, centres, how="coverage", is_link=False),
        "targets": plain("list", t(lang, key, met=met.count(True), count=len(met))),
        "surges": plain("text", _no_surge(snapshot, view)),
    }


def _no_surge(snapshot: Snapshot, view: View) -> str:
    """What is known of surges when there is none: a unit of few cases is not judged."""
    key = "lead.calm_no_surge" if can_surge(snapshot, view.city) else "lead.calm_few"
    return t(view.lang, key, least=LEAST, times=SURGE)


def _targets(snapshot: Snapshot, view: View) -> list[bool | None]:
    """Of each target whether it is reached, by what can be seen now; None: not known."""
    values = {key: snapshot.cell(key).value for key in view.city.targets}
    return [
        None if value is None else gap(view, view.metrics[key], value) is None
        for key, value in values.items()
    ]

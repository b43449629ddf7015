"""The sentence of an alert: what is silent, missed or surging, with its numbers and its note."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from centre.domain.places import CITY
from centre.domain.status import Freshness
from centre.snapshots.cells import Alert, Snapshot
from components.text import age, number, t
from components.view import View
from components.words import (
    age_of,
    as_of,
    category_name,
    gap,
    gap_words,
    limit_words,
    missing_names,
    plain,
    said,
)

RECEIVED = "appeal.received.count"
TOP = 2
"""Categories named beside a surge."""
LOWEST = 3
"""Units named beside a missed target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """The sentence: what, the numbers, a note; the unit or metric whose chart stands beside."""

    tone: str  # bad | watch | good | unknown
    shape: str
    kick: str
    words: str
    numbers: str
    note: str
    unit: str = CITY
    metric: str = ""
    chart: str
    since: datetime | None = None  # from then on the chart's place said nothing


def _surge(snapshot: Snapshot, view: View, alert: Alert) -> Lead:
    lang, unit = view.lang, view.city.unit_name(alert.unit, view.lang)
    value, limit = alert.value or 0.0, alert.limit or 0.0
    times = f"{value / limit:.1f}" if limit else "—"
    at = as_of(snapshot, view, snapshot.cell(RECEIVED, alert.unit).as_of or snapshot.city_now)
    more = _surge_more(snapshot, view, alert.unit)
    numbers = t(lang, "lead.surge_numbers", today=number(lang, value), usual=number(lang, limit))
    return Lead(
        tone="bad",
        shape="bad",
        kick=t(lang, "lead.kick_surge"),
        words=t(lang, "lead.surge", unit=unit),
        numbers=numbers,
        note=t(lang, "mark.dot").join([t(lang, "lead.surge_note", at=at, times=times), *more]),
        unit=alert.unit,
        chart=t(lang, "lead.surge_chart", unit=unit),
    )


def _surge_more(snapshot: Snapshot, view: View, unit: str) -> list[str]:
    """What the surge is made of, and what is open there, when the snapshot knows."""
    lang, words = view.lang, []
    shares, due = snapshot.shares.get(("category", unit), ())[:TOP], snapshot.dues.get(unit)
    if shares and shares[0].today is not None:
        named = (f"{category_name(view, one.key)} {number(lang, one.today)}" for one in shares)
        words.append(t(lang, "lead.surge_top", list=t(lang, "mark.items").join(named)))
    if due:
        lapses = number(lang, due.lapses_today)
        words.append(said(view, "lead.surge_due", open=number(lang, due.open), lapses=lapses))
    return words


def _target(snapshot: Snapshot, view: View, alert: Alert) -> Lead:
    lang, metric = view.lang, view.metrics[alert.metric]
    name = metric.name.of(lang)
    value, limit = plain(metric, alert.value, lang), limit_words(metric, alert.limit, lang)
    return Lead(
        tone="bad",
        shape="bad",
        kick=t(lang, "lead.kick_target"),
        words=t(lang, "lead.target", metric=name),
        numbers=t(lang, "lead.target_numbers", value=value, limit=limit),
        note=_target_note(snapshot, view, alert),
        unit=alert.unit,
        metric=alert.metric,
        chart=t(lang, "lead.target_chart", metric=name, limit=limit),
    )


def _target_note(snapshot: Snapshot, view: View, alert: Alert) -> str:
    """By how much and because of whom, when that is known."""
    lang, metric = view.lang, view.metrics[alert.metric]
    short = gap(view, metric, alert.value) if alert.value is not None else None
    key = "lead.target_gap" if short else "lead.target_days"
    far = gap_words(view, metric, short, "target.far_points") if short else ""
    words = [t(lang, key, gap=far)]
    if units := t(lang, "mark.items").join(_lowest(snapshot, view, alert.metric)):
        words.append(t(lang, "lead.target_units", units=units))
    return t(lang, "mark.dot").join(words)


def _lowest(snapshot: Snapshot, view: View, metric: str) -> list[str]:
    """The units furthest from the target, worst first."""
    sign = -1 if view.metrics[metric].direction == "down" else 1
    known = [
        (sign * value, unit.code)
        for unit in view.city.units
        if (value := snapshot.cell(metric, unit.code).value) is not None
    ]
    return [view.city.unit_name(code, view.lang) for _, code in sorted(known)[:LOWEST]]


def silent(snapshot: Snapshot) -> tuple[Alert, ...]:
    """The alerts of sources that are down, the longest first."""
    gone = [one for one in snapshot.alerts if one.kind == "source_down"]
    return tuple(sorted(gone, key=lambda one: (one.since is not None, one.since)))


def _down(snapshot: Snapshot, view: View, alert: Alert) -> Lead:
    codes = {unit.code for unit in view.city.centres}
    gone = tuple(one for one in silent(snapshot) if one.unit in codes) or silent(snapshot)
    centres = len(codes)
    is_all = len(gone) >= centres or snapshot.cell(RECEIVED).freshness is Freshness.DOWN
    words = _down_all(snapshot, view, gone) if is_all else _down_some(snapshot, view, gone)
    ends = [one.since for one in gone if one.since] if is_all or len(gone) == 1 else []
    return Lead(
        tone="bad" if is_all or len(gone) * 2 > centres else "watch",
        shape="down",
        kick=t(view.lang, "lead.kick_down"),
        unit=CITY if len(gone) > 1 else alert.unit,
        since=max(ends, default=None),
        chart=t(view.lang, "lead.calm_chart")
        if len(gone) > 1
        else t(view.lang, "lead.surge_chart", unit=view.city.unit_name(alert.unit, view.lang)),
        words=words["words"],
        numbers=words["numbers"],
        note=words["note"],
    )


def _down_some(snapshot: Snapshot, view: View, gone: tuple[Alert, ...]) -> dict[str, str]:
    lang, first = view.lang, gone[0]
    unit = view.city.unit_name(first.unit, lang)
    key = "lead.down" if len(gone) == 1 else "lead.down_more"
    source = next((one for one in snapshot.sources if one.id == first.source), None)
    since = as_of(snapshot, view, first.since)
    names = missing_names(view, tuple(one.unit for one in gone))
    note = {"since": since, "unit": names, "contact": source.contact if source else ""}
    return {
        "words": t(lang, key, unit=unit, count=len(gone)),
        "numbers": _since(snapshot, view, first, "lead.down_numbers"),
        "note": t(lang, "lead.down_note" if note["contact"] else "lead.down_note_short", **note),
    }


def _down_all(snapshot: Snapshot, view: View, gone: tuple[Alert, ...]) -> dict[str, str]:
    lang, first = view.lang, gone[0]
    return {
        "words": t(lang, "lead.down_all", count=len(gone)),
        "numbers": _since(snapshot, view, first, "lead.down_numbers_all"),
        "note": t(lang, "lead.down_note_all", since=as_of(snapshot, view, first.since)),
    }


def _since(snapshot: Snapshot, view: View, alert: Alert, key: str) -> str:
    if alert.since is None:
        return t(view.lang, "lead.down_numbers_unknown")
    return t(view.lang, key, age=age(view.lang, age_of(snapshot, alert.since)))


SENTENCES: Mapping[str, Callable[[Snapshot, View, Alert], Lead]] = {
    "surge": _surge,
    "target_missed": _target,
    "source_down": _down,
}

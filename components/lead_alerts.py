"""The sentence of an alert: what is silent, missed or surging, with its numbers and its note."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from centre.domain.places import CITY
from centre.domain.status import Freshness
from centre.snapshots.cells import Alert, Share, Snapshot
from components import codes
from components.marks import figure, plain
from components.rich import Words, joined, rich
from components.text import DASH, age, number, t
from components.view import View
from components.words import (
    age_of,
    as_of,
    category_name,
    gap_words,
    limit_words,
    missing_names,
    said_rich,
)
from components.words import plain as value_words

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
    words: Any  # texts and marked numbers, as the two below
    numbers: Any
    note: Any
    unit: str = CITY
    metric: str = ""
    chart: str
    since: datetime | None = None  # from then on the chart's place said nothing


def _surge(snapshot: Snapshot, view: View, alert: Alert) -> Lead:
    lang, unit = view.lang, view.city.unit_name(alert.unit, view.lang)
    said = surge_numbers(snapshot, view, alert)
    at = as_of(snapshot, view, snapshot.cell(RECEIVED, alert.unit).as_of or snapshot.city_now)
    more = _surge_more(snapshot, view, alert.unit)
    note = rich(lang, "lead.surge_note", at=at, times=said.times)
    return Lead(
        tone="bad",
        shape="bad",
        kick=t(lang, "lead.kick_surge"),
        words=t(lang, "lead.surge", unit=unit),
        numbers=rich(lang, "lead.surge_numbers", today=said.today, usual=said.usual),
        note=joined(lang, "mark.dot", [note, *more]),
        unit=alert.unit,
        chart=t(lang, "lead.surge_chart", unit=unit),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SurgeNumbers:
    """The marked numbers of a surge: today, usual to this minute, how many times that."""

    today: Any
    usual: Any
    times: Any


def surge_numbers(snapshot: Snapshot, view: View, alert: Alert) -> SurgeNumbers:
    """A surge in numbers, each with its code."""
    lang, limit = view.lang, alert.limit
    now, usual = (snapshot.cell(RECEIVED, alert.unit, one).figure for one in ("now", "usual"))
    times = f"{(alert.value or 0.0) / limit:.1f}" if limit else DASH
    return SurgeNumbers(
        today=figure(view, now, number(lang, alert.value)),
        usual=figure(view, usual, number(lang, limit)),
        times=figure(view, now, times, against="usual", how="times"),
    )


def _surge_more(snapshot: Snapshot, view: View, unit: str) -> list[Words]:
    """What the surge is made of, and what is open there, when the snapshot knows."""
    lang, words = view.lang, list[Words]()
    shares, due = snapshot.shares.get(("category", unit), ())[:TOP], snapshot.dues.get(unit)
    if shares and shares[0].today is not None:
        named = joined(lang, "mark.items", (_top(view, unit, one) for one in shares))
        words.append(rich(lang, "lead.surge_top", list=named))
    if due:
        shown = {
            key: figure(view, codes.due(unit, due, of), number(lang, getattr(due, of)))
            for key, of in (("open", "open"), ("lapses", "lapses_today"))
        }
        words.append(said_rich(view, "lead.surge_due", **shown))
    return words


def _top(view: View, unit: str, one: Share) -> Words:
    id_ = codes.share(view, "category", unit, one)
    return [category_name(view, one.key), " ", figure(view, id_, number(view.lang, one.today))]


def _target(snapshot: Snapshot, view: View, alert: Alert) -> Lead:
    lang, metric = view.lang, view.metrics[alert.metric]
    name = metric.name.of(lang)
    limit = limit_words(metric, alert.limit, lang)
    id_ = snapshot.cell(alert.metric, alert.unit).figure
    value = figure(view, id_, value_words(metric, alert.value, lang))
    return Lead(
        tone="bad",
        shape="bad",
        kick=t(lang, "lead.kick_target"),
        words=t(lang, "lead.target", metric=name),
        numbers=rich(lang, "lead.target_numbers", value=value, limit=plain("text", limit)),
        note=_target_note(snapshot, view, alert),
        unit=alert.unit,
        metric=alert.metric,
        chart=t(lang, "lead.target_chart", metric=name, limit=limit),
    )


def _target_note(snapshot: Snapshot, view: View, alert: Alert) -> Words:
    """By how much and because of whom, when that is known."""
    lang, metric = view.lang, view.metrics[alert.metric]
    far = gap_words(snapshot, view, metric, alert.unit, "target.far_points")
    words = [rich(lang, "lead.target_gap" if far else "lead.target_days", gap=far)]
    if units := t(lang, "mark.items").join(_lowest(snapshot, view, alert.metric)):
        words.append([t(lang, "lead.target_units", units=units)])
    return joined(lang, "mark.dot", words)


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
    lang, centres = view.lang, {unit.code for unit in view.city.centres}
    gone = tuple(one for one in silent(snapshot) if one.unit in centres) or silent(snapshot)
    is_all = len(gone) >= len(centres) or snapshot.cell(RECEIVED).freshness is Freshness.DOWN
    said = _down_all(snapshot, view, gone) if is_all else _down_some(snapshot, view, gone)
    ends = [one.since for one in gone if one.since] if is_all or len(gone) == 1 else []
    unit, chart = CITY, t(lang, "lead.calm_chart")
    if len(gone) == 1:
        unit = alert.unit
        chart = t(lang, "lead.surge_chart", unit=view.city.unit_name(unit, lang))
    return Lead(
        tone="bad" if is_all or len(gone) * 2 > len(centres) else "watch",
        shape="down",
        kick=t(lang, "lead.kick_down"),
        words=said.words,
        numbers=said.numbers,
        note=said.note,
        unit=unit,
        chart=chart,
        since=max(ends, default=None),
    )


class _Said(NamedTuple):
    """The three parts of a sentence."""

    words: Words
    numbers: Any
    note: Any


def _down_some(snapshot: Snapshot, view: View, gone: tuple[Alert, ...]) -> _Said:
    lang, first = view.lang, gone[0]
    unit = view.city.unit_name(first.unit, lang)
    key = "lead.down" if len(gone) == 1 else "lead.down_more"
    source = next((one for one in snapshot.sources if one.id == first.source), None)
    since = as_of(snapshot, view, first.since)
    names = missing_names(view, tuple(one.unit for one in gone))
    contact = source.contact if source else ""
    note = {"since": since, "unit": names, "contact": plain("text", contact)}
    return _Said(
        words=rich(lang, key, unit=unit, count=plain("list", str(len(gone)))),
        numbers=_since(snapshot, view, first, "lead.down_numbers"),
        note=rich(lang, "lead.down_note" if contact else "lead.down_note_short", **note),
    )


def _down_all(snapshot: Snapshot, view: View, gone: tuple[Alert, ...]) -> _Said:
    lang, first = view.lang, gone[0]
    return _Said(
        words=rich(lang, "lead.down_all", count=plain("list", str(len(gone)))),
        numbers=_since(snapshot, view, first, "lead.down_numbers_all"),
        note=t(lang, "lead.down_note_all", since=as_of(snapshot, view, first.since)),
    )


def _since(snapshot: Snapshot, view: View, alert: Alert, key: str) -> Any:
    if alert.since is None:
        return t(view.lang, "lead.down_numbers_unknown")
    return plain("date", t(view.lang, key, age=age(view.lang, age_of(snapshot, alert.since))))


SENTENCES: Mapping[str, Callable[[Snapshot, View, Alert], Lead]] = {
    "surge": _surge,
    "target_missed": _target,
    "source_down": _down,
}

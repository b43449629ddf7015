"""When a case falls due: dated rules, the clock they count on, pauses that rest it.

    anchor ──runs──┤ pause ├──runs──┤ pause ├──runs── due

The clock runs where the rule's timetable is open and no pause stops it; pauses that overlap stop
it once. An extension grants more time before the time is up; after that it comes too late.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from centre.domain import timetable
from centre.domain.records import Pause
from centre.domain.timetable import Span, Timetable

CLOCKS = ("working_days", "working_hours", "calendar_days", "calendar_hours")
"""What a rule counts in; each says whether it is calendar or working time."""

EXTENDED = "extended"
STOPS = ("returned", "suspended", "third_party")
"""Reasons that stop a clock, where the rule names no others."""

_UNITS = {"days": timedelta(days=1), "hours": timedelta(hours=1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRule:
    """When a case of a kind falls due: `length` of its clock after `anchor`.

    It holds for cases received on local days from `valid_from` on, until the next rule of the
    kind. `extension`: what one extension grants at most, in the same unit; 0: the source says it.
    `office`: the hours that working hours count.
    """

    kind: str
    length: int
    clock: str = "working_days"  # one of CLOCKS
    anchor: str = "dispatched_at"
    valid_from: date | None = None  # None: from the beginning
    extension: int = 0
    stops: tuple[str, ...] = STOPS
    office: tuple[Span, ...] = ()

    @property
    def is_working(self) -> bool:
        """Whether holidays take no time."""
        return self.clock.startswith("working")

    @property
    def unit(self) -> timedelta:
        """What one of its length is on its timetable: a day of 24 hours, or an hour."""
        return _UNITS[self.clock.partition("_")[2]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """An interval in which the clock is stopped, and by what. `end` None: it is not over."""

    start: datetime
    end: datetime | None
    pauses: tuple[Pause, ...] = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How a clock has run until a moment. `left` is negative when the time was up before."""

    due_at: datetime | None  # None: stopped before its time was up
    allowed: timedelta  # with what extensions granted
    used: timedelta
    stopped: timedelta  # time of its timetable in which it was stopped
    by: Halt | None  # what stops it at the moment

    @property
    def left(self) -> timedelta:
        """What is left of the time that is allowed."""
        return self.allowed - self.used


@lru_cache(maxsize=256)
def timetable_of(rule: DueRule, country: str, zone: ZoneInfo) -> Timetable:
    """The clock of a rule in a city."""
    match rule.clock:
        case "working_days":
            return timetable.working_days(country, zone)
        case "working_hours":
            return timetable.working_hours(country, zone, rule.office)
        case "calendar_days":
            return timetable.calendar_days(zone)
    return timetable.calendar_hours()


def rule_on(rules: Sequence[DueRule], day: date) -> DueRule | None:
    """The rule in force on a local day; `rules` by `valid_from`, the one without it first."""
    held = [one for one in rules if one.valid_from is None or one.valid_from <= day]
    return held[-1] if held else None


def due_at(
    rule: DueRule,
    table: Timetable,
    anchor: datetime,
    pauses: Sequence[Pause] = (),
    closed_at: datetime | None = None,
) -> datetime | None:
    """When the time is up; None while an open pause stops the clock. A closing ends open pauses."""
    if not pauses:
        return table.after(anchor, rule.length * rule.unit)
    return _due(rule, table, anchor, pauses, halts(rule, pauses, closed_at))[0]


def run(
    rule: DueRule,
    table: Timetable,
    anchor: datetime,
    at: datetime,
    *,
    pauses: Sequence[Pause],
    closed_at: datetime | None,
) -> Run:
    """How the clock stands at a moment, or stood when the case was closed before it."""
    end = at if closed_at is None else min(at, closed_at)
    stops = halts(rule, pauses, closed_at)
    due, allowed = _due(rule, table, anchor, pauses, stops)
    begun = [one for one in stops if one.start < end and (one.end is None or one.end > anchor)]
    stopped = sum(
        (table.passed(max(one.start, anchor), min(one.end or end, end)) for one in begun),
        timedelta(0),
    )
    return Run(
        due_at=due,
        allowed=allowed,
        used=table.passed(anchor, end) - stopped,
        stopped=stopped,
        by=None if closed_at is not None and closed_at <= at else _holding(stops, at),
    )


def _holding(stops: Iterable[Halt], at: datetime) -> Halt | None:
    """The halt of a moment, with those of its pauses that are not over."""
    for one in stops:
        if one.start <= at and (one.end is None or at < one.end):
            now = [p for p in one.pauses if p.start <= at and (p.end is None or at < p.end)]
            return replace(one, pauses=tuple(now))
    return None


def halts(
    rule: DueRule, pauses: Iterable[Pause], closed_at: datetime | None = None
) -> tuple[Halt, ...]:
    """The intervals in which the clock of a rule is stopped, ascending and apart."""
    stopping = [
        Pause(reason=one.reason, start=one.start, end=one.end or closed_at)
        for one in pauses
        if _stops(rule, one) and not (one.end is None and closed_at and one.start >= closed_at)
    ]
    return tuple(_merged(stopping))


def _stops(rule: DueRule, pause: Pause) -> bool:
    """An extension without an end stops the clock where no rule says how long one is."""
    if pause.reason == EXTENDED:
        return pause.end is None and not rule.extension
    return pause.reason in rule.stops


def _merged(pauses: Iterable[Pause]) -> Iterator[Halt]:
    """Pauses that overlap or touch, as one."""
    last: Halt | None = None
    for one in sorted(pauses, key=lambda pause: pause.start):
        if last is None or (last.end is not None and one.start > last.end):
            if last is not None:
                yield last
            last = Halt(start=one.start, end=one.end, pauses=(one,))
        else:
            end = None if last.end is None or one.end is None else max(last.end, one.end)
            last = Halt(start=last.start, end=end, pauses=(*last.pauses, one))
    if last is not None:
        yield last


def _due(
    rule: DueRule,
    table: Timetable,
    anchor: datetime,
    pauses: Sequence[Pause],
    stops: Sequence[Halt],
) -> tuple[datetime | None, timedelta]:
    """(when the time is up, how much of it there was)."""
    allowed = rule.length * rule.unit
    due = _reached(table, anchor, allowed, stops)
    for start, more in _granted(rule, table, pauses):
        if due is None or start < due:
            allowed += more
            due = _reached(table, anchor, allowed, stops)
    return due, allowed


def _granted(
    rule: DueRule, table: Timetable, pauses: Iterable[Pause]
) -> Iterator[tuple[datetime, timedelta]]:
    """(from when, how much more time): one extension by rule, or all that the source grants."""
    extended = [one for one in pauses if one.reason == EXTENDED]
    if not rule.extension:
        for one in _merged(one for one in extended if one.end is not None):
            yield one.start, table.passed(one.start, one.end or one.start)
    elif extended:
        most = rule.extension * rule.unit
        first = min(extended, key=lambda pause: pause.start)
        yield first.start, min(most, table.passed(first.start, first.end)) if first.end else most


def _reached(
    table: Timetable, anchor: datetime, length: timedelta, stops: Iterable[Halt]
) -> datetime | None:
    """The first running instant at which `length` is used up."""
    at, left = anchor, length
    for one in stops:
        if one.end is not None and one.end <= at:
            continue
        used = table.passed(at, max(one.start, at))
        if used > left:
            break
        if one.end is None:
            return None
        left -= used
        at = one.end
    return table.after(at, left)

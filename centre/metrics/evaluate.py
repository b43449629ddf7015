"""The one place that turns sums of parts into the answer to a question.

Question ── gather ──> sums by unit and day ── sums.tally ──> num, den, coverage ──> Value
                                            └─ breakdown ──> groups
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import ModuleType
from typing import TypedDict

from sqlalchemy import Connection

from centre.domain.periods import Days, local_day
from centre.domain.places import CITY, UNASSIGNED, City
from centre.domain.scope import Scope
from centre.domain.status import Freshness
from centre.metrics import breakdown, gather, within
from centre.metrics.check import check
from centre.metrics.coverage import Judge
from centre.metrics.facts import beginnings, measured_feeds
from centre.metrics.feeds import Feed, Feeds, feeds, of_days, of_now
from centre.metrics.gather import Frame
from centre.metrics.metric import Metric, Shape, Spell
from centre.metrics.questions import (
    BadPeriod,
    Coverage,
    Group,
    Question,
    Value,
)
from centre.metrics.registry import METRICS
from centre.metrics.sums import (
    WHOLE_DAYS,
    Attendance,
    Pair,
    Sums,
    Tally,
    complete_only,
    reads_cases,
    tally,
)
from centre.snapshots.cells import SourceState
from centre.store import queries
from centre.store.past import change_of, past_of

MOST_DAYS = timedelta(days=20 * 366)
"""Beyond this nobody reads an answer day by day."""


def value(
    conn: Connection,
    city: City,
    question: Question,
    scope: Scope,
    now: datetime,
    *,
    sources: Sequence[SourceState] = (),
    metrics: Mapping[str, Metric] = METRICS,
    at: int | None = None,
) -> Value:
    """Answer a question as of `now`. Raise CannotAnswer when it has no answer.

    `sources` (of the current snapshot) say how fresh the figure is and which centres are silent
    today; without them freshness is MISSING and coverage is what days were delivered. `at`: as it
    was known at a change number; `now` and `sources` are then those of a snapshot of then.
    """
    metric = check(city, question, scope, metrics)
    end = max(min(question.end, now), question.start + timedelta(microseconds=1))
    if question.start > now:
        raise BadPeriod(f"the period begins at {question.start.isoformat()}, which is yet to come")
    if question.by == "day" and end - question.start > MOST_DAYS:
        raise BadPeriod(f"by=day answers {MOST_DAYS.days} days at most; ask for fewer")
    since = beginnings(conn, city, sources, at=at)
    frame = Frame(
        conn=conn,
        city=city,
        scope=scope,
        now=now,
        start=question.start,
        end=end,
        since=since,
        within=question.within,
        past=past_of(at, city.tz),
    )
    found = _answer(frame, metric, question, _feeds(frame, metric, sources))
    return replace(found, version=metric.version, in_force=_in_force(frame, metrics[metric.id]))


def _in_force(frame: Frame, counted: Metric) -> tuple[Spell, ...]:
    """The definitions by which the city counted in the period; of a moment the one of its day."""
    days = frame.days[-1:] if counted.shape in {Shape.STOCK, Shape.GAUGE} else frame.days
    return counted.in_force(date.fromordinal(days[0]), date.fromordinal(days[-1]))


def _feeds(frame: Frame, metric: Metric, sources: Sequence[SourceState]) -> Feeds:
    if not sources:
        return {}
    if reads_cases(metric):
        return feeds(frame.city, sources)
    return measured_feeds(frame.conn, frame.city, metric, sources, at=change_of(frame.past))


def _answer(frame: Frame, metric: Metric, question: Question, by_unit: Feeds) -> Value:
    units = _units(frame, question.unit)
    sums, seen = _reads(frame).sums(frame, metric), gather.seen(frame, metric)
    there = attendance(frame, metric, by_unit)
    days = _days(frame, metric, sums, there)
    whole = tally(metric, sums, units, days, attendance=there, seen=seen)
    fresh = _feed(frame, metric, whole, by_unit)
    judge = _judge(frame, metric, question, sums, whole)
    told = judge.figure(whole, days)
    pair, there_is, is_late = told
    found = Found(units=units, sums=sums, there=there, whole=whole, judge=judge, told=told)
    return Value(
        metric=metric.id,
        unit=question.unit,
        start=question.start,
        end=frame.end,
        num=pair.num if pair else None,
        den=pair.den if pair else None,
        value=pair.value if pair else None,
        freshness=fresh.freshness if whole.pair else Freshness.MISSING,
        as_of=fresh.as_of,
        event_at=fresh.event_at,
        received_at=fresh.received_at,
        coverage=there_is,
        revised=is_late,
        groups=_groups(frame, metric, question, found),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an answer and its groups are made of."""

    units: tuple[str, ...]
    sums: Sums
    there: Attendance
    whole: Tally
    judge: Judge
    told: tuple[Pair | None, Coverage, bool]


def _judge(frame: Frame, metric: Metric, question: Question, sums: Sums, whole: Tally) -> Judge:
    """What is usual is read only where something may be missing."""
    is_partial = whole.present and (whole.missing or whole.partly)
    is_asked = question.unit == CITY and (is_partial or question.by == "day")
    units = (*whole.present, *whole.missing)
    return Judge(
        city=frame.city,
        metric=metric,
        place=question.unit,
        usual=gather.usual(frame, metric, sums, units) if is_asked else {},
        revised=gather.revised(frame, metric),
    )


def _days(frame: Frame, metric: Metric, sums: Sums, there: Attendance) -> range:
    """The days that make the figure: not those before anything was delivered, be they centuries."""
    days = frame.days
    if metric.shape in {Shape.STOCK, Shape.GAUGE}:
        return days[-1:]
    known = [*map(min, filter(None, (*sums.values(), *there.days.values()))), *there.since.values()]
    return range(max(days[0], min(known, default=days[-1])), days[-1] + 1) or days[-1:]


def _units(frame: Frame, unit: str) -> tuple[str, ...]:
    if unit != CITY:
        return (unit,)
    codes = (*frame.city.by_code, UNASSIGNED)
    return tuple(code for code in codes if frame.scope.allows_unit(code))


def attendance(frame: Frame, metric: Metric, by_unit: Feeds) -> Attendance:
    """Who is there: for today and this moment by the feeds, for past days by what was delivered.

    Finished data is there from its first day on. Without feeds the deliveries decide about today
    too.
    """
    codes = frozenset(frame.city.by_code)
    if frame.city.clock == "latest":
        return Attendance(always=codes, since=frame.since if reads_cases(metric) else {})
    is_now = frame.end >= frame.now and metric.shape in {Shape.STOCK, Shape.GAUGE}
    if by_unit and (frame.is_of_today or is_now):
        return Attendance(always=frozenset(code for code in codes if by_unit[code].is_there))
    if not reads_cases(metric):  # readings and assets say themselves for which day they are
        return Attendance(always=codes)
    first, last = date.fromordinal(frame.days[0]), date.fromordinal(frame.days[-1])
    rows = queries.presence(
        frame.conn, Days(first=first, last=last), frame.scope, at=change_of(frame.past)
    )
    if metric.shape not in WHOLE_DAYS:
        return Attendance.of(rows)
    return Attendance.of(_with_today(frame, metric, rows, by_unit))


def _with_today(
    frame: Frame,
    metric: Metric,
    rows: Mapping[str, Mapping[int, datetime]],
    by_unit: Feeds,
) -> dict[str, frozenset[int]]:
    """Half a day is no day; but a count goes on today, of those who are there."""
    whole = complete_only(rows, frame.city.tz)
    today = local_day(frame.now, frame.city.tz).toordinal()
    if metric.shape is not Shape.COUNT or today not in frame.days:
        return whole
    here = [
        unit
        for unit, days in rows.items()
        if (by_unit[unit].is_there if unit in by_unit else today in days)
    ]
    return {unit: days | {today} if unit in here else days for unit, days in whole.items()}


def _feed(frame: Frame, metric: Metric, whole: Tally, by_unit: Feeds) -> Feed:
    midnight = frame.end - timedelta(microseconds=1)
    is_past = local_day(midnight, frame.city.tz) < local_day(frame.now, frame.city.tz)
    if is_past and metric.shape not in {Shape.STOCK, Shape.GAUGE}:
        return of_days(whole.present, by_unit, frame.end)
    return of_now(whole.present, by_unit)


def _groups(frame: Frame, metric: Metric, question: Question, found: Found) -> tuple[Group, ...]:
    by, seen, sums = question.by, gather.seen(frame, metric), found.sums
    if by is None:
        return ()
    how: How = {"attendance": found.there, "seen": seen, "judge": found.judge}
    if by == "unit":
        days = _days(frame, metric, sums, found.there)
        return breakdown.by_unit(metric, sums, found.units, days, **how)
    if by == "day":
        if metric.shape is Shape.STOCK:
            sums = _reads(frame).stock_by_day(frame, metric)
        else:
            how["attendance"] = breakdown.delivered(
                metric, sums, found.whole, frame.days, found.there
            )
        return breakdown.by_day(metric, sums, found.units, frame.days, **how)
    keyed = _reads(frame).keyed(frame, metric, by, _counts(metric, sums, found.there))
    return breakdown.by_key(metric, keyed, found.whole, found.told)


def _reads(frame: Frame) -> ModuleType:
    """Who reads the amounts: cubes, or the records where filters cut across them."""
    return within if frame.within else gather


def _counts(metric: Metric, sums: Sums, there: Attendance) -> gather.Counts | None:
    """Which days make the whole figure, so that its parts add up to it; None: all there are."""
    if metric.shape in WHOLE_DAYS and reads_cases(metric):
        return there.on if there.days or there.since else None
    if reads_cases(metric) or metric.den is None:
        return None
    parts = [part.id for part in (metric.num, metric.den) if part]
    return lambda unit, day: all(day in sums.get((part, unit), ()) for part in parts)


class How(TypedDict):
    """By what the groups of an answer are counted and judged."""

    attendance: Attendance
    seen: frozenset[str]
    judge: Judge

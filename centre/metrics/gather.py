"""The thin edge of evaluation: sums of a metric's parts over a period, from cubes and records.

    [start, end) = edge | whole local days | edge      days from cubes, edges from the records

Today is a whole day too while it goes on, for nothing lies in the future but due times.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from centre.domain.periods import Days, day_start, local_day
from centre.domain.places import City
from centre.domain.scope import Scope
from centre.metrics import sums as sums_
from centre.metrics.coverage import Volumes, usual_days, volumes
from centre.metrics.metric import Metric, Shape
from centre.metrics.sums import Attendance, Sums
from centre.store import queries
from centre.store.parts import Part
from centre.store.past import Past, change_of

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)  # no system of ours is older than its clock

Keyed = dict[tuple[str, str], dict[str, float]]
"""(part, unit) -> value of a dimension -> amount."""

Edge = tuple[datetime, datetime]

Counts = Callable[[str, int], bool]
"""Whether a unit's day (ordinal) is in the figure; None where all that was delivered is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Where and what one evaluation reads: the period ends at `now` at the latest."""

    conn: Connection
    city: City
    scope: Scope
    now: datetime
    start: datetime
    end: datetime
    since: Mapping[str, int] = field(default_factory=dict)  # see facts.beginnings
    within: tuple[tuple[str, str], ...] = ()  # as Question has it; then `within` reads, not this
    past: Past | None = None  # as it was known then; None: now

    @property
    def days(self) -> range:
        """Ordinals of the local days that the period touches."""
        first = local_day(self.start, self.city.tz).toordinal()
        last = local_day(self.end - timedelta(microseconds=1), self.city.tz).toordinal()
        return range(first, last + 1)

    @property
    def is_of_today(self) -> bool:
        """Whether it lies within the running day."""
        return self.days[0] == local_day(self.now, self.city.tz).toordinal()


def split(frame: Frame, part: Part) -> tuple[Days | None, tuple[Edge, ...]]:
    """The whole local days of the period, and what is left of it before and after."""
    zone = frame.city.tz
    end = reach(part, frame.end, frame.now, zone)
    first, last = local_day(frame.start, zone), local_day(end, zone)
    if day_start(first, zone) < frame.start:
        first += timedelta(days=1)
    head, tail = day_start(first, zone), day_start(last, zone)
    if head > tail:  # within one day
        return None, ((frame.start, end),)
    edges = tuple((a, b) for a, b in ((frame.start, head), (tail, end)) if a < b)
    days = Days(first=first, last=last - timedelta(days=1)) if head < tail else None
    return days, edges


def reach(part: Part, end: datetime, now: datetime, zone: ZoneInfo) -> datetime:
    """Until when a part counts: today is a whole day while it goes on, but for due times."""
    if end < now or part.anchor.name == "due_at":
        return end
    return day_start(local_day(now, zone) + timedelta(days=1), zone)


def _alike(
    frame: Frame, parts: Iterable[Part]
) -> Iterator[tuple[list[Part], Days | None, tuple[Edge, ...]]]:
    """The parts, those together whose period splits alike."""
    groups: dict[bool, list[Part]] = defaultdict(list)
    for part in parts:
        groups[part.anchor.name == "due_at"].append(part)
    for some in groups.values():
        yield some, *split(frame, some[0])


def sums(frame: Frame, metric: Metric) -> queries.ByDay:
    """Amounts by day; of a stock or gauge one amount, at the last day."""
    if metric.shape is Shape.GAUGE:
        return _gauge(frame, metric)
    if metric.shape is Shape.STOCK:
        return _stock(frame, metric)
    return flows(frame, metric.parts)


def flows(frame: Frame, parts: Sequence[Part]) -> queries.ByDay:
    """Amounts of some parts in the period, by day."""
    found: queries.ByDay = defaultdict(dict)
    for some, days, edges in _alike(frame, parts):
        if days is not None:
            rows = queries.by_day(frame.conn, some, days, frame.scope, past=frame.past)
            for cell, amounts in rows.items():
                found[cell] |= amounts
        for start, end in edges:
            day = local_day(start, frame.city.tz).toordinal()
            pieces = queries.between(
                frame.conn, some, start, end, scope=frame.scope, past=frame.past
            )
            for (part, unit, _), amount in pieces.items():
                found[part, unit][day] = found[part, unit].get(day, 0.0) + amount
    return dict(found)


def _stock(frame: Frame, metric: Metric) -> queries.ByDay:
    parts = stocked(metric)
    day = frame.days[-1]
    return {cell: {day: amount} for cell, amount in stock_at(frame, parts).items()}


def stock_at(frame: Frame, parts: Sequence[Part]) -> dict[tuple[str, str], float]:
    """(part, unit) -> everything up to the period's end."""
    zone, found = frame.city.tz, dict[tuple[str, str], float]()
    today = frame.end >= frame.now
    until = local_day(frame.end, zone).toordinal() - (0 if today else 1)
    found |= queries.stocks(frame.conn, parts, until, frame.scope, past=frame.past)
    midnight = day_start(local_day(frame.end, zone), zone)
    if not today and midnight < frame.end:
        rows = queries.between(
            frame.conn, parts, midnight, frame.end, scope=frame.scope, past=frame.past
        )
        for (name, unit, _), amount in rows.items():
            found[name, unit] = found.get((name, unit), 0.0) + amount
    return found


def stock_by_day(frame: Frame, metric: Metric) -> queries.ByDay:
    """A stock at the end of each day of the period; of the last day at the period's end."""
    parts = stocked(metric)
    return levels(stock_at(replace(frame, end=frame.start), parts), flows(frame, parts), frame.days)


def levels(
    running: Mapping[tuple[str, str], float], moved: queries.ByDay, days: Sequence[int]
) -> queries.ByDay:
    """What stands at the end of each day: what stood before them, and what moved since. Pure."""
    found: queries.ByDay = {}
    for cell in {*running, *moved}:
        amount, steps = running.get(cell, 0.0), moved.get(cell, {})
        for day in days:
            amount += steps.get(day, 0.0)
            found.setdefault(cell, {})[day] = amount
    return found


def stocked(metric: Metric) -> list[Part]:
    """The parts of a stock: what came, and what went."""
    return [part for part in (metric.num, metric.minus) if part]


def _gauge(frame: Frame, metric: Metric) -> queries.ByDay:
    series, day = metric.series or "", frame.days[-1]
    last = queries.last_readings(
        frame.conn, series, frame.end, frame.scope, at=change_of(frame.past)
    )
    return {(series, unit): {day: one.value} for unit, one in last.items()}


def keyed(frame: Frame, metric: Metric, dim: str, counts: Counts | None = None) -> Keyed:
    """Amounts of the period (of a stock: of all time until its end) by a dimension."""
    if metric.shape is Shape.STOCK:
        parts, frame = stocked(metric), replace(frame, start=BEGINNING)
    else:
        parts = [part for part in (metric.num, metric.den) if part]
    found: Keyed = defaultdict(lambda: defaultdict(float))
    for some, days, edges in _alike(frame, parts):
        if days is not None and counts is None:
            _add_days(found, frame, some, dim, days)
        elif days is not None and counts is not None:
            _add_some_days(found, frame, some, dim, days, counts=counts)
        for edge in edges:
            _add_edge(found, frame, some, dim, edge, counts=counts)
    return found


def _add_days(found: Keyed, frame: Frame, parts: Sequence[Part], dim: str, days: Days) -> None:
    queries.expect(frame.conn, parts, dim, days, past=frame.past)
    for part in parts:
        rows = queries.by_unit_key(frame.conn, part, dim, days, frame.scope, past=frame.past)
        for (unit, key), amount in rows.items():
            found[part.id, unit][key] += amount


def _add_some_days(
    found: Keyed, frame: Frame, parts: Sequence[Part], dim: str, days: Days, *, counts: Counts
) -> None:
    every = range(days.first.toordinal(), days.last.toordinal() + 1)
    queries.expect(frame.conn, parts, dim, days, past=frame.past)
    for part in parts:
        rows = queries.by_key_on_days(frame.conn, part, dim, every, frame.scope, past=frame.past)
        for (unit, key), amounts in rows.items():
            found[part.id, unit][key] += sum(n for day, n in amounts.items() if counts(unit, day))


def _add_edge(
    found: Keyed,
    frame: Frame,
    parts: Sequence[Part],
    dim: str,
    edge: Edge,
    *,
    counts: Counts | None,
) -> None:
    day = local_day(edge[0], frame.city.tz).toordinal()
    pieces = _hours(frame, edge) if dim == "hour" else (("", edge),)
    by = None if dim == "hour" else dim
    for hour, (start, end) in pieces:
        rows = queries.between(
            frame.conn, parts, start, end, scope=frame.scope, by=by, past=frame.past
        )
        for (part, unit, key), amount in rows.items():
            if counts is None or counts(unit, day):
                found[part, unit][hour or key] += amount


def _hours(frame: Frame, edge: Edge) -> Iterator[tuple[str, Edge]]:
    """An edge cut at the local hours; an hour is one of UTC plus the zone's quarter hours."""
    start, end = edge
    while start < end:
        local = start.astimezone(frame.city.tz)
        rest = timedelta(hours=1) - timedelta(
            minutes=local.minute, seconds=local.second, microseconds=local.microsecond
        )
        yield f"{local.hour:02d}", (start, min(start + rest, end))
        start += rest


def seen(frame: Frame, metric: Metric) -> frozenset[str]:
    """The metric's needed part, when it was ever delivered by anybody."""
    if metric.needs is None:
        return frozenset()
    today = local_day(frame.now, frame.city.tz).toordinal()
    amounts = queries.stock(frame.conn, metric.needs, today, frame.scope, past=frame.past)
    return sums_.seen({(metric.needs.id, unit): amount for unit, amount in amounts.items()})


def usual(frame: Frame, metric: Metric, own: Sums, units: Sequence[str]) -> Volumes:
    """The usual volume of each unit before the period's last day; `own`: the period's sums."""
    days = usual_days(local_day(frame.end, frame.city.tz).toordinal())
    span = Days(first=date.fromordinal(days[0]), last=date.fromordinal(days[-1]))
    part = metric.den or metric.num
    flows_ = metric.shape not in {Shape.STOCK, Shape.GAUGE} and part is not None
    sums = own
    if flows_ and part:
        sums = queries.by_day(frame.conn, [part], span, frame.scope, past=frame.past)
    return volumes(metric, sums, units, days, delivered(frame, metric, span))


def delivered(frame: Frame, metric: Metric, span: Days) -> Attendance:
    """Who delivered which past day to its end; what is measured says so itself, day by day."""
    is_case = sums_.reads_cases(metric)
    if not is_case or frame.city.clock == "latest":
        every = frozenset(frame.city.by_code)
        return Attendance(always=every, since=frame.since if is_case else {})
    rows = queries.presence(frame.conn, span, frame.scope, at=change_of(frame.past))
    return Attendance.of(sums_.complete_only(rows, frame.city.tz))


def revised(frame: Frame, metric: Metric) -> queries.Revised:
    """The closed days of the period that late data has changed; a moment has none."""
    if metric.shape in {Shape.STOCK, Shape.GAUGE}:
        return {}
    first, last = date.fromordinal(frame.days[0]), date.fromordinal(frame.days[-1])
    return queries.revised(
        frame.conn, Days(first=first, last=last), frame.scope, at=change_of(frame.past)
    )

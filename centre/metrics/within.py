"""The amounts of a slice: a metric narrowed by values of dimensions, from the records.

What `gather` reads of cubes is read here of the records that the filters leave; one filter over
whole days is still a cube's. Every figure of a drill-down below the first step is made of this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from centre.domain.periods import Days
from centre.domain.places import UNASSIGNED
from centre.metrics.gather import Counts, Frame, Keyed, levels, reach, split, stocked
from centre.metrics.metric import Metric, Shape
from centre.store import queries
from centre.store.parts import DIMS, Part
from centre.store.queries import Slot


def sums(frame: Frame, metric: Metric) -> queries.ByDay:
    """Amounts by day; of a stock one amount, at the last day."""
    if metric.shape is not Shape.STOCK:
        return _flows(frame, metric)
    day = frame.days[-1]
    return {cell: {day: amount} for cell, amount in _stock(frame, metric, frame.end).items()}


def _flows(frame: Frame, metric: Metric) -> queries.ByDay:
    if len(frame.within) > 1 or frame.within[0][0] not in DIMS:
        return _by_day(_read(frame, metric.parts, frame.start))
    found: queries.ByDay = defaultdict(dict)
    for part in dict.fromkeys(metric.parts):
        days, edges = split(frame, part)
        if days is not None:
            found |= _of_cube(frame, part, days)
        for start, end in edges:
            for slot, amount in _read(frame, (part,), start, end=end).items():
                amounts = found[slot.part, slot.unit]
                amounts[slot.day] = amounts.get(slot.day, 0.0) + amount
    return dict(found)


def _of_cube(frame: Frame, part: Part, days: Days) -> queries.ByDay:
    """What whole days hold of one value of a dimension."""
    ((dim, value),) = _filters(frame).items()
    every = range(days.first.toordinal(), days.last.toordinal() + 1)
    return queries.on_days(
        frame.conn, (part,), dim, every, scope=frame.scope, only=value, past=frame.past
    )


def _filters(frame: Frame) -> dict[str, str]:
    """As the store writes them: "" is not said."""
    return {dim: "" if value == UNASSIGNED else value for dim, value in frame.within}


def _stock(frame: Frame, metric: Metric, end: datetime) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = defaultdict(float)
    for slot, amount in _read(frame, stocked(metric), None, end=end).items():
        found[slot.part, slot.unit] += amount
    return found


def stock_by_day(frame: Frame, metric: Metric) -> queries.ByDay:
    """A stock at the end of each day of the period; of the last day at the period's end."""
    moved = _by_day(_read(frame, stocked(metric), frame.start))
    return levels(_stock(frame, metric, frame.start), moved, frame.days)


def keyed(frame: Frame, metric: Metric, dim: str, counts: Counts | None = None) -> Keyed:
    """Amounts of the period (of a stock: of all time until its end) by a dimension."""
    is_stock = metric.shape is Shape.STOCK
    parts = stocked(metric) if is_stock else [one for one in (metric.num, metric.den) if one]
    found: Keyed = defaultdict(lambda: defaultdict(float))
    for slot, amount in _read(frame, parts, None if is_stock else frame.start, by=dim).items():
        if counts is None or counts(slot.unit, slot.day):
            found[slot.part, slot.unit][slot.key] += amount
    return found


def _by_day(slots: Mapping[Slot, float]) -> queries.ByDay:
    found: queries.ByDay = defaultdict(dict)
    for slot, amount in slots.items():
        days = found[slot.part, slot.unit]
        days[slot.day] = days.get(slot.day, 0.0) + amount
    return dict(found)


def _read(
    frame: Frame,
    parts: Iterable[Part],
    start: datetime | None,
    *,
    end: datetime | None = None,
    by: str | None = None,
) -> dict[Slot, float]:
    found: dict[Slot, float] = {}
    for part in dict.fromkeys(parts):
        span = (start, reach(part, end or frame.end, frame.now, frame.city.tz))
        found |= queries.filtered(
            frame.conn,
            (part,),
            _filters(frame),
            span,
            scope=frame.scope,
            zone=frame.city.tz,
            by=by,
            past=frame.past,
        )
    return found

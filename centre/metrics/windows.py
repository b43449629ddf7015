"""Cells of the board: what each metric says now, said a week ago and usually says. Pure.

    count             today so far · last week to this minute · mean of the last four weeks
    rate, mean, a day the 30 complete days that end yesterday · the 30 that ended a week earlier
    stock, gauge      this moment · this minute a week ago

A city's figure is the sum over the units that are there; its week and usual are of the same units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from centre.domain.places import CITY, UNASSIGNED
from centre.domain.status import Freshness
from centre.metrics.facts import WEEK, Facts
from centre.metrics.feeds import Feed, of_days, of_now
from centre.metrics.metric import Metric, Shape
from centre.metrics.sums import Attendance, Pair, Sums, Tally, added, pairs, reads_cases
from centre.snapshots.cells import Address, Cell

ENOUGH = 0.8
"""A comparison needs this share of its days (of a unit) or of its centres (of the city)."""

Seen = frozenset[str]
"""Ids of the parts that were ever delivered."""

Amounts = Mapping[str, float | None]
"""Unit -> what it had then; None: not known."""

Tallies = Mapping[str, Tally]
"""A place of the board ("city", a unit) -> its figure."""

Windows = Iterator[tuple[str, Tallies]]


def cells(facts: Facts, metrics: Mapping[str, Metric]) -> dict[Address, Cell]:
    """All cells of the city, of each unit, and of "unassigned" where there is any."""
    seen = facts.seen
    hidden = () if _is_used(facts) else (UNASSIGNED,)
    made: dict[Address, Cell] = {}
    for metric in metrics.values():
        for name, places in _WINDOWS.get(metric.shape, _of_rate)(facts, metric, seen):
            for place, one in places.items():
                if place not in hidden:
                    made[Address(metric.id, place, name)] = _cell(facts, metric, place, one)
    return made


def _is_used(facts: Facts) -> bool:
    return any(unit == UNASSIGNED for _, unit in (*facts.sums, *facts.stocks))


def _cell(facts: Facts, metric: Metric, place: str, one: Tally) -> Cell:
    feed = _feed(facts, metric, one)
    present, expected = _coverage(facts, metric, place, one)
    return Cell(
        num=one.pair.num if one.pair else None,
        den=one.pair.den if one.pair else None,
        as_of=feed.as_of,
        freshness=feed.freshness,
        present=present,
        expected=expected,
        missing=one.missing,
    )


def _feed(facts: Facts, metric: Metric, one: Tally) -> Feed:
    if one.pair is None:
        return Feed(freshness=Freshness.MISSING)
    units = one.present or one.missing
    if metric.shape in _WINDOWS:
        return of_now(units, facts.feeds_of(metric))
    return of_days(units, facts.feeds_of(metric), facts.day_began_at)


def _coverage(facts: Facts, metric: Metric, place: str, one: Tally) -> tuple[int, int]:
    if place != CITY or not reads_cases(metric):
        present = len([unit for unit in one.present if unit != UNASSIGNED or place == UNASSIGNED])
        return present, present + len(one.missing)
    centres = {unit.code for unit in facts.city.centres}
    present = len(centres.intersection(one.present))
    return present, present + len(centres.intersection(one.missing))


def _over(
    facts: Facts,
    metric: Metric,
    sums: Sums,
    days: Sequence[int],
    *,
    there: Attendance,
    seen: Seen,
) -> dict[str, Tally]:
    """The figure of each unit and, of the same pairs, of the city."""
    found = pairs(metric, sums, facts.units, days, attendance=there, seen=seen)
    places = {unit: added(metric, sums, {unit: one}, days, there) for unit, one in found.items()}
    return {CITY: added(metric, sums, found, days, there), **places}


def here(facts: Facts, metric: Metric, seen: Seen) -> dict[str, Tally]:
    """What is said of today or of this moment.

    Where nobody is there any more, the last that was said stays, as missing: the screen draws it
    small and grey.
    """
    sums, today = _now_sums(facts, metric), (facts.today,)
    places = _over(facts, metric, sums, today, there=facts.there_for(metric), seen=seen)
    if all(one.pair is not None for one in places.values()):
        return places
    by_unit = facts.feeds_of(metric)
    heard = [unit for unit in facts.units if by_unit[unit].freshness is not Freshness.MISSING]
    last = _over(facts, metric, sums, today, there=Attendance(always=frozenset(heard)), seen=seen)
    return {
        place: one if one.pair is not None else _silent(facts, last[place])
        for place, one in places.items()
    }


def _silent(facts: Facts, last: Tally) -> Tally:
    known = {*last.present, *last.missing} - {UNASSIGNED}
    return Tally(pair=last.pair, missing=tuple(unit for unit in facts.units if unit in known))


def _now_sums(facts: Facts, metric: Metric) -> Sums:
    """The sums that make a metric's figure of now: stocks and gauges lie on today."""
    if metric.shape is Shape.STOCK:
        return {cell: {facts.today: amount} for cell, amount in facts.stocks.items()}
    if metric.shape is Shape.GAUGE:
        return {
            cell: {facts.today: now} for cell, (now, _) in facts.gauges.items() if now is not None
        }
    return facts.sums


def _of_count(facts: Facts, metric: Metric, seen: Seen) -> Windows:
    now = here(facts, metric, seen)
    yield "now", now
    part = metric.num.id if metric.num else ""
    yield "week", _compared(now, _means(facts, part, facts.weekdays[:1]))
    yield "usual", _compared(now, _means(facts, part, facts.weekdays))


def _means(facts: Facts, part: str, days: Sequence[int]) -> Amounts:
    return {unit: mean(facts, part, unit, days) for unit in facts.units}


def mean(facts: Facts, part: str, unit: str, days: Sequence[int]) -> float | None:
    """What a unit had by this minute, on average over the weekdays that it delivered."""
    own = [day for day in days if facts.reaches(unit, day)]
    amounts = facts.to_minute.get((part, unit), {})
    return sum(amounts.get(day, 0.0) for day in own) / len(own) if own else None


def _compared(now: Tallies, amounts: Amounts) -> Tallies:
    """The past of the same units that make the figure of now."""
    return {
        place: _enough({unit: amounts[unit] for unit in one.present or one.missing})
        for place, one in now.items()
        if one.pair is not None
    }


def _enough(amounts: Amounts) -> Tally:
    """The sum over those who have it, when they are most of those who are asked."""
    there = {unit: one for unit, one in amounts.items() if one is not None}
    absent = tuple(unit for unit in amounts if unit not in there and unit != UNASSIGNED)
    if not _are_most(tuple(there), absent):
        return Tally(pair=None, missing=absent)
    return Tally(pair=Pair(num=sum(there.values())), present=tuple(there), missing=absent)


def _are_most(there: Sequence[str], absent: Sequence[str]) -> bool:
    named = len([unit for unit in there if unit != UNASSIGNED] or there)
    return named > 0 and named >= ENOUGH * (named + len(absent))


def _of_rate(facts: Facts, metric: Metric, seen: Seen) -> Windows:
    days, there = facts.rate_days, facts.delivered_for(metric)
    now = _over(facts, metric, facts.sums, days, there=there, seen=seen)
    yield "now", now
    before = tuple(day - WEEK for day in days)
    full = Attendance(
        always=frozenset(
            unit
            for unit in now[CITY].present
            if there.count((unit,), before) >= ENOUGH * len(before)
        )
    )
    places = _over(facts, metric, facts.sums, before, there=full, seen=seen)
    yield "week", {place: _alike(one, now[place]) for place, one in places.items()}


def _alike(week: Tally, now: Tally) -> Tally:
    """The past of the units that make the figure of now, when it is that of most of them."""
    absent = tuple(unit for unit in week.missing if unit in now.present)
    return week if _are_most(week.present, absent) else replace(week, pair=None)


def _of_stock(facts: Facts, metric: Metric, seen: Seen) -> Windows:
    now = here(facts, metric, seen)
    yield "now", now
    yield "week", _compared(now, {unit: _week_ago(facts, metric, unit) for unit in facts.units})


def _week_ago(facts: Facts, metric: Metric, unit: str) -> float | None:
    """The stock less what came since: known when every day since was delivered."""
    day, there = facts.today - WEEK, facts.delivered_for(metric)
    if metric.num is None or not all(there.on(unit, one) for one in range(day, facts.today)):
        return None
    minus = _stock_ago(facts, metric.minus.id, unit, day) if metric.minus else 0.0
    return _stock_ago(facts, metric.num.id, unit, day) - minus


def _stock_ago(facts: Facts, part: str, unit: str, day: int) -> float:
    """All until a past day to this minute; where the part has no hours, until that day's end."""
    amounts = facts.sums.get((part, unit), {})
    since = sum(amounts.get(one, 0.0) for one in range(day + 1, facts.today + 1))
    stock = facts.stocks.get((part, unit), 0.0) - since
    if part not in facts.timed:
        return stock
    return stock - amounts.get(day, 0.0) + facts.to_minute.get((part, unit), {}).get(day, 0.0)


def _of_gauge(facts: Facts, metric: Metric, seen: Seen) -> Windows:
    now, series = here(facts, metric, seen), metric.series or ""
    yield "now", now
    before = {unit: facts.gauges.get((series, unit), (None, None))[1] for unit in facts.units}
    yield "week", _compared(now, before)


_WINDOWS: Mapping[Shape, Callable[[Facts, Metric, Seen], Windows]] = {
    Shape.COUNT: _of_count,
    Shape.STOCK: _of_stock,
    Shape.GAUGE: _of_gauge,
}

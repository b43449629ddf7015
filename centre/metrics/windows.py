"""Cells of the board: what each metric says now, said a week ago and usually says. Pure.

    count             today so far · last week to this minute · mean of the last four weeks
    rate, mean, a day the 30 complete days that end yesterday · the 30 that ended a week earlier
    stock, gauge      this moment · this minute a week ago

A city's figure is the sum over the units that are there; its week and usual are of the same units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from centre.domain.periods import day_start
from centre.domain.places import CITY, UNASSIGNED
from centre.domain.status import Freshness
from centre.metrics.facts import WEEK, Facts
from centre.metrics.feeds import Feed, of_days, of_now
from centre.metrics.metric import Metric, Shape
from centre.metrics.sums import Attendance, Pair, Sums, Tally, delivered, reads_cases, tally
from centre.snapshots.cells import Address, Cell

ENOUGH = 0.8
"""A comparison needs this share of its days (of a unit) or of its centres (of the city)."""

Window = tuple[str, Tally]


def cells(facts: Facts, metrics: Mapping[str, Metric]) -> dict[Address, Cell]:
    """All cells of the city, of each unit, and of "unassigned" where there is any."""
    seen = delivered(facts.sums)
    shown = [unit for unit in facts.units if unit != UNASSIGNED or _is_used(facts)]
    made: dict[Address, Cell] = {}
    for metric in metrics.values():
        window = _WINDOWS.get(metric.shape, _of_rate)
        for place in (CITY, *shown):
            units = facts.units if place == CITY else (place,)
            for name, one in window(facts, metric, units, seen):
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
    from_day = facts.moment(facts.today).date()
    return of_days(units, facts.feeds_of(metric), day_start(from_day, facts.city.tz))


def _coverage(facts: Facts, metric: Metric, place: str, one: Tally) -> tuple[int, int]:
    if place != CITY or not reads_cases(metric):
        present = len([unit for unit in one.present if unit != UNASSIGNED or place == UNASSIGNED])
        return present, present + len(one.missing)
    centres = {unit.code for unit in facts.city.centres}
    present = len(centres.intersection(one.present))
    return present, present + len(centres.intersection(one.missing))


def here(facts: Facts, metric: Metric, units: Sequence[str], seen: frozenset[str]) -> Tally:
    """What is said of today or of this moment.

    When nobody is there any more, the last that was said stays, as missing: the screen draws it
    small and grey.
    """
    sums = now_sums(facts, metric)
    there = Attendance(always=facts.there_for(metric))
    one = tally(metric, sums, units, (facts.today,), attendance=there, seen=seen)
    if one.pair is not None:
        return one
    by_unit = facts.feeds_of(metric)
    known = frozenset(u for u in units if by_unit[u].freshness is not Freshness.MISSING)
    last = tally(
        metric, sums, units, (facts.today,), attendance=Attendance(always=known), seen=seen
    )
    missing = tuple(unit for unit in units if unit in {*last.present, *last.missing})
    return Tally(pair=last.pair, missing=tuple(u for u in missing if u != UNASSIGNED))


def now_sums(facts: Facts, metric: Metric) -> Sums:
    """The sums that make a metric's figure of now: stocks and gauges lie on today."""
    if metric.shape is Shape.STOCK:
        return {cell: {facts.today: amount} for cell, amount in facts.stocks.items()}
    if metric.shape is Shape.GAUGE:
        return {
            cell: {facts.today: now} for cell, (now, _) in facts.gauges.items() if now is not None
        }
    return facts.sums


def _of_count(
    facts: Facts, metric: Metric, units: Sequence[str], seen: frozenset[str]
) -> Iterator[Window]:
    now = here(facts, metric, units, seen)
    yield "now", now
    if metric.num is None or now.pair is None:
        return
    part, compared = metric.num.id, now.present or now.missing
    yield "week", past(facts, part, compared, facts.weekdays[:1])
    yield "usual", past(facts, part, compared, facts.weekdays)


def past(facts: Facts, part: str, units: Sequence[str], days: Sequence[int]) -> Tally:
    """The mean over some past days to this minute, unit by unit over the days it delivered."""
    means = {unit: _mean(facts, part, unit, days) for unit in units}
    return _enough(means, lambda total: Pair(num=total))


def _mean(facts: Facts, part: str, unit: str, days: Sequence[int]) -> float | None:
    own = [day for day in days if facts.reaches(unit, day)]
    amounts = facts.to_minute.get((part, unit), {})
    return sum(amounts.get(day, 0.0) for day in own) / len(own) if own else None


def _enough(amounts: Mapping[str, float | None], made: Callable[[float], Pair]) -> Tally:
    """The sum over those who have it, when they are most of those who are asked."""
    there = {unit: one for unit, one in amounts.items() if one is not None}
    absent = tuple(unit for unit in amounts if unit not in there and unit != UNASSIGNED)
    named = [unit for unit in there if unit != UNASSIGNED] or list(there)
    if len(named) < ENOUGH * (len(named) + len(absent)) or not named:
        return Tally(pair=None, missing=absent)
    return Tally(pair=made(sum(there.values())), present=tuple(there), missing=absent)


def _of_rate(
    facts: Facts, metric: Metric, units: Sequence[str], seen: frozenset[str]
) -> Iterator[Window]:
    days = facts.rate_days
    yield (
        "now",
        tally(metric, facts.sums, units, days, attendance=facts.delivered_for(metric), seen=seen),
    )
    before = tuple(day - WEEK for day in days)
    yield "week", _whole(facts, metric, units, before, seen)


def _whole(
    facts: Facts, metric: Metric, units: Sequence[str], days: Sequence[int], seen: frozenset[str]
) -> Tally:
    """A past figure of the units that delivered most of its days, if they are most of the units."""
    there = facts.delivered_for(metric)
    full = frozenset(
        unit for unit in units if sum(there.on(unit, day) for day in days) >= ENOUGH * len(days)
    )
    one = tally(metric, facts.sums, units, days, attendance=Attendance(always=full), seen=seen)
    named = [unit for unit in one.present if unit != UNASSIGNED] or list(one.present)
    is_enough = len(named) >= ENOUGH * (len(named) + len(one.missing))
    return one if is_enough else Tally(pair=None, missing=one.missing)


def _of_stock(
    facts: Facts, metric: Metric, units: Sequence[str], seen: frozenset[str]
) -> Iterator[Window]:
    now = here(facts, metric, units, seen)
    yield "now", now
    if now.pair is None:
        return
    compared = now.present or now.missing
    yield "week", _enough({u: _week_ago(facts, metric, u) for u in compared}, _count)


def _count(total: float) -> Pair:
    return Pair(num=total)


def _week_ago(facts: Facts, metric: Metric, unit: str) -> float | None:
    """The stock less what came since: known when every day since was delivered."""
    day = facts.today - WEEK
    days = range(day, facts.today)
    if not all(facts.delivered_for(metric).on(unit, one) for one in days):
        return None
    minus = _stock_ago(facts, metric.minus.id, unit, day) if metric.minus else 0.0
    return _stock_ago(facts, metric.num.id, unit, day) - minus if metric.num else None


def _stock_ago(facts: Facts, part: str, unit: str, day: int) -> float:
    """All until a past day to this minute; where the part has no hours, until that day's end."""
    amounts = facts.sums.get((part, unit), {})
    since = sum(amounts.get(one, 0.0) for one in range(day + 1, facts.today + 1))
    stock = facts.stocks.get((part, unit), 0.0) - since
    if part not in facts.timed:
        return stock
    return stock - amounts.get(day, 0.0) + facts.to_minute.get((part, unit), {}).get(day, 0.0)


def _of_gauge(
    facts: Facts, metric: Metric, units: Sequence[str], seen: frozenset[str]
) -> Iterator[Window]:
    now = here(facts, metric, units, seen)
    yield "now", now
    compared = now.present or now.missing
    series = metric.series or ""
    before = {unit: facts.gauges.get((series, unit), (None, None))[1] for unit in compared}
    yield "week", _enough(before, _count)


_WINDOWS: Mapping[
    Shape, Callable[[Facts, Metric, Sequence[str], frozenset[str]], Iterator[Window]]
] = {Shape.COUNT: _of_count, Shape.STOCK: _of_stock, Shape.GAUGE: _of_gauge}

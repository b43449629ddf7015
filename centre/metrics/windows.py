"""Cells of the board: what each metric says now, said a week ago and usually says. Pure.

    count             today so far · last week to this minute · mean of the last four weeks
    rate, mean, a day the 30 complete days that end yesterday · the 30 that ended a week earlier
    stock, gauge      this moment · this minute a week ago

A city's figure is the sum over the units that are there. A comparison is of units present in both:
where some of those of now were not there then, "week_now" and "usual_now" are now without them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from centre.domain.places import CITY, UNASSIGNED
from centre.domain.status import Freshness
from centre.metrics.compared import (
    ENOUGH,
    Amounts,
    Day,
    Tallies,
    Window,
    Windows,
    alike,
    compared,
    now_of,
)
from centre.metrics.coverage import Volumes, cover, late, usual_days, volumes
from centre.metrics.facts import WEEK, Facts
from centre.metrics.feeds import Feed, of_days, of_now
from centre.metrics.metric import Metric, Shape
from centre.metrics.questions import Coverage
from centre.metrics.sums import Attendance, Sums, Tally, added, pairs
from centre.snapshots.cells import Address, Cell

Seen = frozenset[str]
"""Ids of the parts that were ever delivered."""


def cells(facts: Facts, metrics: Mapping[str, Metric]) -> dict[Address, Cell]:
    """All cells of the city, of each unit, and of "unassigned" where there is any."""
    seen = facts.seen
    hidden = () if _is_used(facts) else (UNASSIGNED,)
    made: dict[Address, Cell] = {}
    for metric in metrics.values():
        for name, days, places in _WINDOWS.get(metric.shape, _of_rate)(facts, metric, seen):
            behind = late(metric, facts.revised, days)
            for place, one in places.items():
                if place not in hidden:
                    is_late = not behind.isdisjoint(one.present)
                    made[Address(metric.id, place, name)] = _cell(
                        facts, metric, place, one, is_late
                    )
    return made


def _is_used(facts: Facts) -> bool:
    return any(unit == UNASSIGNED for _, unit in (*facts.sums, *facts.stocks))


def _cell(facts: Facts, metric: Metric, place: str, one: Tally, is_late: bool) -> Cell:
    feed, there = _feed(facts, metric, one), covered(facts, metric, place, one)
    pair = None if there.withheld else one.pair
    return Cell(
        num=pair.num if pair else None,
        den=pair.den if pair else None,
        as_of=feed.as_of,
        event_at=feed.event_at,
        received_at=feed.received_at,
        freshness=feed.freshness,
        present=there.present,
        expected=there.expected,
        missing=there.missing,
        usual_share=there.usual_share,
        withheld=there.withheld,
        revised=is_late and pair is not None,
    )


def covered(facts: Facts, metric: Metric, place: str, one: Tally) -> Coverage:
    """How complete a figure of the board is."""
    usual = usual_of(facts, metric) if one.present and (one.missing or one.partly) else {}
    return cover(facts.city, metric, place, one, usual)


def usual_of(facts: Facts, metric: Metric) -> Volumes:
    """The usual volume of each unit in a metric."""
    there = facts.everybody if metric.id in facts.measured else facts.complete
    days = usual_days(facts.today)
    return volumes(metric, _now_sums(facts, metric), facts.units, days, there)


def _feed(facts: Facts, metric: Metric, one: Tally) -> Feed:
    if one.pair is None:
        return Feed(freshness=Freshness.MISSING)
    units = one.present or one.missing
    if metric.shape in _WINDOWS:
        return of_now(units, facts.feeds_of(metric))
    return of_days(units, facts.feeds_of(metric), facts.day_began_at)


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
    yield Window("now", (facts.today,), now)
    part = metric.num.id if metric.num else ""
    for name, days in (("week", facts.weekdays[:1]), ("usual", facts.weekdays)):
        yield from _both(facts, metric, name, now, _means(facts, part, days), days=days)


def _both(
    facts: Facts,
    metric: Metric,
    name: str,
    now: Tallies,
    amounts: Amounts,
    *,
    days: Sequence[int] = (),
) -> Windows:
    """The past of the units of now, and now of those of them that have such a past."""
    past = compared(now, amounts)
    yield Window(name, days, past)
    sums, today = _now_sums(facts, metric), (facts.today,)
    yield from now_of(metric, name, now, past, Day(sums, today, facts.there_for(metric)))


def _means(facts: Facts, part: str, days: Sequence[int]) -> Amounts:
    return {unit: mean(facts, part, unit, days) for unit in facts.units}


def mean(facts: Facts, part: str, unit: str, days: Sequence[int]) -> float | None:
    """What a unit had by this minute, on average over the weekdays that it delivered."""
    own = [day for day in days if facts.reaches(unit, day)]
    amounts = facts.to_minute.get((part, unit), {})
    return sum(amounts.get(day, 0.0) for day in own) / len(own) if own else None


def _of_rate(facts: Facts, metric: Metric, seen: Seen) -> Windows:
    days, there = facts.rate_days, facts.delivered_for(metric)
    now = _over(facts, metric, facts.sums, days, there=there, seen=seen)
    yield Window("now", days, now)
    before = tuple(day - WEEK for day in days)
    full = Attendance(
        always=frozenset(
            unit
            for unit in now[CITY].present
            if there.count((unit,), before) >= ENOUGH * len(before)
        )
    )
    places = _over(facts, metric, facts.sums, before, there=full, seen=seen)
    past = {place: alike(one, now[place]) for place, one in places.items()}
    yield Window("week", before, past)
    yield from now_of(metric, "week", now, past, Day(facts.sums, days, there))


def _of_stock(facts: Facts, metric: Metric, seen: Seen) -> Windows:
    now = here(facts, metric, seen)
    yield Window("now", (), now)
    before = {unit: _week_ago(facts, metric, unit) for unit in facts.units}
    yield from _both(facts, metric, "week", now, before)


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
    yield Window("now", (), now)
    before = {unit: facts.gauges.get((series, unit), (None, None))[1] for unit in facts.units}
    yield from _both(facts, metric, "week", now, before)


_WINDOWS: Mapping[Shape, Callable[[Facts, Metric, Seen], Windows]] = {
    Shape.COUNT: _of_count,
    Shape.STOCK: _of_stock,
    Shape.GAUGE: _of_gauge,
}

"""Comparisons: of the units that are present now and were present then, and of nobody else. Pure.

week, usual             then, of those units of now that have such a past
week_now, usual_now     now, of the same units; only where they are fewer than those of now
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from centre.domain.places import CITY, UNASSIGNED
from centre.metrics.metric import Metric
from centre.metrics.sums import Attendance, Pair, Sums, Tally, added

ENOUGH = 0.8
"""A comparison needs this share of its days (of a unit) or of its centres (of the city)."""

Amounts = Mapping[str, float | None]
"""Unit -> what it had then; None: not known."""

Tallies = Mapping[str, Tally]
"""A place of the board ("city", a unit) -> its figure."""


class Window(NamedTuple):
    """One window of a metric: its figures, and the days that they are of."""

    name: str
    days: Sequence[int]
    places: Tallies


Windows = Iterator[Window]


class Day(NamedTuple):
    """Of what a figure of now is made."""

    sums: Sums
    days: Sequence[int]
    there: Attendance


def compared(now: Tallies, amounts: Amounts) -> Tallies:
    """The past of the same units that make the figure of now."""
    return {
        place: _enough({unit: amounts[unit] for unit in one.present or one.missing}, one)
        for place, one in now.items()
        if one.pair is not None
    }


def _enough(amounts: Amounts, now: Tally) -> Tally:
    """The sum over those who have it, when they are most of those who are asked.

    Who is missing now is missing from the comparison too.
    """
    there = {unit: one for unit, one in amounts.items() if one is not None}
    absent = tuple(unit for unit in amounts if unit not in there and unit != UNASSIGNED)
    gone = {*absent, *(now.missing if now.present else ())}
    missing = tuple(unit for unit in (*now.present, *now.missing) if unit in gone)
    if not are_most(tuple(there), absent):
        return Tally(pair=None, missing=missing)
    return Tally(pair=Pair(num=sum(there.values())), present=tuple(there), missing=missing)


def are_most(there: Sequence[str], absent: Sequence[str]) -> bool:
    named = len([unit for unit in there if unit != UNASSIGNED] or there)
    return named > 0 and named >= ENOUGH * (named + len(absent))


def alike(week: Tally, now: Tally) -> Tally:
    """The past of the units that make the figure of now, when it is that of most of them."""
    absent = tuple(unit for unit in week.missing if unit in now.present)
    return week if are_most(week.present, absent) else replace(week, pair=None)


def now_of(metric: Metric, name: str, now: Tallies, past: Tallies, of: Day) -> Windows:
    """The city's figure of now over the units of its past, where these are fewer."""
    whole, then = now[CITY], past.get(CITY)
    if then is None or then.pair is None or not whole.present or whole.present == then.present:
        return
    same = {unit: now[unit].pair for unit in then.present}
    one = added(metric, of.sums, same, of.days, of.there)
    tally = replace(one, missing=then.missing)
    yield Window(f"{name}_now", of.days, {CITY: tally})

"""What will lapse at the present pace, from how the cases of the last four weeks went.

An open case with d working days left lapses as often as those that fell due lately and were still
open with d working days left:

    expected lapses = sum over open cases of (lately lapsed ÷ lately still open with as much left)
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, inf

from sqlalchemy import Connection

from centre.domain.places import City
from centre.domain.scope import Scope
from centre.domain.workdays import calendar
from centre.store.queries.closings import Closing, closings

DAYS = 5
"""Working days ahead."""

BASIS_DAYS = 28
"""Calendar days back: four of each weekday."""

LEAST = 30
"""Cases to go by, at least: below it a share says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """Open cases that fall due on one of the next working days.

    `lapses`: how many of them are expected to lapse; None: too few cases to go by.
    """

    day: int  # 1: within one working day …
    open: int
    lapses: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The next working days, and how many cases of the past they are judged by."""

    days: tuple[Ahead, ...]
    basis: int

    @property
    def open(self) -> int:
        """Open cases that fall due in these days."""
        return sum(one.open for one in self.days)

    @property
    def lapses(self) -> float | None:
        """How many of them are expected to lapse; None where that is not known of some."""
        known = [one.lapses for one in self.days if one.lapses is not None]
        return sum(known) if len(known) == len(self.days) else None


CLOCKS = tuple(f"{what}_{day}" for what in ("ahead", "expected") for day in ("all", *range(1, 6)))
"""What a figure can be of a forecast: open cases ahead and expected lapses, by day and in all."""


def amount(found: Forecast, clock: str) -> float | None:
    """The number of one of CLOCKS."""
    what, _, day = clock.partition("_")
    one = found if day == "all" else found.days[int(day) - 1]
    return one.open if what == "ahead" else one.lapses


def forecast(ahead: Iterable[float], past: Iterable[float]) -> Forecast:
    """The forecast from working days left: of open cases now, of past ones when they closed.

    Of a past case that closed too late they are negative; -inf: it is still open. Pure.
    """
    ended = sorted(past)
    by_day: dict[int, list[float]] = {day: [] for day in range(1, DAYS + 1)}
    for left in ahead:
        if 0 <= left <= DAYS:
            by_day[max(1, ceil(left))].append(left)
    days = tuple(
        Ahead(day=day, open=len(lefts), lapses=_lapses(lefts, ended))
        for day, lefts in by_day.items()
    )
    return Forecast(days=days, basis=len(ended))


def _lapses(lefts: Iterable[float], ended: Sequence[float]) -> float | None:
    chances = [chance(left, ended) for left in lefts]
    known = [one for one in chances if one is not None]
    return sum(known) if len(known) == len(chances) else None


def chance(left: float, ended: Sequence[float]) -> float | None:
    """How likely a case with so much left lapses; `ended` ascending. None: too few to go by."""
    lapsed, still_open = bisect_left(ended, 0.0), bisect_left(ended, left)
    if still_open < LEAST:
        return None
    return min(lapsed / still_open, 1.0)


def of_unit(
    conn: Connection, city: City, unit: str, now: datetime, scope: Scope, *, at: int | None = None
) -> Forecast:
    """The forecast of a unit's appeals; two reads of what falls due around now."""
    book = calendar(city.calendar)
    until = book.add_workdays(now, DAYS, city.tz)
    found = closings(conn, unit, now - timedelta(days=BASIS_DAYS), until, scope, now=now, at=at)
    return forecast(
        [_left(one.due_at, now, city) for one in found if one.due_at >= now and _is_open(one, now)],
        [_left_at_end(one, now, city) for one in found if one.due_at < now],
    )


def _is_open(one: Closing, now: datetime) -> bool:
    return one.closed_at is None or one.closed_at > now


def _left(due_at: datetime, at: datetime, city: City) -> float:
    return calendar(city.calendar).workdays_between(at, due_at, city.tz)


def _left_at_end(one: Closing, now: datetime, city: City) -> float:
    if one.closed_at is None or one.closed_at > now:
        return -inf
    if one.closed_at > one.due_at:  # a night may have no working time: late is late
        return -1.0
    return _left(one.due_at, one.closed_at, city)

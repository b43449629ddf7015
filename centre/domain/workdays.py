"""Working days of a country: which days they are, when n of them are over, how many have passed.

A working day is 24 hours of local wall clock, midnight to midnight, and counts 1; any other day
counts nothing. So Friday 10:00 to Monday 10:00 is one working day, as the city's bulletins count.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

WorkdaysOfYear = Callable[[int], tuple[int, ...]]
"""year -> ordinals of its working days, ascending."""

_KNOWN_YEARS = range(1970, 2101)  # beyond, only week-ends are free: holidays has no data

_PUBLISHED = {
    # 国务院办公厅关于2026年部分节假日安排的通知, November 2025; the next comes in autumn 2026
    # and is taken over by raising this year together with the version of the holidays package.
    "CN": 2026,
}
"""Last year whose adjusted week-ends are published; other countries are never provisional."""

GRAIN = 2**-20
"""Of a working day, a tenth of a second: in whole grains sums of durations are exact in any order,
and what is added and taken away again leaves no noise (a power of two; up to 8 thousand million
days)."""


def grained(workdays: float) -> float:
    """A duration in whole grains."""
    return round(workdays / GRAIN) * GRAIN


class UnknownCalendar(ValueError):
    """A country that the holidays package does not know."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days of one country. `last_published` None: its rules need no yearly notice."""

    workdays: WorkdaysOfYear
    last_published: int | None = None

    def is_workday(self, day: date) -> bool:
        """Say whether people work on this day, adjusted week-ends included."""
        days, ordinal = self.workdays(day.year), day.toordinal()
        at = bisect_left(days, ordinal)
        return at < len(days) and days[at] == ordinal

    def is_provisional(self, year: int) -> bool:
        """Say whether the year's notice is still to come, so that due times in it may move."""
        return self.last_published is not None and year > self.last_published

    def add_workdays(self, instant: datetime, count: int, zone: ZoneInfo) -> datetime:
        """The same local time `count` working days later, in UTC.

        What begins on a free day begins with the next working day, at midnight.
        """
        local = instant.astimezone(zone)
        due, moved = days_on(self.workdays, local.toordinal(), count)
        clock = time() if moved else local.time()
        return datetime.combine(date.fromordinal(due), clock, zone).astimezone(UTC)

    def workdays_between(self, start: datetime, end: datetime, zone: ZoneInfo) -> float:
        """Working days from start to end, with fractions; negative when end is earlier."""
        if end < start:
            return -self.workdays_between(end, start, zone)
        first, last = start.astimezone(zone), end.astimezone(zone)
        whole = days_within(self.workdays, first.toordinal(), last.toordinal())
        return whole + self._share(last) - self._share(first)

    def _share(self, local: datetime) -> float:
        """How much of its day has passed, 0 on a free day."""
        if not self.is_workday(local):
            return 0.0
        wall = timedelta(
            hours=local.hour,
            minutes=local.minute,
            seconds=local.second,
            microseconds=local.microsecond,
        )
        return wall / timedelta(days=1)


@lru_cache(maxsize=64)
def calendar(country: str) -> Calendar:
    """The calendar of a country by its code ("CN", "US"); UnknownCalendar when there is none."""
    if country not in holidays.list_supported_countries(include_aliases=True):
        raise UnknownCalendar(f'"{country}" is not a country code of the holidays package')
    return Calendar(
        workdays=lru_cache(maxsize=256)(lambda year: _workdays(country, year)),
        last_published=_PUBLISHED.get(country),
    )


def _workdays(country: str, year: int) -> tuple[int, ...]:
    first = date(year, 1, 1).toordinal()
    length = 366 if (year % 4 == 0 and year % 100 != 0) or year % 400 == 0 else 365
    days = range(first, first + length)
    if year not in _KNOWN_YEARS:
        return tuple(day for day in days if day % 7 not in (6, 0))  # ordinal 1 was a Monday
    book = holidays.country_holidays(country, years=year)
    return tuple(day for day in days if book.is_working_day(date.fromordinal(day)))


@lru_cache(maxsize=50_000)
def days_on(workdays: WorkdaysOfYear, day: int, count: int) -> tuple[int, bool]:
    """(ordinal of the day `count` days that count later, whether the start had to move)."""
    year = date.fromordinal(day).year
    days = workdays(year)
    at = bisect_left(days, day)
    moved = at == len(days) or days[at] != day
    at += count
    while at >= len(days):
        at -= len(days)
        year += 1
        days = workdays(year)
    return days[at], moved


@lru_cache(maxsize=50_000)
def days_within(workdays: WorkdaysOfYear, first: int, last: int) -> int:
    """Days that count in [first, last), by ordinals."""
    start, end = date.fromordinal(first).year, date.fromordinal(last).year
    before = bisect_left(workdays(start), first)
    within = sum(len(workdays(year)) for year in range(start, end))
    return within + bisect_left(workdays(end), last) - before

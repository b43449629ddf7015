"""Working days of the simulated offices, and how busy a day is compared with the mean day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from centre.domain.periods import day_start
from centre.domain.workdays import calendar

Times = NDArray[np.int64]
"""Microseconds since 1970, UTC."""

Amounts = NDArray[np.float64]

_OPENS_US = 9 * 3_600_000_000  # offices work from nine …
_WORK_US = 8 * 3_600_000_000  # … for eight hours; the noon break does not matter here
_MARGIN_DAYS = 400  # beyond the year on both sides, so that no life leaves the table
_SMOOTH_DAYS = 35  # the days a first start fills in: their mean is the promised mean


def stamp(day: date, zone: ZoneInfo) -> int:
    """The first instant of a local day."""
    return round(day_start(day, zone).timestamp()) * 1_000_000


@dataclass(frozen=True, eq=False, kw_only=True)
class Almanac:
    """Working days around one year. `before[i]`: working days ahead of day `first + i`."""

    first: int  # ordinal
    midnights: Times
    is_working: NDArray[np.bool_]
    before: NDArray[np.int64]
    working: NDArray[np.int64]  # index of the k-th working day
    levels: Amounts

    def level(self, day: date) -> float:
        """How many cases come on a day, as a multiple of the mean day."""
        return float(self.levels[day.toordinal() - self.first])

    def to_work(self, times: Times) -> Amounts:
        """Instants on the offices' clock, in working days; nights and holidays take no time."""
        index = np.searchsorted(self.midnights, times, side="right") - 1
        share = (times - self.midnights[index] - _OPENS_US) / _WORK_US
        today = np.where(self.is_working[index], np.clip(share, 0.0, 1.0), 0.0)
        return np.asarray(self.before[index] + today, dtype=np.float64)

    def to_wall(self, work: Amounts) -> Times:
        """The instant at which the offices' clock shows `work`."""
        whole = np.floor(work).astype(np.int64)
        opened = self.midnights[self.working[whole]] + _OPENS_US
        return np.asarray(opened + ((work - whole) * _WORK_US).astype(np.int64), dtype=np.int64)


@lru_cache(maxsize=8)
def almanac(country: str, zone: ZoneInfo, year: int) -> Almanac:
    """The almanac for days of `year`; about 30 ms, once a year and zone."""
    first = date(year, 1, 1).toordinal() - _MARGIN_DAYS
    days = [date.fromordinal(first + i) for i in range(366 + 2 * _MARGIN_DAYS)]
    book = calendar(country)
    is_working = np.array([book.is_workday(day) for day in days])
    before = np.concatenate(([0], np.cumsum(is_working)[:-1]))
    return Almanac(
        first=first,
        midnights=np.array([stamp(day, zone) for day in days]),
        is_working=is_working,
        before=before,
        working=np.flatnonzero(is_working),
        levels=_levels(np.array([day.weekday() for day in days]), is_working),
    )


def _levels(weekday: NDArray[np.int64], is_working: NDArray[np.bool_]) -> Amounts:
    """Mondays are heavy, weekends light, holidays lightest; any five weeks sum to five weeks."""
    raw = np.array([1.13, 1.09, 1.06, 1.05, 1.03, 0.86, 0.78])[weekday]
    raw = np.where(is_working, np.maximum(raw, 1.0), raw)
    raw = np.where(~is_working & (weekday < 5), 0.70, raw)
    smooth = np.convolve(raw, np.full(_SMOOTH_DAYS, 1 / _SMOOTH_DAYS), mode="same")
    return np.asarray(raw / smooth, dtype=np.float64)

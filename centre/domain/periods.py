"""Days and hours of the city's zone; the only place beside the screen that knows the zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

RATE_DAYS = 30
"""A rate is the 30 complete days that end yesterday."""

HISTORY_DAYS = 35
"""What a first start fills in: today, 30 days, and a week to compare with, less two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Whole local days, `first` inclusive to `last` inclusive."""

    first: date
    last: date

    def __len__(self) -> int:
        return (self.last - self.first).days + 1


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The local calendar day of an instant."""
    return instant.astimezone(zone).date()


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def complete_days(now: datetime, zone: ZoneInfo, count: int = RATE_DAYS) -> Days:
    """The `count` complete local days that end yesterday."""
    yesterday = local_day(now, zone) - timedelta(days=1)
    return Days(first=yesterday - timedelta(days=count - 1), last=yesterday)


def bucket(instant: datetime, zone: ZoneInfo) -> tuple[int, int]:
    """(ordinal of the local day, local hour 0..23) of an instant; cached by quarter hour."""
    return _bucket(int(instant.timestamp() // 900), zone)


@lru_cache(maxsize=200_000)
def _bucket(quarter: int, zone: ZoneInfo) -> tuple[int, int]:
    local = datetime.fromtimestamp(quarter * 900, zone)
    return local.toordinal(), local.hour


_DURATION_EDGES = (0.25, 0.5, 1, 2, 4, 8, 16, 24, 48, 96, 192, 384, 768)
"""Hours; each bucket doubles, so that a quantile is right to within a factor of two."""


def duration_bucket(received: datetime, closed: datetime) -> str:
    """The log-bucket of a duration: the upper edge in hours ("48"), or "inf"."""
    hours = (closed - received).total_seconds() / 3600
    return next((f"{edge:g}" for edge in _DURATION_EDGES if hours <= edge), "inf")


YEARS = range(1970, 2200)
"""A time in a URL lies in one of these years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadTime(ValueError):
    """A time in a URL that cannot be read; says the text and what is expected."""

    text: str

    def __str__(self) -> str:
        forms = "neither a date (2026-06-16) nor a time with offset (ISO 8601)"
        return f'"{self.text}" is {forms} from {YEARS[0]} to {YEARS[-1]}'


def parse_instant(text: str, zone: ZoneInfo) -> datetime:
    """Read ISO 8601 with offset, or a plain date as that day's start in the city's zone."""
    try:
        if len(text) == len("2026-06-16"):
            return _within(day_start(date.fromisoformat(text), zone), zone)
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is None:
            raise BadTime(text=text)
        return _within(instant.astimezone(UTC), zone)
    except (ValueError, OverflowError) as error:
        raise BadTime(text=text) from error


def _within(instant: datetime, zone: ZoneInfo) -> datetime:
    """The instant; ValueError outside of YEARS: nothing there is ours, and calendars end."""
    year = instant.astimezone(zone).year
    if year not in YEARS:
        raise ValueError(year)
    return instant

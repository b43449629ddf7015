"""Which time counts: some hours of some days, by the wall clock or by the instant.

A timetable is a clock that runs in its open hours and rests in between. What is used up runs only
while it is open, so `after` gives the first running instant beyond a length: a case closed at or
before it has used no more than its length, whenever the free time in between ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from centre.domain.workdays import WorkdaysOfYear, calendar, days_on, days_within

Span = tuple[int, int]
"""From and to, in microseconds after the local midnight; `to` exclusive."""

MICROSECOND = timedelta(microseconds=1)
DAY = 86_400_000_000
WHOLE_DAY: tuple[Span, ...] = ((0, DAY),)


@dataclass(frozen=True, slots=True)
class Timetable:
    """Open `spans` of the days that count, by the wall clock of a zone."""

    days: WorkdaysOfYear
    spans: tuple[Span, ...]
    zone: ZoneInfo

    @property
    def per_day(self) -> int:
        """Microseconds of a day that counts."""
        return sum(end - start for start, end in self.spans)

    def passed(self, start: datetime, end: datetime) -> timedelta:
        """What of [start, end) counts; nothing when end is earlier."""
        first, last = start.astimezone(self.zone), end.astimezone(self.zone)
        if end <= start:
            return timedelta(0)
        days = days_within(self.days, first.toordinal(), last.toordinal())
        total = days * self.per_day + self._into(last) - self._into(first)
        return max(total, 0) * MICROSECOND  # an hour that comes twice is not less than none

    def after(self, start: datetime, length: timedelta) -> datetime:
        """The first running instant at which `length` has passed since start, in UTC."""
        local = start.astimezone(self.zone)
        day, moved = days_on(self.days, local.toordinal(), 0)
        used = 0 if moved else self._into(local)
        whole, rest = divmod(used + length // MICROSECOND, self.per_day)
        day, _ = days_on(self.days, day, whole)
        midnight = datetime.combine(date.fromordinal(day), time())
        opened = midnight + self._at(rest) * MICROSECOND
        return opened.replace(tzinfo=self.zone).astimezone(UTC)

    def _into(self, local: datetime) -> int:
        """How much of its day has counted by now; 0 on a free day."""
        if days_on(self.days, local.toordinal(), 0)[1]:
            return 0
        clock = ((local.hour * 60 + local.minute) * 60 + local.second) * 1_000_000
        now = clock + local.microsecond
        return sum(min(max(now - start, 0), end - start) for start, end in self.spans)

    def _at(self, used: int) -> int:
        """Microseconds after midnight when so much of the day has counted; the day is not over."""
        for start, end in self.spans:
            if used < end - start:
                return start + used
            used -= end - start
        raise AssertionError("a day has no more than its spans")


def working_days(country: str, zone: ZoneInfo) -> Timetable:
    """Working days from midnight to midnight: Friday 10:00 to Monday 10:00 is one."""
    return Timetable(calendar(country).workdays, WHOLE_DAY, zone)


def working_hours(country: str, zone: ZoneInfo, office: tuple[Span, ...]) -> Timetable:
    """The office hours of working days."""
    return Timetable(calendar(country).workdays, office, zone)


def calendar_days(zone: ZoneInfo) -> Timetable:
    """Every day by the wall clock: the same local time, whatever the clocks do in between."""
    return Timetable(_every_day, WHOLE_DAY, zone)


def calendar_hours() -> Timetable:
    """Every hour, as long as it is."""
    return Timetable(_every_day, WHOLE_DAY, ZoneInfo("UTC"))


@lru_cache(maxsize=256)
def _every_day(year: int) -> tuple[int, ...]:
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    return tuple(range(first, last + 1))

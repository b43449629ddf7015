"""Which notes are on the data of an answer: of the whole, and of each of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from centre.domain.notes import Note, touching
from centre.domain.periods import day_start
from centre.domain.places import CITY, City
from centre.metrics.questions import Group, Value

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What was known to be said of the data of a city. `units_of`: source -> its unit, or None."""

    notes: Sequence[Note]
    city: City
    units_of: Mapping[str, str | None]

    def on(self, unit: str, start: datetime, end: datetime) -> tuple[Note, ...]:
        """Of the figure of a unit, or of the city, over [start, end)."""
        if not self.notes:
            return ()
        units = tuple(self.city.by_code) if unit == CITY else (unit,)
        return touching(self.notes, units, start, end, units_of=self.units_of)

    def on_row(self, found: Value, by: str | None, row: Group) -> tuple[Note, ...]:
        """Of one row of an answer: of its unit, its day, its hour; else as of the whole."""
        if by == "unit":
            return self.on(row.key, found.start, found.end)
        if by == "day":
            return self.on(found.unit, *self._day(found, date.fromisoformat(row.key)))
        whole = self.on(found.unit, found.start, found.end)
        if by != "hour" or not row.key.isdecimal():
            return whole
        return tuple(one for one in whole if self._is_of_hour(one, found, int(row.key)))

    def _day(self, found: Value, day: date) -> tuple[datetime, datetime]:
        start, end = (day_start(one, self.city.tz) for one in (day, day + _DAY))
        return max(start, found.start), min(end, found.end)

    def _is_of_hour(self, one: Note, found: Value, hour: int) -> bool:
        """Whether its time has a part of this local hour on any day of the answer."""
        start, end = max(one.start, found.start), min(one.end or found.end, found.end)
        if end - start >= _DAY:
            return True
        at = start.astimezone(self.city.tz).replace(minute=0, second=0, microsecond=0)
        while at < end:
            if at.hour == hour:
                return True
            at += _HOUR
        return False

"""A living simulation of a city's ticket systems: pure in seed, source and time.

The first call brings today, the next ones what has happened since, and one earlier day each until
the history is full. A cursor says all of it, so a stopped collector goes on without gap or double.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from centre.domain.periods import HISTORY_DAYS, day_start, local_day
from centre.domain.places import City
from centre.domain.sources import SourceConfig
from centre.domain.times import microseconds
from datasources import listing
from datasources.simulation.calendar import stamp
from datasources.simulation.municipal import mailboxes, readings
from datasources.simulation.rows import Row, day_of
from datasources.simulation.setting import CONNECTION_KEYS, setting
from datasources.simulation.world import World
from datasources.source import Batch, Surroundings, Unavailable, foreign_cursor

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a source stands: all until `live` is delivered for the cases of `filled` and later."""

    start: date  # the first day of its world
    first: date  # the day of the first fetch
    filled: date  # the earliest day that is delivered
    live: datetime
    mailboxes: bool  # whether they are delivered

    @classmethod
    def read(cls, cursor: Mapping[str, Any]) -> _Place:
        """Read a cursor of ours."""
        return cls(
            start=date.fromisoformat(cursor["start"]),
            first=date.fromisoformat(cursor["first"]),
            filled=date.fromisoformat(cursor["filled"]),
            live=datetime.fromisoformat(cursor["live"]),
            mailboxes=cursor["mailboxes"],
        )

    @property
    def is_full(self) -> bool:
        """Whether all of its history is delivered."""
        return self.filled <= self.start

    def batch(self, found: Sequence[Row], day: date, *, more: bool = False) -> Batch:
        """A batch that brings us here and completes a day until `live`."""
        return Batch(
            rows=found,
            cursor={
                "start": self.start.isoformat(),
                "first": self.first.isoformat(),
                "filled": self.filled.isoformat(),
                "live": self.live.isoformat(),
                "mailboxes": self.mailboxes,
            },
            watermark=self.live,
            days=(day.isoformat(),),
            filled=(self.first - self.filled).days + 1,
            total=(self.first - self.start).days + 1,
            more=more or not self.is_full,
        )


class Simulated:
    """One simulated source."""

    adapter: ClassVar[str] = "simulated"
    connection_keys: ClassVar[Mapping[str, str]] = CONNECTION_KEYS

    def __init__(self, config: SourceConfig, around: Surroundings) -> None:
        self._config, self._setting = config, setting(config, around.city)
        self._city = around.city
        self._world = World(self._setting)
        outage = config.connection.get("outage_file")
        self._outage = Path(outage) if outage else None

    def fetch(self, cursor: Mapping[str, Any] | None, now: datetime) -> Iterator[Batch]:
        """Yield today on the first call; then what is new, and one day of history."""
        if self._outage is not None and self._outage.exists():
            raise Unavailable(f"{self._setting.source} does not answer ({self._outage} exists)")
        now = now.astimezone(UTC)
        if cursor is None:
            yield self._today(now)
            return
        place = self._place(cursor)
        for batch in self._catch_up(place, now):
            yield batch
            place = _Place.read(batch.cursor)
        if not place.mailboxes:
            place = replace(place, mailboxes=True)
            yield place.batch(mailboxes(self._setting), self._day(place.live))
        if not place.is_full:
            yield self._earlier(place)

    def settle(self, cursor: Mapping[str, Any]) -> None:
        """Nothing waits for us."""

    def counts(self, days: Collection[date]) -> Mapping[date, int]:
        """Count the cases that are received on these days."""
        start = self._setting.start
        lived = (day for day in days if start is None or day >= start)
        counted = {day: len(self._world.arrivals(day)) for day in lived}
        return {day: count for day, count in counted.items() if count}

    def keys(self, day: date, until: datetime) -> Mapping[str, int | None]:
        """List the cases of a day as they stood at `until`."""
        found = self.rows(day, until)
        return listing.newest(found, self._config, self._city, day, until)

    def rows(self, day: date, until: datetime) -> Iterator[Row]:
        """Yield the cases of a day as they stood at `until`."""
        start = self._setting.start
        if start is None or day >= start:
            yield from self._world.received(day, microseconds(until))

    def find(self, keys: Collection[str], until: datetime) -> Iterator[Row]:
        """Yield these cases; their numbers say the day, which never changes."""
        days = {day for key in keys if (day := day_of(self._setting, key)) is not None}
        found = (row for day in sorted(days) for row in self.rows(day, until))
        return listing.of_cases(found, self._config, frozenset(keys))

    def _place(self, cursor: Mapping[str, Any]) -> _Place:
        if set(cursor) != {one.name for one in fields(_Place)}:
            raise foreign_cursor(self._config, cursor)
        return _Place.read(cursor)

    def _day(self, instant: datetime) -> date:
        return local_day(instant, self._setting.zone)

    def _today(self, now: datetime) -> Batch:
        """All cases since midnight: what a first wall shows."""
        today = self._day(now)
        start = min(self._setting.start or today - timedelta(days=HISTORY_DAYS - 1), today)
        has_mailboxes = self._setting.municipal
        place = _Place(
            start=start, first=today, filled=today, live=now, mailboxes=not has_mailboxes
        )
        return place.batch(self._received(place, today), today, more=has_mailboxes)

    def _earlier(self, place: _Place) -> Batch:
        """The day before the earliest one, as it stands at `live`."""
        day = place.filled - timedelta(days=1)
        return replace(place, filled=day).batch(self._received(place, day), day)

    def _received(self, place: _Place, day: date) -> list[Row]:
        at, before = microseconds(place.live), stamp(day, self._setting.zone) - 1
        found = self._world.received(day, at)
        return found + readings(self._setting, day, place.start, before, at)

    def _catch_up(self, place: _Place, now: datetime) -> Iterator[Batch]:
        """What happened in (live, now], a local day at a time; an empty batch is news too."""
        if now < place.live:  # the clock was set back: nothing new until it has caught up
            return
        day, today = self._day(place.live), self._day(now)
        while day <= today:
            next_day = day + timedelta(days=1)
            until = min(now, day_start(next_day, self._setting.zone) - _MICROSECOND)
            found = self._happened(place, day, until)
            place = replace(place, live=until)
            yield place.batch(found, day, more=day < today)
            day = next_day

    def _happened(self, place: _Place, day: date, until: datetime) -> list[Row]:
        after, at = microseconds(place.live), microseconds(until)
        found = self._world.changed(day, place.filled, after, at)
        yesterday = day - timedelta(days=1)  # its last five minutes end at midnight
        for of in (yesterday, day) if yesterday >= place.filled else (day,):
            found += readings(self._setting, of, place.start, after, at)
        return found


def arrivals(
    config: SourceConfig, city: City, start: datetime, end: datetime
) -> list[tuple[str, datetime]]:
    """(case number, when it is received) in [start, end], by time: past and future alike."""
    world = World(setting(config, city))
    first, last = microseconds(start), microseconds(end)
    day, final = local_day(start, world.setting.zone), local_day(end, world.setting.zone)
    found: list[tuple[str, datetime]] = []
    while day <= final:
        found += [
            (key, _EPOCH + timedelta(microseconds=time))
            for key, time in world.arrivals(day)
            if first <= time <= last
        ]
        day += timedelta(days=1)
    return found


def keys(config: SourceConfig, city: City, start: datetime, end: datetime) -> list[str]:
    """The numbers of all cases that a source receives in [start, end]."""
    return [key for key, _ in arrivals(config, city, start, end)]

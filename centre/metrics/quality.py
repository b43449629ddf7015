"""The quality of what sources and units deliver over 30 days, from ledger, presence and late data.

punctual   1 − late seconds ÷ seconds since the ledger of the source began; sums over sums
complete   days delivered to their end ÷ days since the first that was ever delivered
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from centre.domain.periods import RATE_DAYS, Days, day_start, local_day
from centre.domain.places import City
from centre.domain.scope import Scope
from centre.snapshots.cells import SourceState
from centre.store import ledger, queries, reconciled
from centre.store.ledger import Entry
from centre.store.queries.quality import heard_by_source, ledger_since
from centre.store.reconciled import Compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of a source or unit. None: not known, which is not 0.

    `late` of `seconds` are of time; `is_complete` None: it runs, or nobody promised it.
    """

    day: date
    late: float | None = None
    seconds: float | None = None
    is_complete: bool | None = None
    is_revised: bool = False
    entry: Entry | None = None
    compared: Compared | None = None

    @property
    def punctual(self) -> float | None:
        """The share of its time in which data was no older than 1.5 promises."""
        return None if self.late is None or not self.seconds else 1 - self.late / self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """30 days of a source (its id) or of a unit (its code)."""

    id: str
    days: tuple[Day, ...]

    @property
    def punctual(self) -> float | None:
        """Of all days together."""
        known = [one for one in self.days if one.late is not None and one.seconds]
        whole = sum(one.seconds or 0.0 for one in known)
        return 1 - sum(one.late or 0.0 for one in known) / whole if whole else None

    @property
    def complete(self) -> tuple[int, int]:
        """Days delivered, of days expected."""
        known = [one.is_complete for one in self.days if one.is_complete is not None]
        return sum(known), len(known)

    @property
    def alike(self) -> tuple[int, int]:
        """Days that agree with the source, of days compared."""
        known = [one.compared for one in self.days if one.compared]
        return sum(not one.difference for one in known), len(known)

    @property
    def revised(self) -> int:
        """Closed days that late data has changed."""
        return sum(one.is_revised for one in self.days)

    def count(self, name: str) -> int | None:
        """The sum of a count of the ledger; None when the ledger knows nothing of these days."""
        known = [one for one in self.days if one.late is not None or one.entry]
        return sum(getattr(one.entry, name) for one in known if one.entry) if known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """All that /quality tells."""

    days: Days
    sources: tuple[Line, ...]
    units: tuple[Line, ...]


def quality(
    conn: Connection,
    city: City,
    states: Sequence[SourceState],
    scope: Scope,
    now: datetime,
) -> Quality:
    """Of the sources `states`, and of the units in the scope; the last day is today."""
    today = local_day(now, city.tz)
    days = Days(first=today - timedelta(days=RATE_DAYS - 1), last=today)
    revised = _by_unit(queries.revised(conn, days, scope))
    clock = _Clock(city=city, now=now, days=tuple(_each(days)))
    sources = tuple(_sources(conn, clock, states, days, revised))
    alone, heard = _alone(states, sources), queries.presence(conn, days, scope)
    units = tuple(
        Line(
            id=code,
            days=clock.unit(heard.get(code, {}), revised.get(code, set()), alone.get(code)),
        )
        for code in city.by_code
        if scope.allows_unit(code)
    )
    return Quality(days=days, sources=sources, units=units)


def _by_unit(late: queries.Revised) -> dict[str, set[int]]:
    """Unit -> its closed days that late data changed in any part."""
    found: dict[str, set[int]] = {}
    for (_, unit), some in late.items():
        found.setdefault(unit, set()).update(some)
    return found


def _sources(
    conn: Connection,
    clock: _Clock,
    states: Sequence[SourceState],
    days: Days,
    revised: Mapping[str, set[int]],
) -> Iterator[Line]:
    entries = {(one.source, one.day): one for one in ledger.read(conn, days.first, days.last)}
    since, heard = ledger_since(conn), heard_by_source(conn, days)
    compared = reconciled.read(conn, days.first, days.last)
    for one in states:
        told = clock.source(
            one,
            entries=entries,
            since=since.get(one.id),
            heard=heard.get(one.id, {}),
            revised=revised.get(one.unit or "", set()),
            compared=compared.get(one.id, {}),
        )
        yield Line(id=one.id, days=told)


def _alone(states: Sequence[SourceState], lines: Sequence[Line]) -> Mapping[str, Line]:
    """Unit -> its source, where one answers for it and for no other: its counts are the unit's."""
    units = Counter(one.unit for one in states)
    return {
        one.unit: line
        for one, line in zip(states, lines, strict=True)
        if one.unit is not None and units[one.unit] == 1
    }


def _each(days: Days) -> Iterable[date]:
    return (days.first + timedelta(days=back) for back in range(len(days)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clock:
    """Judges days by the city's clock."""

    city: City
    now: datetime
    days: tuple[date, ...]

    def source(
        self,
        one: SourceState,
        *,
        entries: Mapping[tuple[str, int], Entry],
        since: int | None,
        heard: Mapping[int, datetime],
        revised: set[int],
        compared: Mapping[int, Compared],
    ) -> tuple[Day, ...]:
        """The days of a source; before its ledger began nobody knows how punctual it was."""
        running = dict(self._running(one))
        is_timed = self.city.clock == "now" and since is not None
        made = []
        for day in self.days:
            number = day.toordinal()
            entry = entries.get((one.id, number))
            missed = (entry.missed_seconds if entry else 0.0) + running.get(day, 0.0)
            is_known = is_timed and since is not None and number >= since
            made.append(
                Day(
                    day=day,
                    late=missed if is_known else None,
                    seconds=self._seconds(day) if is_known else None,
                    is_complete=self._is_complete(day, heard),
                    is_revised=number in revised,
                    entry=entry,
                    compared=compared.get(number),
                )
            )
        return tuple(made)

    def unit(
        self, heard: Mapping[int, datetime], revised: set[int], alone: Line | None
    ) -> tuple[Day, ...]:
        """The days of a unit; how punctual it was and what it sent where one source tells it."""
        blank = tuple(Day(day=day) for day in self.days)
        return tuple(
            replace(
                one,
                is_complete=self._is_complete(one.day, heard),
                is_revised=one.day.toordinal() in revised,
                compared=None,
            )
            for one in (alone.days if alone else blank)
        )

    def _running(self, one: SourceState) -> Iterable[tuple[date, float]]:
        """The late time since its last answer, which no delivery has entered yet."""
        if one.as_of is None:
            return ()
        start = ledger.late_since(one.as_of, one.succeeded_at, one.interval_seconds)
        return ledger.by_day(start, self.now, self.city.tz)

    def _seconds(self, day: date) -> float:
        """Of a day so far."""
        return (min(self._end(day), self.now) - day_start(day, self.city.tz)).total_seconds()

    def _end(self, day: date) -> datetime:
        return day_start(day + timedelta(days=1), self.city.tz)

    def _is_complete(self, day: date, heard: Mapping[int, datetime]) -> bool | None:
        if self._end(day) > self.now or not heard or day.toordinal() < min(heard):
            return None
        until = heard.get(day.toordinal())
        return until is not None and until >= self._end(day)

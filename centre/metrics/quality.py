"""The quality of what sources and units deliver over 30 days, from ledger, presence and late data.

Asked at a change it is what was known then; how late a source was is judged by the clock of then.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from centre.domain.periods import RATE_DAYS, Days, day_start, local_day
from centre.domain.places import City
from centre.domain.scope import Scope
from centre.metrics.quality_lines import Day, Line, Quality
from centre.snapshots.cells import SourceState
from centre.store import ledger, ledger_past, queries, reconciled, sources
from centre.store.ledger import Entry
from centre.store.ledger_past import Stretch
from centre.store.queries.quality import heard_by_source, ledger_since
from centre.store.reconciled import Compared
from centre.store.sources import SourceRow


def quality(
    conn: Connection,
    city: City,
    states: Sequence[SourceState],
    scope: Scope,
    now: datetime,
    *,
    at: int | None = None,
) -> Quality:
    """Of the sources `states`, and of the units in the scope; the last day is today.

    `at`: as was known at this change, with `now` and `states` of then.
    """
    today = local_day(now, city.tz)
    days = Days(first=today - timedelta(days=RATE_DAYS - 1), last=today)
    revised = _by_unit(queries.revised(conn, days, scope, at=at))
    clock = _clock(conn, city, now, days)
    lines = tuple(_sources(conn, clock, states, days, revised, at=at))
    alone, heard = _alone(states, lines), queries.presence(conn, days, scope, at=at)
    units = tuple(
        Line(
            id=code,
            days=clock.unit(heard.get(code, {}), revised.get(code, set()), alone.get(code)),
        )
        for code in city.by_code
        if scope.allows_unit(code)
    )
    is_whole = scope.units is None
    return Quality(days=days, sources=lines, units=units, seq=at or 0, is_whole=is_whole)


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
    *,
    at: int | None,
) -> Iterator[Line]:
    since, heard = ledger_since(conn, at=at), heard_by_source(conn, days, at=at)
    entries = {
        (one.source, one.day): one
        for one in ledger.read(conn, days.first, days.last, at=at)
        if one.source in since
    }
    compared = reconciled.read(conn, days.first, days.last, at=at)
    for one in states:
        told = clock.source(
            one,
            entries=entries,
            since=since.get(one.id),
            heard=heard.get(one.id, {}),
            revised=revised.get(one.unit or "", set()),
            compared=compared.get(one.id, {}),
        )
        yield Line(id=one.id, days=told, has_units=one.unit is not None)


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


def _clock(conn: Connection, city: City, now: datetime, days: Days) -> _Clock:
    return _Clock(
        city=city,
        now=now,
        days=tuple(_each(days)),
        rows={one.id: one for one in sources.states(conn)},
        later=ledger_past.late_after(conn, now),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clock:
    """Judges days by the city's clock."""

    city: City
    now: datetime
    days: tuple[date, ...]
    rows: Mapping[str, SourceRow] = field(default_factory=dict)  # the sources as they are
    later: Mapping[str, Sequence[Stretch]] = field(default_factory=dict)  # late time after `now`

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
        running = self._running(one)
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

    def _running(self, one: SourceState) -> Mapping[date, float]:
        """The late time since its last answer, which no delivery has entered yet.

        Less what has been entered of the time after `now`: below 0 where a day went on since.
        """
        found: defaultdict[date, float] = defaultdict(float)
        for start, end in self.later.get(one.id, ()):
            for day, seconds in ledger.by_day(start, end, self.city.tz):
                found[day] -= seconds
        row = self.rows.get(one.id)
        until = (row.watermark or row.succeeded_at) if row else None
        if row is None or until is None:
            return found
        start = ledger.late_since(until, row.succeeded_at, one.interval_seconds)
        for day, seconds in ledger.by_day(start, self.now, self.city.tz):
            found[day] += seconds
        return found

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

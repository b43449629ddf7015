"""Reads at a moment: what no whole day holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select
from sqlalchemy import case as when

from centre.domain.periods import Days
from centre.domain.scope import Scope
from centre.store.history import as_of, since
from centre.store.queries.scoping import allowed
from centre.store.tables import case, reading
from centre.store.tables import presence as heard


class Due(NamedTuple):
    """Open cases of a unit by clock; `dated` of them have a due time."""

    open: int
    lapses_today: int
    overdue: int
    dated: int


class Last(NamedTuple):
    """The last readings of a unit: their sum, and the oldest of their moments."""

    value: float
    at: datetime


def received_between(
    conn: Connection,
    start: datetime,
    end: datetime,
    scope: Scope,
    kind: str | None = "appeal",
    *,
    at: int | None = None,
) -> dict[str, int]:
    """{unit: cases received in [start, end)}, exact; of every kind with kind None.

    Answered by the index alone: 0.7 µs a case, so it is for part days; whole days are in cubes.
    """
    statement = select(case.c.unit, func.count()).where(
        case.c.received_at >= start, case.c.received_at < end, *allowed(case, scope)
    )
    if kind is not None:
        statement = statement.where(case.c.kind == kind)
    counted: dict[str, int] = defaultdict(int)
    for sign, row in _counts(conn, statement.group_by(case.c.unit), at):
        counted[row[0]] += sign * row[1]
    return {unit: count for unit, count in counted.items() if count}


def dues(
    conn: Connection,
    now: datetime,
    day_end: datetime,
    scope: Scope,
    kind: str | None = "appeal",
    *,
    at: int | None = None,
    received_until: datetime | None = None,
) -> dict[str, Due]:
    """{unit: cases open at `now` by clock}; reads the indexes of open and of later closed cases.

    `received_until`: without those received later, where `now` is a moment of the past.

    What is due before `now` is overdue; what is due from then up to and at `day_end` lapses
    today: after that midnight it is late. Where the data is finished, `now` lies before much of
    it: a case closed after that was still open.
    """
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    # Both wrapped, or SQLite walks every case by another index instead of the few closed later.
    unit, received_at = (func.coalesce(one, one) for one in (case.c.unit, case.c.received_at))
    closed_later = and_(case.c.closed_at > now, received_at <= now)
    for by, was_open in ((case.c.unit, case.c.closed_at.is_(None)), (unit, closed_later)):
        statement = _by_clock(by, now, day_end).where(was_open, *allowed(case, scope))
        if kind is not None:
            statement = statement.where(case.c.kind == kind)
        if received_until is not None:
            statement = statement.where(received_at <= received_until)
        for sign, row in _counts(conn, statement, at):
            found[row[0]] = [a + sign * b for a, b in zip(found[row[0]], row[1:], strict=True)]
    return {unit: Due(*counts) for unit, counts in found.items() if counts[0]}


def _counts(
    conn: Connection, statement: Select[Any], at: int | None
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Rows of a statement that counts cases, to be added (1) or taken away (-1)."""
    signed = [(1, statement)]
    if at is not None:
        newer, then = since(statement, case, at)
        signed += [(-1, newer), (1, then)]
    for sign, one in signed:
        yield from ((sign, tuple(row)) for row in conn.execute(one))


def _by_clock(unit: ColumnElement[Any], now: datetime, day_end: datetime) -> Select[Any]:
    lapses = and_(case.c.due_at >= now, case.c.due_at <= day_end)
    counts = (when((lapses, 1)), when((case.c.due_at < now, 1)), case.c.due_at)
    return select(unit, func.count(), *map(func.count, counts)).group_by(unit)


def last_readings(
    conn: Connection, series: str, moment: datetime, scope: Scope, *, at: int | None = None
) -> dict[str, Last]:
    """{unit: the last reading at or before a moment}, summed over its accounts and sources."""
    identity = (reading.c.source, reading.c.unit, reading.c.key)
    newest = (
        select(*identity, func.max(reading.c.at).label("at"))
        .where(reading.c.series == series, reading.c.at <= moment, *allowed(reading, scope))
        .group_by(*identity)
        .subquery()
    )
    same = [reading.c[name] == newest.c[name] for name in ("source", "unit", "key", "at")]
    rows = select(reading.c.unit, func.sum(reading.c.value), func.min(reading.c.at)).join(
        newest, and_(reading.c.series == series, *same)
    )
    found = conn.execute(as_of(rows.group_by(reading.c.unit), at))
    return {unit: Last(value, oldest) for unit, value, oldest in found}


def presence(
    conn: Connection, days: Days, scope: Scope, *, at: int | None = None
) -> dict[str, dict[int, datetime]]:
    """{unit: {ordinal day: complete until}}; a day that is absent was never delivered.

    Where several sources speak for a unit, the one that is furthest behind counts. With `at`, a day
    that was not complete then is as far as it came before it was, if ever: bound it by the source.
    """
    span = heard.c.day.between(days.first.toordinal(), days.last.toordinal())
    statement = (
        select(heard.c.unit, heard.c.day, func.min(heard.c.until))
        .where(span, *allowed(heard, scope))
        .group_by(heard.c.unit, heard.c.day)
    )
    found: dict[str, dict[int, datetime]] = defaultdict(dict)
    for unit, day, until in conn.execute(as_of(statement, at)):
        found[unit][day] = until
    return dict(found)

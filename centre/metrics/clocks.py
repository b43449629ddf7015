"""Open cases by clock, from the records: units whose cases have no due times are not at 0."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from centre.domain.periods import day_start, local_day
from centre.domain.places import City
from centre.domain.scope import Scope
from centre.metrics.families.timeliness import DUE
from centre.snapshots.cells import Due
from centre.store import queries


def dues(
    conn: Connection,
    city: City,
    now: datetime,
    scope: Scope,
    *,
    seen: Iterable[tuple[str, str]],
    at: int | None = None,
) -> dict[str, Due]:
    """Unit -> its open cases. `seen`: (part, unit) of what happened in the last weeks.

    A unit has due times when an open case has one, or when any fell due lately.
    """
    dated = {unit for part, unit in seen if part == DUE.id}
    day_end = day_start(local_day(now, city.tz) + timedelta(days=1), city.tz)
    return {
        unit: _due(one, is_dated=one.dated > 0 or unit in dated)
        for unit, one in queries.dues(conn, now, day_end, scope, at=at).items()
    }


def _due(one: queries.Due, *, is_dated: bool) -> Due:
    return Due(
        open=one.open,
        lapses_today=one.lapses_today if is_dated else None,
        overdue=one.overdue if is_dated else None,
    )


def together(some: Iterable[Due]) -> Due:
    """Of a city: the sums of what is known."""
    every = list(some)
    return Due(
        open=sum(one.open for one in every),
        lapses_today=_sum(one.lapses_today for one in every),
        overdue=_sum(one.overdue for one in every),
    )


def _sum(counts: Iterable[int | None]) -> int | None:
    known = [one for one in counts if one is not None]
    return sum(known) if known else None

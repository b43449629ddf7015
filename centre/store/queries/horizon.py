"""How far the records reach: where sources begin, and the clock of a city that is finished."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, func, select

from centre.domain.scope import Scope
from centre.store.history import as_of
from centre.store.queries.scoping import allowed
from centre.store.tables import case, reading


def first_case_at(
    conn: Connection,
    scope: Scope,
    *,
    unit: str | None = None,
    but: Collection[str] = (),
    at: int | None = None,
) -> datetime | None:
    """When the oldest case of a unit, or of all units `but` some, was received; None without one.

    Cost: the beginning of an index.
    """
    own = [case.c.unit == unit] if unit is not None else [case.c.unit.not_in(sorted(but))]
    oldest = select(func.min(case.c.received_at)).where(*own, *allowed(case, scope))
    found: datetime | None = conn.scalar(as_of(oldest, at))
    return found


def last_record_at(conn: Connection, scope: Scope, *, at: int | None = None) -> datetime | None:
    """When the newest case was received or the newest reading taken; None while there is none.

    A case's later stages do not count: a ticket closed years later does not move the city's today.
    Cost: the end of an index for cases; readings only where there is no case.
    """
    newest: datetime | None = conn.scalar(
        as_of(select(func.max(case.c.received_at)).where(*allowed(case, scope)), at)
    )
    if newest is None:
        last = select(func.max(reading.c.at)).where(*allowed(reading, scope))
        newest = conn.scalar(as_of(last, at))
    return newest

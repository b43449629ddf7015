"""How far the records reach: the clock of a city whose data is finished."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from centre.domain.scope import Scope
from centre.store.queries.scoping import allowed
from centre.store.tables import case, reading


def last_record_at(conn: Connection, scope: Scope) -> datetime | None:
    """When the newest case was received or the newest reading taken; None while there is none.

    A case's later stages do not count: a ticket closed years later does not move the city's today.
    Cost: the end of an index for cases; readings only where there is no case.
    """
    newest: datetime | None = conn.scalar(
        select(func.max(case.c.received_at)).where(*allowed(case, scope))
    )
    if newest is None:
        newest = conn.scalar(select(func.max(reading.c.at)).where(*allowed(reading, scope)))
    return newest

"""When cases fell due and when they were closed: what a forecast is made of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, or_, select

from centre.domain.scope import Scope
from centre.store.history import as_of
from centre.store.queries.scoping import allowed
from centre.store.tables import case
from centre.store.types import micros

NEAR = timedelta(days=21)
"""What closed longer before its due time says nothing of the last working days: no five of them
and no holidays are longer."""


class Closing(NamedTuple):
    """The due time of a case, and when it was closed (None: open)."""

    due_at: datetime
    closed_at: datetime | None


def closings(
    conn: Connection,
    unit: str,
    start: datetime,
    end: datetime,
    scope: Scope,
    *,
    now: datetime,
    kind: str = "appeal",
    at: int | None = None,
) -> tuple[Closing, ...]:
    """The cases of a unit that fall due in [start, end] and closed less than NEAR before, or not.

    What is received after `now` (of finished data) is not known yet.
    """
    early = micros(case.c.due_at) - micros(case.c.closed_at) > NEAR / timedelta(microseconds=1)
    statement = select(case.c.due_at, case.c.closed_at).where(
        case.c.unit == unit,
        case.c.due_at.between(start, end),
        case.c.kind == kind,
        case.c.received_at <= now,
        or_(case.c.closed_at.is_(None), ~early),
        *allowed(case, scope),
    )
    return tuple(Closing(*row) for row in conn.execute(as_of(statement, at)))

"""Reads of what sources handed in: who changed what is known last."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select

from centre.store.tables import change, delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """One delivery that changed something; kind "write", or "replay" of refused rows."""

    change: int
    at: datetime
    source: str
    kind: str
    sent: int
    stored: int
    duplicate: int
    rejected: int


def deliveries(
    conn: Connection, sources: Collection[str], until: int, limit: int
) -> tuple[Handed, ...]:
    """The last deliveries of some sources at or before a change that stored or refused anything."""
    own = [column for column in delivery.columns if column.name not in ("change", "at")]
    statement = (
        select(delivery.c.change, delivery.c.at, change.c.kind, *own)
        .join(change, change.c.change == delivery.c.change)
        .where(
            delivery.c.source.in_(sorted(sources)),
            delivery.c.change <= until,
            or_(delivery.c.stored > 0, delivery.c.rejected > 0),
        )
        .order_by(delivery.c.change.desc())
        .limit(limit)
    )
    return tuple(Handed(**row._mapping) for row in conn.execute(statement))

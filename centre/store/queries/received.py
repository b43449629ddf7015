"""How many cases of a source were received on a day, and which of some are stored."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from centre.domain.periods import day_start
from centre.store.tables import case

_CHUNK = 500  # keys of one query


def received_on(conn: Connection, source: str, day: date, zone: ZoneInfo) -> int:
    """The stored cases of a source that were received on a local day."""
    start, end = day_start(day, zone), day_start(day + timedelta(days=1), zone)
    span = (case.c.received_at >= start, case.c.received_at < end)
    counted = select(func.count()).select_from(case).where(*span, case.c.source == source)
    return conn.scalar(counted) or 0


def stored(conn: Connection, source: str, keys: Collection[str]) -> frozenset[str]:
    """Those of some case numbers that a source has stored."""
    wanted, found = list(keys), set[str]()
    for start in range(0, len(wanted), _CHUNK):
        some = case.c.key.in_(wanted[start : start + _CHUNK])
        found.update(conn.scalars(select(case.c.key).where(case.c.source == source, some)))
    return frozenset(found)

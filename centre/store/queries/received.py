"""How many cases of a source were received on a day, and which of some are stored."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, func, select

from centre.domain.periods import day_start
from centre.store.tables import case

_CHUNK = 500  # keys of one query


def received_on(conn: Connection, source: str, day: date, zone: ZoneInfo) -> int:
    """The stored cases of a source that were received on a local day."""
    counted = select(func.count()).select_from(case).where(*_on(source, day, zone))
    return conn.scalar(counted) or 0


def keys_on(conn: Connection, source: str, day: date, zone: ZoneInfo) -> set[str]:
    """The numbers of these cases."""
    return set(conn.scalars(select(case.c.key).where(*_on(source, day, zone))))


def _on(source: str, day: date, zone: ZoneInfo) -> tuple[ColumnElement[bool], ...]:
    start, end = day_start(day, zone), day_start(day + timedelta(days=1), zone)
    return case.c.received_at >= start, case.c.received_at < end, case.c.source == source


def stored(conn: Connection, source: str, keys: Collection[str]) -> frozenset[str]:
    """Those of some case numbers that a source has stored."""
    return frozenset(versions(conn, source, keys))


def versions(conn: Connection, source: str, keys: Collection[str]) -> dict[str, int]:
    """{number: source_version} of those of some cases that a source has stored."""
    own = select(case.c.key, case.c.source_version).where(case.c.source == source)
    return {row.key: row.source_version for row in _among(conn, own, keys)}


def _among(conn: Connection, statement: Select[Any], keys: Collection[str]) -> Iterator[Any]:
    wanted = list(keys)
    for start in range(0, len(wanted), _CHUNK):
        some = case.c.key.in_(wanted[start : start + _CHUNK])
        yield from conn.execute(statement.where(some))

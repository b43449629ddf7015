"""The pauses of cases, a row each, by the version of the case to which they belong.

A version is a source, a key and the change since which it was so; its pauses are never changed, so
that those of a past version are found as those of the current one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    Select,
    String,
    Table,
    select,
    tuple_,
)
from sqlalchemy.sql.expression import ClauseElement

from centre.domain.records import Case, Pause, Record
from centre.store import bulk
from centre.store.tables import metadata
from centre.store.types import UtcDateTime

case_pause = Table(
    "case_pause",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("key", String(128), primary_key=True),
    Column("change", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 0, by beginning
    Column("reason", String(16), nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    sqlite_with_rowid=False,
)

Name = tuple[str, str, int]
"""(source, key, change): a version of a case."""

_CHUNK = 2_000  # versions of one query


def keep(conn: Connection, records: Iterable[Record], change: int) -> None:
    """Append the pauses of the versions that a change brings."""
    rows = [
        (one.source, one.key, change, number, pause.reason, pause.start, pause.end)
        for one in records
        if isinstance(one, Case)
        for number, pause in enumerate(one.pauses)
    ]
    encoders = bulk.encoders(case_pause.columns, conn.dialect)
    bulk.run(conn, _append(conn.dialect.name), [bulk.encode(row, encoders) for row in rows])


@lru_cache(maxsize=2)
def _append(dialect: str) -> ClauseElement:
    return bulk.upsert(case_pause, dialect).on_conflict_do_nothing()


def of(conn: Connection, versions: Iterable[Name]) -> Mapping[Name, tuple[Pause, ...]]:
    """The pauses of some versions, by beginning; those without any are not among them."""
    found: dict[Name, list[Pause]] = defaultdict(list)
    wanted = list(versions)
    for start in range(0, len(wanted), _CHUNK):
        for *name, reason, begun_at, ended_at in conn.execute(
            _some(conn, wanted[start : start + _CHUNK])
        ):
            source, key, change = name
            pause = Pause(reason=reason, start=begun_at, end=ended_at)
            found[source, key, change].append(pause)
    return {name: tuple(pauses) for name, pauses in found.items()}


def _some(conn: Connection, versions: list[Name]) -> Select[Any]:
    c = case_pause.c
    name = (c.source, c.key, c.change)
    listed = bulk.listed(name, versions, conn.dialect)
    columns = (*name, c.reason, c.begun_at, c.ended_at)
    return select(*columns).where(tuple_(*name).in_(listed)).order_by(*name, c.number)

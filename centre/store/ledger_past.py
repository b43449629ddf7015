"""What the ledger said earlier: what each change entered, and in which stretches a source was late.

    known at change n = the ledger as it is − what was entered under changes after n
    late until time t = all its late time − the stretches after t

A source that goes on being late lengthens its last stretch: one row for all of its silence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    String,
    Table,
    func,
    select,
    update,
)
from sqlalchemy.sql.expression import ClauseElement

from centre.store import bulk
from centre.store.tables import metadata
from centre.store.types import UtcDateTime

COUNTS = ("sent", "stored", "duplicate", "rejected", "corrected")

Stretch = tuple[datetime, datetime]
"""[start, end) in which the data of a source was late."""

ledger_move = Table(
    "ledger_move",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),  # ordinal of the local day
    Column("source", String(64), primary_key=True),
    Column("change", BigInteger, primary_key=True, autoincrement=False),
    *(Column(name, Integer, nullable=False) for name in COUNTS),
    sqlite_with_rowid=False,
)

late_time = Table(
    "late_time",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("start", UtcDateTime, primary_key=True),
    Column("until", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)


def note(
    conn: Connection, source: str, days: Mapping[int, Mapping[str, float]], change: int
) -> None:
    """Note what a change enters: by day, count -> how many; a change may enter more than once."""
    rows = [
        (day, source, change, *(int(added.get(name, 0)) for name in COUNTS))
        for day, added in sorted(days.items())
    ]
    if rows:
        bulk.run(conn, _plus(conn.dialect.name), rows)


@lru_cache(maxsize=2)
def _plus(dialect: str) -> ClauseElement:
    statement = bulk.upsert(ledger_move, dialect)
    return statement.on_conflict_do_update(
        index_elements=list(ledger_move.primary_key.columns),
        set_={name: ledger_move.c[name] + statement.excluded[name] for name in COUNTS},
    )


def lengthen(conn: Connection, source: str, stretch: Stretch) -> bool:
    """Note late time; whether it goes on from the stretch before."""
    start, until = stretch
    own = late_time.c.source == source
    longer = update(late_time).where(own, late_time.c.until == start).values(until=until)
    if conn.execute(longer).rowcount:
        return True
    encoders = bulk.encoders(late_time.columns, conn.dialect)
    bulk.run(conn, _first(conn.dialect.name), [bulk.encode((source, start, until), encoders)])
    return False


@lru_cache(maxsize=2)
def _first(dialect: str) -> ClauseElement:
    statement = bulk.upsert(late_time, dialect)
    return statement.on_conflict_do_update(
        index_elements=list(late_time.primary_key.columns),
        set_={"until": statement.excluded.until},
    )


def entered_since(
    conn: Connection, at: int, known: Sequence[tuple[int, str]]
) -> dict[tuple[int, str], tuple[int, ...]]:
    """(day, source) -> the COUNTS that changes after `at` entered, of those days and sources."""
    table = ledger_move.c
    # Both alone: SQLite would read every row to find pairs, but seeks for each day and source.
    days, sources = ({one[place] for one in known} for place in (0, 1))
    wanted = (table.day.in_(sorted(days)), table.source.in_(sorted(sources)))
    sums = [func.sum(table[name]) for name in COUNTS]
    statement = (
        select(table.day, table.source, *sums)
        .where(*wanted, table.change > at)
        .group_by(table.day, table.source)
    )
    return {
        (day, source): tuple(int(one) for one in counts)
        for day, source, *counts in conn.execute(statement)
    }


def late_after(conn: Connection, now: datetime) -> dict[str, Sequence[Stretch]]:
    """Source -> its stretches as far as they lie after a time."""
    found: defaultdict[str, list[Stretch]] = defaultdict(list)
    for source, start, until in conn.execute(select(late_time).where(late_time.c.until > now)):
        found[source].append((max(start, now), until))
    return dict(found)

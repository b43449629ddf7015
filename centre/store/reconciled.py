"""What was found when a source was compared with what is here, day by day, and what was mended.

difference = theirs − (stored + refused): above 0 some are missing here, below 0 they have them no
longer. A day is compared again each night; its row tells the newest comparison and all sweeps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import Column, Connection, Integer, String, Table, delete, func, select, update
from sqlalchemy.sql.expression import ClauseElement

from centre.store import bulk
from centre.store.tables import metadata
from centre.store.types import UtcDateTime

KEPT_DAYS = 400
"""How many days before the newest compared one of a source are kept."""

reconciled = Table(
    "reconciled",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),  # ordinal of the local day
    Column("theirs", Integer, nullable=False),
    Column("stored", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("compared_at", UtcDateTime, nullable=False),
    Column("came", Integer, nullable=False),  # cases that sweeps have fetched
    Column("removed", Integer, nullable=False),  # cases that sweeps have taken away
    Column("swept_at", UtcDateTime),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of one source, in cases."""

    day: date
    theirs: int
    stored: int
    refused: int

    @property
    def difference(self) -> int:
        """Theirs less ours: above 0 some are missing here, below 0 they no longer have them."""
        return self.theirs - self.stored - self.refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared(Day):
    """The same with when it was found, and what sweeps did to the day."""

    compared_at: datetime
    came: int
    removed: int
    swept_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How a source stands: `newest` is the last day compared, `differing` all days that differ."""

    compared_at: datetime
    newest: date
    differing: Mapping[date, int]


def keep(conn: Connection, source: str, days: Iterable[Day], at: datetime) -> None:
    """Note a comparison; forget what is too old."""
    rows = [(source, one.day.toordinal(), one.theirs, one.stored, one.refused) for one in days]
    encoders = bulk.encoders(reconciled.columns, conn.dialect)
    values = [bulk.encode((*row, at, 0, 0, None), encoders) for row in rows]
    bulk.run(conn, _anew(conn.dialect.name), values)
    if rows:
        own, newest = reconciled.c.source == source, max(row[1] for row in rows)
        conn.execute(delete(reconciled).where(own, reconciled.c.day <= newest - KEPT_DAYS))


@lru_cache(maxsize=2)
def _anew(dialect: str) -> ClauseElement:
    statement = bulk.upsert(reconciled, dialect)
    found = ("theirs", "stored", "refused", "compared_at")
    return statement.on_conflict_do_update(
        index_elements=list(reconciled.primary_key.columns),
        set_={name: statement.excluded[name] for name in found},
    )


def swept(
    conn: Connection, source: str, day: date, *, came: int, removed: int, at: datetime
) -> None:
    """Add to a day that was compared what a sweep did to it."""
    table = reconciled.c
    added = {"came": table.came + came, "removed": table.removed + removed, "swept_at": at}
    same = (table.source == source, table.day == day.toordinal())
    conn.execute(update(reconciled).where(*same).values(added))


def read(conn: Connection, first: date, last: date) -> dict[str, dict[int, Compared]]:
    """{source: {ordinal day: what was found}} of the days `first` to `last` inclusive."""
    span = reconciled.c.day.between(first.toordinal(), last.toordinal())
    found: dict[str, dict[int, Compared]] = defaultdict(dict)
    for row in conn.execute(select(reconciled).where(span)):
        words = dict(row._mapping)
        source, number = words.pop("source"), words.pop("day")
        found[source][number] = Compared(day=date.fromordinal(number), **words)
    return dict(found)


def summaries(conn: Connection) -> dict[str, Summary]:
    """{source: how it stands}; one that was never compared is absent."""
    table = reconciled.c
    newest = select(table.source, func.max(table.compared_at), func.max(table.day))
    difference = table.theirs - table.stored - table.refused
    differing: dict[str, dict[date, int]] = defaultdict(dict)
    unlike = select(table.source, table.day, difference).where(difference != 0)
    for source, day, count in conn.execute(unlike.order_by(table.day)):
        differing[source][date.fromordinal(day)] = count
    return {
        source: Summary(compared_at=at, newest=date.fromordinal(day), differing=differing[source])
        for source, at, day in conn.execute(newest.group_by(table.source))
    }

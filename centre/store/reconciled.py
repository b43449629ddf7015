"""What was found when a source was compared with what is here, day by day, and what was mended.

difference = theirs − (stored + refused): above 0 some are missing here, below 0 they have them no
longer. A day is compared again each night; its row tells the newest comparison and all sweeps, its
history what was known before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    String,
    Table,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.sql.expression import ClauseElement

from centre.store import bulk, changes, history
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
    # Since which it stands so; 0: before this was kept. Who finds the same moves only compared_at.
    Column("change", BigInteger, nullable=False, server_default="0"),
)
reconciled_version = history.remember(reconciled, "reconciled_version")

_FOUND = ("theirs", "stored", "refused")


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
    found = {one.day.toordinal(): (one.theirs, one.stored, one.refused) for one in days}
    if not found:
        return
    known = _known(conn, source, list(found))
    moved = {day for day, counts in found.items() if known.get(day) != counts}
    change = _ended(conn, source, sorted(moved)) if moved else 0
    encoders = bulk.encoders(reconciled.columns, conn.dialect)
    for some, names in (
        (moved, (*_FOUND, "compared_at", "change")),
        (found.keys() - moved, ("compared_at",)),
    ):
        rows = [(source, day, *found[day], at, 0, 0, None, change) for day in sorted(some)]
        values = [bulk.encode(row, encoders) for row in rows]
        bulk.run(conn, _anew(conn.dialect.name, names), values)
    own, newest = reconciled.c.source == source, max(found)
    conn.execute(delete(reconciled).where(own, reconciled.c.day <= newest - KEPT_DAYS))


def _known(conn: Connection, source: str, days: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Ordinal day -> what the comparison before has found."""
    table = reconciled.c
    statement = select(table.day, *(table[name] for name in _FOUND))
    span = table.day.between(min(days), max(days))
    rows = conn.execute(statement.where(table.source == source, span))
    return {day: tuple(counts) for day, *counts in rows}


def _ended(conn: Connection, source: str, days: Sequence[int]) -> int:
    """Keep what is known of days that are about to change; the number that they change under."""
    change, table = changes.coming(conn), reconciled.c
    same = (table.source == source) & table.day.in_(days) & (table.change < change)
    history.end(conn, reconciled, same, change)
    return change


@lru_cache(maxsize=4)
def _anew(dialect: str, names: tuple[str, ...]) -> ClauseElement:
    statement = bulk.upsert(reconciled, dialect)
    return statement.on_conflict_do_update(
        index_elements=list(reconciled.primary_key.columns),
        set_={name: statement.excluded[name] for name in names},
    )


def swept(
    conn: Connection, source: str, day: date, *, came: int, removed: int, at: datetime
) -> None:
    """Add to a day that was compared what a sweep did to it."""
    table, number = reconciled.c, day.toordinal()
    added = {"came": table.came + came, "removed": table.removed + removed, "swept_at": at}
    change = _ended(conn, source, [number])
    same = (table.source == source, table.day == number)
    conn.execute(update(reconciled).where(*same).values(change=change, **added))


def read(
    conn: Connection, first: date, last: date, *, at: int | None = None
) -> dict[str, dict[int, Compared]]:
    """{source: {ordinal day: what was found}} of the days `first` to `last` inclusive.

    With `at`: as was known at that change.
    """
    span = reconciled.c.day.between(first.toordinal(), last.toordinal())
    found: dict[str, dict[int, Compared]] = defaultdict(dict)
    columns = [one for one in reconciled.columns if one.name != "change"]
    for row in conn.execute(history.as_of(select(*columns).where(span), at)):
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

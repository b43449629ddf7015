"""Published snapshots, kept: what screens showed at a change number can be shown again.

chain "each"     every publish                      entries of a chain stand in groups:
chain "minute"   the first of each minute           one full snapshot, then what changed
chain "quarter"  the first of each quarter hour     from entry to entry
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from centre.store.tables import archived

CHAINS = ("each", "minute", "quarter")
"""Finest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One snapshot of a chain. `base`: the change of the full one its group begins with."""

    chain: str
    change: int  # the snapshot's seq
    at: datetime  # when it was published
    base: int | None  # None: this one is full
    data: bytes  # packed: see centre.snapshots.past


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A snapshot that can be shown again, without its content."""

    seq: int
    at: datetime


def append(conn: Connection, entries: Iterable[Entry]) -> None:
    """Keep entries; each is newer than what its chain holds."""
    names = [column.name for column in archived.columns]
    rows = [{name: getattr(one, name) for name in names} for one in entries]
    if rows:
        conn.execute(insert(archived), rows)


def newest(conn: Connection, at: int) -> Entry | None:
    """The newest kept snapshot with a change at or before `at`; of the finest chain that has it."""
    found = [change for chain in CHAINS if (change := _last(conn, chain, at)) is not None]
    return _entry(conn, max(found)) if found else None


def group(conn: Connection, entry: Entry) -> tuple[Entry, ...]:
    """What the entry is made of: the full one of its group, and all until itself."""
    if entry.base is None:
        return (entry,)
    of_group = archived.c.change.between(entry.base, entry.change)
    statement = select(archived).where(archived.c.chain == entry.chain, of_group)
    rows = conn.execute(statement.order_by(archived.c.change))
    return tuple(Entry(**row._mapping) for row in rows)


def until(conn: Connection, at: datetime) -> Shown | None:
    """The newest kept snapshot that was published at or before a time."""
    statement = select(archived.c.change, archived.c.at).where(archived.c.at <= at)
    latest = statement.order_by(archived.c.at.desc(), archived.c.change.desc()).limit(1)
    row = conn.execute(latest).one_or_none()
    return Shown(seq=row.change, at=row.at) if row else None


def oldest(conn: Connection) -> Shown | None:
    """The oldest kept snapshot; None while nothing is kept."""
    statement = select(archived.c.change, archived.c.at).order_by(archived.c.at)
    row = conn.execute(statement.limit(1)).one_or_none()
    return Shown(seq=row.change, at=row.at) if row else None


def between(conn: Connection, first: int, last: int, most: int) -> tuple[Shown, ...]:
    """The kept snapshots from one change to another, oldest first, each once, `most` of them."""
    statement = (
        select(archived.c.change, archived.c.at)
        .where(archived.c.change.between(first, last))
        .distinct()
        .order_by(archived.c.change)
        .limit(most)
    )
    return tuple(Shown(seq=row.change, at=row.at) for row in conn.execute(statement))


def drop(conn: Connection, chain: str, before: datetime) -> int:
    """Drop the groups of a chain that ended before a time; how many entries that were.

    The group that was running at that time stays whole: its later entries need its first.
    """
    mine = archived.c.chain == chain
    statement = select(archived.c.change, archived.c.base).where(mine, archived.c.at <= before)
    row = conn.execute(statement.order_by(archived.c.change.desc()).limit(1)).one_or_none()
    if row is None:
        return 0
    first = row.change if row.base is None else row.base
    return conn.execute(delete(archived).where(mine, archived.c.change < first)).rowcount


def _last(conn: Connection, chain: str, at: int) -> int | None:
    statement = select(func.max(archived.c.change))
    found: int | None = conn.scalar(
        statement.where(archived.c.chain == chain, archived.c.change <= at)
    )
    return found


def _entry(conn: Connection, change: int) -> Entry | None:
    """The entry of a change; of several chains the finest."""
    rows = conn.execute(select(archived).where(archived.c.change == change))
    found = [Entry(**row._mapping) for row in rows]
    return min(found, key=lambda one: CHAINS.index(one.chain), default=None)

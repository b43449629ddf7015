"""Change numbers: one global count of the transactions that changed what is known."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from centre.store.tables import change

_LOCK = 0x526F6E677A6869  # "Rongzhi": any number, the same in every process


def lock(conn: Connection) -> None:
    """Keep other numbered transactions out until this one ends.

    SQLite has one writer anyway. On PostgreSQL the lock makes numbers visible in their order:
    whoever has read number n has missed none below it.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def next_change(conn: Connection, kind: str, source: str | None, at: datetime) -> int:
    """Take the next number inside the writing transaction; a rollback gives it back."""
    lock(conn)
    number = latest(conn) + 1
    conn.execute(insert(change).values(change=number, kind=kind, source=source, at=at))
    return number


def latest(conn: Connection) -> int:
    """The highest number taken, 0 before the first."""
    return conn.scalar(select(func.max(change.c.change))) or 0


def coming(conn: Connection) -> int:
    """The number that comes next, for what is written without one: who takes it has seen this."""
    lock(conn)
    return latest(conn) + 1


def is_newer(conn: Connection, number: int) -> bool:
    """Whether anything but a publish has been numbered after `number`."""
    newer = select(change.c.change).where(change.c.change > number, change.c.kind != "publish")
    return conn.execute(newer.limit(1)).first() is not None


def published(conn: Connection, at: int) -> tuple[int, datetime] | None:
    """The number and time of the newest publish at or before a number; None before the first."""
    found = select(change.c.change, change.c.at).where(change.c.kind == "publish")
    newest = found.where(change.c.change <= at).order_by(change.c.change.desc()).limit(1)
    row = conn.execute(newest).one_or_none()
    return (row.change, row.at) if row else None


def taken_at(conn: Connection, number: int) -> datetime | None:
    """When a number was taken; None for one that was not."""
    found: datetime | None = conn.scalar(select(change.c.at).where(change.c.change == number))
    return found

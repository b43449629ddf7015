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

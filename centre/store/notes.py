"""Notes on the data: never overwritten, so that any moment shows those that were known then."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    String,
    Table,
    Text,
    and_,
    insert,
    or_,
    select,
    update,
)

from centre.domain.notes import Note
from centre.store import changes
from centre.store.engine import writing
from centre.store.tables import metadata
from centre.store.types import UtcDateTime

note = Table(
    "note",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),  # the change that made it
    Column("unit", String(32)),
    Column("source", String(64)),
    Column("start", UtcDateTime, nullable=False),
    Column("end", UtcDateTime),  # NULL: it goes on
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("removed", BigInteger),  # the change that took it back
)

MOST = 300
"""Characters in one language: a sentence or two, for it stands beside figures."""


class BadNote(ValueError):
    """A note that cannot be kept; says why and what to do."""


def add(engine: Engine, one: Note) -> Note:
    """Keep a note; gives it with its id, the change number under which it became known."""
    _check(one)
    with writing(engine) as conn:
        number = changes.next_change(conn, "note", one.source, one.at)
        conn.execute(insert(note).values(**{**asdict(one), "id": number}))
    return replace(one, id=str(number))


def remove(engine: Engine, id: str, at: datetime) -> bool:
    """Take a note back from now on; whether there was one. The past still shows it."""
    if not id.isdigit():
        return False
    with writing(engine) as conn:
        known = note.c.id == int(id), note.c.removed.is_(None)
        if conn.scalar(select(note.c.id).where(*known)) is None:
            return False
        number = changes.next_change(conn, "note", None, at)
        conn.execute(update(note).where(*known).values(removed=number))
    return True


def read(conn: Connection, *, at: int | None = None) -> tuple[Note, ...]:
    """Notes known at a change number (None: now), those of the newest data first."""
    stands = note.c.removed.is_(None)
    known = stands if at is None else and_(note.c.id <= at, or_(stands, note.c.removed > at))
    rows = conn.execute(select(note).where(known).order_by(note.c.start.desc(), note.c.id.desc()))
    return tuple(_note(**row._mapping) for row in rows)


def _note(id: int, removed: int | None, **words: Any) -> Note:
    return Note(id=str(id), **words)


def _check(one: Note) -> None:
    if not one.zh.strip():
        raise BadNote("the note says nothing; write a sentence for those who see the figure")
    if max(len(one.zh), len(one.en)) > MOST:
        raise BadNote(f"a note has {MOST} characters at most; this one has {len(one.zh)}")
    if one.end is not None and one.end <= one.start:
        raise BadNote("the noted time is empty: its end must lie after its start")

"""What is pushed: admitted once, kept until it is stored, answered alike when it is repeated.

Exception
├── Replayed   the word used once was used before
├── TooMany    more requests in a minute than agreed
├── OtherBody  an idempotency key that came with another body before
└── Full       too much waits: nobody is collecting
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from centre.store.engine import reading, writing
from centre.store.tables import metadata
from centre.store.types import UtcDateTime

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("source", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("rows", JSON, nullable=False),
    Column("taken", Boolean, nullable=False),
    Column("size", Integer, nullable=False, server_default="0"),  # rows
    Column("bad", Integer, nullable=False, server_default="0"),  # of them, when they came
)
Index("inbox_source", inbox.c.source, inbox.c.id)

pushed = Table(
    "pushed",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("key", String(128), primary_key=True),  # the idempotency key
    Column("digest", String(64), nullable=False),  # of the body
    Column("status", Integer, nullable=False),
    Column("answer", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

nonce = Table(
    "nonce",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("nonce", String(64), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

REMEMBERED = timedelta(days=7)
"""How long an idempotency key is known: a sender that was off for a long weekend."""

ONCE = timedelta(minutes=15)
"""How long a nonce is known: beyond it no time stamp is accepted any more, however clocks go."""

MOST_ROWS = 500_000
"""Rows that may wait of one source: hours of a large city without a collector."""

_LOCK = 0x696E  # "in": any number, the same in every process


class Replayed(Exception):
    """The same signed request again."""


class TooMany(Exception):
    """More than agreed; says after how many seconds there is room again."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(retry_after_seconds)
        self.retry_after_seconds = retry_after_seconds


class OtherBody(Exception):
    """Two bodies under one idempotency key."""


class Full(Exception):
    """The collector does not take what is here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A request to be kept. `answer`: what its sender is told; `digest`: of its body."""

    source: str
    key: str
    digest: str
    at: datetime
    rows: Sequence[Mapping[str, Any]]
    bad: int
    status: int
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the sender of a parcel was told, now or the first time."""

    status: int
    answer: Mapping[str, Any]
    is_repeated: bool


def admit(engine: Engine, source: str, word: str, at: datetime, per_minute: int) -> None:
    """Let a request in once; raises TooMany and Replayed."""
    own = nonce.c.source == source
    with writing(engine, durable=False) as conn:
        _lock(conn, source)
        conn.execute(delete(nonce).where(own, nonce.c.at < at - ONCE))
        minute = own, nonce.c.at > at - timedelta(minutes=1)
        count, first = conn.execute(select(func.count(), func.min(nonce.c.at)).where(*minute)).one()
        if count >= per_minute:
            raise TooMany(max(1, round(60 - (at - first).total_seconds())))
        if conn.scalar(select(nonce.c.nonce).where(own, nonce.c.nonce == word)) is not None:
            raise Replayed
        conn.execute(insert(nonce).values(source=source, nonce=word, at=at))


def known(engine: Engine, source: str, key: str, digest: str) -> Answered | None:
    """What was said to a request that is kept already; raises OtherBody. None: it is new."""
    with reading(engine) as conn:
        return _known(conn, source, key, digest)


def put(engine: Engine, parcel: Parcel) -> Answered:
    """Keep a parcel; when this returns it is on the disk. Raises OtherBody and Full.

    One without rows says only that its sender lives: it may be said again and again.
    """
    with writing(engine) as conn:
        _lock(conn, parcel.source)
        told = _known(conn, parcel.source, parcel.key, parcel.digest)
        if told is not None:
            return told
        if _waiting(conn, parcel.source) + len(parcel.rows) > MOST_ROWS:
            raise Full
        number = _enter(conn, parcel)
        answer = {**parcel.answer, "entry": number}
        if parcel.rows:
            _remember(conn, parcel, answer)
    return Answered(status=parcel.status, answer=answer, is_repeated=False)


def after(conn: Connection, source: str, number: int, most: int) -> Sequence[Any]:
    """Entries of a source beyond a number: (id, at, size, bad), in order."""
    found = select(inbox.c.id, inbox.c.at, inbox.c.size, inbox.c.bad)
    own = inbox.c.source == source, inbox.c.id > number, inbox.c.taken.is_(False)
    return conn.execute(found.where(*own).order_by(inbox.c.id).limit(most)).all()


def rows(conn: Connection, source: str, first: int, last: int) -> list[Mapping[str, Any]]:
    """The rows of some entries, in order."""
    own = inbox.c.source == source, inbox.c.id.between(first, last), inbox.c.taken.is_(False)
    found = conn.scalars(select(inbox.c.rows).where(*own).order_by(inbox.c.id))
    return [row for some in found for row in some]


def taken(engine: Engine, source: str, last: int) -> None:
    """Forget entries up to a number; their rows are stored.

    The newest of all stays, without its rows: on SQLite its number would be given again.
    """
    with writing(engine, durable=False) as conn:
        own = inbox.c.source == source, inbox.c.id <= last
        newest = select(func.max(inbox.c.id)).scalar_subquery()
        conn.execute(update(inbox).where(*own).values(taken=True, rows=[]))
        conn.execute(delete(inbox).where(inbox.c.taken.is_(True), inbox.c.id < newest))


def _enter(conn: Connection, parcel: Parcel) -> int:
    entry = {"source": parcel.source, "at": parcel.at, "rows": list(parcel.rows), "taken": False}
    counts = {"size": len(parcel.rows), "bad": parcel.bad}
    done = conn.execute(insert(inbox).values(**entry, **counts))
    return int(done.inserted_primary_key[0])  # type: ignore[index]  # one row was inserted


def _remember(conn: Connection, parcel: Parcel, answer: Mapping[str, Any]) -> None:
    old = pushed.c.source == parcel.source, pushed.c.at < parcel.at - REMEMBERED
    conn.execute(delete(pushed).where(*old))
    words = {"source": parcel.source, "key": parcel.key, "digest": parcel.digest, "at": parcel.at}
    conn.execute(insert(pushed).values(**words, status=parcel.status, answer=dict(answer)))


def _known(conn: Connection, source: str, key: str, digest: str) -> Answered | None:
    own = pushed.c.source == source, pushed.c.key == key
    row = conn.execute(select(pushed).where(*own)).one_or_none()
    if row is None:
        return None
    if row.digest != digest:
        raise OtherBody
    return Answered(status=row.status, answer=row.answer, is_repeated=True)


def _waiting(conn: Connection, source: str) -> int:
    own = inbox.c.source == source, inbox.c.taken.is_(False)
    return conn.scalar(select(func.sum(inbox.c.size)).where(*own)) or 0


def _lock(conn: Connection, source: str) -> None:
    """One at a time of a source, so that its numbers become visible in their order.

    SQLite has one writer anyway.
    """
    if conn.dialect.name == "postgresql":
        number = crc32(source.encode()) - 2**31
        conn.execute(select(func.pg_advisory_xact_lock(_LOCK, number)))

"""Engines and their two kinds of transaction: reading (one snapshot) and writing (one at a time).

SQLite runs in WAL with synchronous=FULL. NORMAL survives `kill -9` but may lose the last commits
at a power cut, and a commit here is what allows a file to be moved away or a message to be
acknowledged. Only a transaction without records (an empty poll, once a second and source) gives
that up: losing it loses a time stamp.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url

from centre.store.encode import encode_json

_BUSY_SECONDS = 30.0  # longer than any batch; a refill announces itself and may take longer
_WRITING = "rongzhi_writing"
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-65536",  # 64 MiB: the hot ends of the indexes of a million cases
    "PRAGMA wal_autocheckpoint=4000",  # pages: 16 MiB, a few batches of 2,000
    "PRAGMA journal_size_limit=67108864",
)


class BadUrl(ValueError):
    """A database that cannot be used here; says which and what to write instead."""


def connect(url: str) -> Engine:
    """An engine for `sqlite:///file` or `postgresql://…`; creates the folder of a file."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    if parsed.get_backend_name() == "postgresql":
        return _postgresql(parsed)
    raise BadUrl(f"{parsed.drivername}: write sqlite:///path/to/file.db or postgresql://host/name")


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise BadUrl("a database in memory is one per connection: write sqlite:///path/to/file.db")
    Path(url.database).resolve().parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        connect_args={"timeout": _BUSY_SECONDS},
        json_serializer=encode_json,
        json_deserializer=orjson.loads,
        pool_size=8,
        max_overflow=16,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin or commit by itself
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(conn: Connection) -> None:
    # A transaction that reads first and writes later fails with BUSY_SNAPSHOT: lock at once.
    writing_ = conn.get_execution_options().get(_WRITING, False)
    conn.exec_driver_sql("BEGIN IMMEDIATE" if writing_ else "BEGIN")


def _postgresql(url: URL) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=16,
        json_serializer=encode_json,
        json_deserializer=orjson.loads,
        connect_args={"options": "-c timezone=UTC -c lock_timeout=60s", "connect_timeout": 10},
    )


@contextmanager
def writing(engine: Engine, *, durable: bool = True) -> Iterator[Connection]:
    """One writing transaction, committed at the end of the block, rolled back by an exception.

    Not `durable`: a power cut may lose it (never a part of it, never one before it).
    """
    with engine.connect().execution_options(**{_WRITING: True}) as conn:
        if durable:
            with conn.begin():
                yield conn
        else:
            with _relaxed(conn), conn.begin():
                if conn.dialect.name == "postgresql":
                    conn.execute(text("SET LOCAL synchronous_commit = off"))
                yield conn


@contextmanager
def _relaxed(conn: Connection) -> Iterator[None]:
    """On SQLite the setting is the connection's and cannot change inside a transaction."""
    if conn.dialect.name != "sqlite":
        yield
        return
    driver: Any = conn.connection.driver_connection
    driver.execute("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        driver.execute("PRAGMA synchronous=FULL")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One snapshot: every statement in the block sees the same moment; nothing can be written."""
    options: dict[str, Any] = {}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as conn, conn.begin():
        yield conn

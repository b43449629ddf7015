"""One connection to an outside database: read-only, one query at a time, each within a deadline."""

from __future__ import annotations

import sqlite3
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread, Timer
from typing import Any, TypeVar
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import URL, exc, pool

from datasources.budget import Budget
from datasources.source import Denied, SourceError, Unavailable
from datasources.sql import dialects
from datasources.sql.cells import weight

_GARBAGE = (
    struct.error,
    AssertionError,
    ArithmeticError,
    LookupError,
    EOFError,
    OSError,
    ValueError,
    TypeError,
    AttributeError,
    exc.SQLAlchemyError,
)
"""What drivers raise when the other side does not speak their language."""


Found = TypeVar("Found")
_IDLE_SECONDS = 60.0  # firewalls forget a line that was silent for long, and tell nobody


class Door:
    """Opened when first needed; a failed query closes it, and the next one opens it anew."""

    def __init__(self, url: URL, name: str, budget: Budget) -> None:
        """`name`: whom to name in messages."""
        self._url, self._name, self._budget = url, name, budget
        self._engine: sa.Engine | None = None
        self._conn: sa.Connection | None = None
        self._used = time.monotonic()

    @property
    def dialect(self) -> str:
        """postgresql, mysql, mariadb, sqlite, oracle …"""
        return self._url.get_backend_name()

    def rows(self, statement: sa.Executable, most: int) -> tuple[Sequence[str], list[Any]]:
        """The columns of a statement and at most so many of its rows."""
        with self._asked() as conn:
            result = conn.execute(statement)
            names, rows = tuple(result.keys()), result.fetchmany(most)
        self._budget.take(sum(weight(cell) for row in rows for cell in row))
        return names, list(rows)

    def inspected(self, look: Callable[[sa.Inspector], Found]) -> Found:
        """What the database says of its tables. Raises SourceError."""
        with self._asked() as conn:
            return look(sa.inspect(conn))

    @contextmanager
    def _asked(self) -> Iterator[sa.Connection]:
        """A connection for one question; theirs are the faults of drivers and of the wire."""
        if time.monotonic() - self._used > _IDLE_SECONDS:
            self.close()
        try:
            conn = self._conn = self._conn or self._connected()
            timer = Timer(self._budget.left(), dialects.cut, (conn.connection.driver_connection,))
            timer.daemon = True
            timer.start()
            try:
                yield conn
                conn.rollback()
            finally:
                timer.cancel()
                self._used = time.monotonic()
        except SourceError:
            self.close()
            raise
        except _GARBAGE as error:
            self.close()
            raise self._said(error) from error

    def close(self) -> None:
        """Let go of the connection; a broken one must not be asked to say goodbye."""
        conn, self._conn = self._conn, None
        if conn is not None:
            try:
                conn.invalidate()
                conn.close()
            except _GARBAGE:
                return

    def _connected(self) -> sa.Connection:
        """A new connection, or Unavailable at the deadline, whatever the driver waits for."""
        engine = self._engine = self._engine or self._made()
        answer: SimpleQueue[sa.Connection | Exception] = SimpleQueue()
        abandoned = Event()
        Thread(target=_connect, args=(engine, answer, abandoned), daemon=True).start()
        try:
            got = answer.get(timeout=self._budget.left())
        except Empty:
            abandoned.set()  # the thread ends by the driver's own time limit, and closes its own
            self._engine = None
            raise Unavailable(f"{self._name}: no connection in time") from None
        if isinstance(got, Exception):
            raise got
        return got

    def _made(self) -> sa.Engine:
        """An engine without a pool: its one connection is ours."""
        try:
            engine = sa.create_engine(
                self._url,
                poolclass=pool.NullPool,
                connect_args=dialects.arguments(self.dialect, self._budget.deadline_seconds),
                **({"creator": self._sqlite} if self.dialect == "sqlite" else {}),
            )
        except (exc.NoSuchModuleError, ImportError) as error:
            raise Denied(self._no_driver(error)) from error
        seconds = self._budget.deadline_seconds
        first = dialects.FIRST_WORDS.get(self.dialect)

        def prepare(raw: Any, _: Any) -> None:
            dialects.prepare(self.dialect, raw, seconds)

        sa.event.listen(engine, "connect", prepare)
        if first is not None:
            sa.event.listen(engine, "begin", lambda conn: conn.exec_driver_sql(first))
        return engine

    def _sqlite(self) -> sqlite3.Connection:
        """A file that is not there is said so, not made."""
        file = Path(self._url.database or "")
        if not file.is_file():
            raise Unavailable(f"{self._name}: there is no file {file}")
        address = f"file:{quote(str(file))}?mode=ro"
        return sqlite3.connect(address, uri=True, check_same_thread=False)

    def _no_driver(self, error: Exception) -> str:
        wanted = dialects.EXTRAS.get(self.dialect)
        remedy = f"pip install {wanted}" if wanted else "see docs/connect.md, sql_view"
        return (
            f"{self._name}: no driver for {self._url.drivername} is installed ({error}); {remedy}"
        )

    def _said(self, error: Exception) -> SourceError:
        if isinstance(error, exc.DBAPIError | OSError):
            return dialects.fault(error).at(self._name)
        kind = type(error).__name__
        return Unavailable(f"{self._name}: what answers there is no {self.dialect} ({kind})")


def _connect(
    engine: sa.Engine, answer: SimpleQueue[sa.Connection | Exception], abandoned: Event
) -> None:
    try:
        conn = engine.connect()
    except Exception as error:  # judged by who asked, in its own thread
        answer.put(error)
        return
    if abandoned.is_set():
        conn.close()
    else:
        answer.put(conn)

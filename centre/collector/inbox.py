"""The inbox in the store, as the adapter `push` reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from centre.store import inbox
from centre.store.engine import reading
from datasources.errors import Unavailable
from datasources.inbox import Entry


class StoreInbox:
    """Keeps datasources.inbox.Inbox."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def after(self, source: str, number: int, most: int) -> Sequence[Entry]:
        """The first entries beyond a number."""
        with _there(), reading(self._engine) as conn:
            found = inbox.after(conn, source, number, most)
        return [Entry(number=one.id, at=one.at, count=one.size, bad=one.bad) for one in found]

    def rows(self, source: str, first: int, last: int) -> Sequence[Mapping[str, Any]]:
        """The rows of some entries."""
        with _there(), reading(self._engine) as conn:
            return inbox.rows(conn, source, first, last)

    def taken(self, source: str, last: int) -> None:
        """Forget entries that are stored."""
        with _there():
            inbox.taken(self._engine, source, last)


@contextmanager
def _there() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise Unavailable(f"the inbox cannot be read: {str(error).splitlines()[0]}") from error

"""Databases in the rig: a table for each number, made anew when the form of its rows changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import sqlalchemy as sa

from centre.domain.sources import SourceConfig
from tests.datasources.databases import engine_of
from tests.faults.world import Row, World, source

Form = tuple[tuple[str, bool], ...]
"""The columns of a table, each with whether it holds whole numbers."""


class SqlUpstream:
    """A database server. Rows are numbered in the order in which they come: their change."""

    def __init__(self, url: str) -> None:
        self.secrets: Mapping[str, str] = {}
        self._url, self._engine = sa.make_url(url), engine_of(url)
        self.port = self._url.port or 0
        self._rows: dict[int, list[dict[str, Any]]] = {}
        self._forms: dict[int, Form] = {}

    def config(self, number: int, port: int) -> SourceConfig:
        url = self._url.set(port=port).render_as_string(hide_password=False)
        connection = {"url": url, "table": f"w{number}", "changed_at": "nr", "batch_rows": 200}
        return source("sql_view", number, connection)

    def put(self, number: int, rows: Sequence[Row]) -> None:
        """All rows under the columns of the last ones, in one step for those who read."""
        known = self._rows.setdefault(number, [])
        fresh = [{"nr": nr, **row} for nr, row in enumerate(rows, len(known))]
        known.extend(fresh)
        form = _form(rows[-1])
        with self._engine.begin() as conn:
            if self._forms.get(number) == form:
                conn.execute(sa.insert(_table(f"w{number}", form)), fresh)
                return
            table = _table(f"n{number}", form)
            table.create(conn)
            conn.execute(sa.insert(table), [_as(table, row) for row in known])
            for statement in self._swap(number):
                conn.execute(sa.text(statement))
        self._forms[number] = form

    def _swap(self, number: int) -> list[str]:
        old, new = f"w{number}", f"n{number}"
        if number not in self._forms:
            return [f"ALTER TABLE {new} RENAME TO {old}"]
        if self._url.get_backend_name() == "postgresql":
            return [f"DROP TABLE {old}", f"ALTER TABLE {new} RENAME TO {old}"]
        return [f"RENAME TABLE {old} TO o{number}, {new} TO {old}", f"DROP TABLE o{number}"]

    def close(self) -> None:
        self._engine.dispose()


def _form(row: Row) -> Form:
    """The columns of a row: what is no number is text."""
    return tuple((name, isinstance(word, int)) for name, word in row.items())


def _table(name: str, form: Form) -> sa.Table:
    columns = (sa.Column(one, sa.Integer if is_int else sa.String(200)) for one, is_int in form)
    return sa.Table(name, sa.MetaData(), sa.Column("nr", sa.Integer), *columns)


def _as(table: sa.Table, row: Row) -> dict[str, Any]:
    """A row under the columns of a table; a number in a column of text is its digits."""
    words = {one.name: row.get(one.name) for one in table.c}
    return {
        name: str(word) if word is not None and isinstance(table.c[name].type, sa.String) else word
        for name, word in words.items()
    }


def world(name: str, running: Callable[[], AbstractContextManager[str]]) -> World:
    """The world of one server."""

    @contextmanager
    def opened() -> Iterator[SqlUpstream]:
        with running() as url:
            upstream = SqlUpstream(url)
            yield upstream
            upstream.close()

    return World(name=name, open=opened)

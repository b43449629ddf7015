"""Many rows by one statement, past the parts of SQLAlchemy that cost more than the database.

Measured on SQLite for 2,000 cases: 36 columns as dictionaries through Core take 92 µs a row, as
tuples through the driver 24 µs. Statements are still Core: compiled once, never written as text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Column, Connection, Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.expression import ClauseElement

from centre.store.encode import encode_json
from centre.store.types import UtcDateTime

Encoders = tuple[tuple[int, Callable[[Any], Any]], ...]


def upsert(table: Table, dialect: str) -> postgresql.Insert | sqlite.Insert:
    """The INSERT of a dialect that knows ON CONFLICT, every column a parameter of its name."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).values({one.name: bindparam(one.name) for one in table.columns})


@lru_cache(maxsize=128)
def compiled(statement: ClauseElement, dialect: str) -> tuple[str, tuple[str, ...]]:
    """SQL with positional parameters, and the names of the parameters in their order."""
    positional: Dialect = (
        psycopg.dialect(paramstyle="format")  # type: ignore[no-untyped-call]
        if dialect == "postgresql"
        else sqlite.dialect(paramstyle="qmark")
    )
    result: Any = statement.compile(dialect=positional)
    return str(result), tuple(result.positiontup)


def encoders(columns: Iterable[Column[Any]], dialect: Dialect) -> Encoders:
    """(position, function) for the columns whose values the driver would lose."""
    found: list[tuple[int, Callable[[Any], Any]]] = []
    for position, column in enumerate(columns):
        if isinstance(column.type, UtcDateTime):
            found.append((position, _instant(column.type, dialect)))
        elif isinstance(column.type, JSON):
            found.append((position, encode_json))
    return tuple(found)


def _instant(kind: UtcDateTime, dialect: Dialect) -> Callable[[Any], Any]:
    def encode(value: Any) -> Any:
        return kind.process_bind_param(value, dialect)

    return encode


def encode(values: Iterable[Any], by: Encoders) -> list[Any]:
    """One row as the driver takes it."""
    row = list(values)
    for position, function in by:
        if row[position] is not None:
            row[position] = function(row[position])
    return row


def run(conn: Connection, statement: ClauseElement, rows: Sequence[Sequence[Any]]) -> None:
    """Run one statement for every row; values stand in the order of the statement's parameters."""
    if rows:
        sql, _ = compiled(statement, conn.dialect.name)
        conn.exec_driver_sql(sql, [tuple(row) for row in rows])

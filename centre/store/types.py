"""Column types that keep what a database would lose."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time: timestamptz on PostgreSQL, microseconds since 1970 on SQLite.

    SQLite would drop the offset; a naive value is refused on both.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Integers on SQLite: they sort, subtract and bucket."""
        integer = dialect.name == "sqlite"
        return dialect.type_descriptor(BigInteger() if integer else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse naive times; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time {value!r}: give it a zone")
        if dialect.name == "sqlite":
            return (value - EPOCH) // _MICROSECOND
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give back aware UTC."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return EPOCH + timedelta(microseconds=value)
        utc: datetime = value.astimezone(UTC)
        return utc


class micros(FunctionElement[int]):  # noqa: N801, RUF100 - a SQL function, named like one
    """Microseconds since 1970 of a UtcDateTime expression, as an integer on both databases.

    The difference of two is a duration that both databases compute alike.
    """

    type = BigInteger()
    inherit_cache = True


@compiles(micros)
def _micros(element: micros, compiler: Any, **words: Any) -> str:
    return f"micros({compiler.process(element.clauses, **words)})"


@compiles(micros, "sqlite")
def _micros_sqlite(element: micros, compiler: Any, **words: Any) -> str:
    return f"({compiler.process(element.clauses, **words)})"  # that is how it is stored


@compiles(micros, "postgresql")
def _micros_postgresql(element: micros, compiler: Any, **words: Any) -> str:
    instant = compiler.process(element.clauses, **words)
    return f"CAST(EXTRACT(EPOCH FROM {instant}) * 1000000 AS BIGINT)"

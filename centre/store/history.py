"""What was known earlier: rows that are no longer current, each with the change that ended it.

    known at change n = rows of a table with change <= n
                      + rows of its history with change <= n < ended

So a row costs its history nothing until it is overwritten, and what is asked of the past reads
only what changed since. A case that was removed leaves its last row here, with `gone`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from typing import Any, TypeVar, cast

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Index,
    Select,
    Subquery,
    Table,
    func,
    insert,
    literal,
    select,
    union_all,
)
from sqlalchemy.sql.expression import ClauseElement
from sqlalchemy.sql.visitors import iterate, replacement_traverse

from centre.store.tables import asset, case, metadata, presence, reading

Statement = TypeVar("Statement", bound=ClauseElement)


def _history(table: Table, name: str) -> Table:
    own = [
        Column(
            one.name,
            one.type,
            primary_key=one.primary_key or one.name == "change",
            nullable=one.nullable,
            autoincrement=False,
        )
        for one in table.columns
    ]
    ended = Column("ended", BigInteger, nullable=False)  # the change since which it is not so
    gone = Column("gone", Boolean, nullable=False)  # removed then; else a newer row took its place
    made = Table(name, metadata, *own, ended, gone, sqlite_with_rowid=False)
    if table is not case:
        Index(f"{name}_ended", ended)
    return made


case_version = _history(case, "case_version")
reading_version = _history(reading, "reading_version")
asset_version = _history(asset, "asset_version")
presence_version = _history(presence, "presence_version")
Index("case_version_change", case_version.c.change)
# What ended since is counted and put in order by the index alone, as `case_change` does.
Index(
    "case_version_ended",
    case_version.c.ended,
    case_version.c.unit,
    case_version.c.received_at,
    case_version.c.due_at,
    case_version.c.closed_at,
    case_version.c.kind,
)

HISTORY: dict[Table, Table] = {
    case: case_version,
    reading: reading_version,
    asset: asset_version,
    presence: presence_version,
}


def remember(table: Table, name: str) -> Table:
    """Give a table a history of this name; it has a primary key and a column `change`."""
    HISTORY[table] = _history(table, name)
    return HISTORY[table]


def end(
    conn: Connection, table: Table, where: ColumnElement[bool], change: int, *, gone: bool = False
) -> None:
    """Keep the rows that a change is about to overwrite, or (`gone`) to remove."""
    history = HISTORY[table]
    names = [one.name for one in history.columns]
    rows = select(*table.columns, literal(change), literal(gone)).where(where)
    conn.execute(insert(history).from_select(names, rows))


def as_of(statement: Statement, at: int | None) -> Statement:
    """The same statement about what was known at a change number; None: about now."""
    if at is None:
        return statement
    return exchange(statement, {table: partial(known, table, at) for table in HISTORY})


@lru_cache(maxsize=128)  # its columns cost more than most queries
def known(table: Table, at: int) -> Subquery:
    """The rows of a table as they were known at a change number."""
    still = select(*table.columns).where(table.c.change <= at)
    return union_all(still, ended_since(table, at, table.columns.keys())).subquery(
        f"{table.name}_known"
    )


def ended_since(table: Table, at: int, names: Iterable[str]) -> Select[Any]:
    """Columns of the rows that were known at a change and are not current any more."""
    then = HISTORY[table]
    return select(*(then.c[name] for name in names)).where(*was_known(table, at))


def was_known(table: Table, at: int) -> tuple[ColumnElement[bool], ...]:
    """Of the history of a table: what was known at a change."""
    then = HISTORY[table]
    # Wrapped, or SQLite reads all that is old by the index of changes, not the few ended since.
    return func.coalesce(then.c.change, then.c.change) <= at, then.c.ended > at


def since(statement: Statement, table: Table, at: int) -> tuple[Statement, Statement]:
    """The same statement about the rows written after a change, and about what they were then.

    What it counts now, less the first, plus the second, is what it counted then. The offset keeps
    the database from reading more than those rows by an index of another column.
    """
    names = used(statement, table)
    own = select(*(table.c[name] for name in names))
    newer = own.where(table.c.change > at).offset(0).subquery("newer")
    then = ended_since(table, at, names).offset(0).subquery("ended")
    return exchange(statement, {table: lambda: newer}), exchange(statement, {table: lambda: then})


def used(statement: ClauseElement, table: Table) -> list[str]:
    """The columns of a table that a statement speaks of: an index may have all of them."""
    found = {
        one.name for one in iterate(statement) if isinstance(one, Column) and one.table is table
    }
    return [one.name for one in table.columns if one.name in found] or ["change"]


def exchange(statement: Statement, by: Mapping[Table, Callable[[], FromClause]]) -> Statement:
    """A statement that reads other relations, of the same columns, in place of tables."""

    def replace(element: Any, **_: Any) -> Any:
        if isinstance(element, Table) and element in by:
            return by[element]()
        if isinstance(element, Column) and element.table in by:
            return by[element.table]().c[element.name]
        return None

    return cast("Statement", replacement_traverse(statement, {}, replace))

"""A table or a query as something to select from, with the columns it has now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from datasources.files.header import check_columns
from datasources.source import Unavailable
from datasources.sql.cells import plain
from datasources.sql.door import Door
from datasources.sql.how import How

Row = Mapping[str, Any]


@dataclass(frozen=True, eq=False, kw_only=True)
class Shape:
    """What is selected. `names`: the database's names -> ours (the map's capitals win)."""

    source: sa.FromClause
    names: Mapping[str, str]
    key: sa.ColumnElement[Any]
    changed: sa.ColumnElement[Any] | None
    key_at: int  # where the key stands in a row
    formats: Mapping[str, str]

    def all(self) -> sa.Select[Any]:
        """Every column, then the time of change where there is one."""
        columns: list[Any] = [sa.column(name) for name in self.names]
        return sa.select(*columns, *self._last()).select_from(self.source)

    def marks(self) -> sa.Select[Any]:
        """Key and time of change alone."""
        return sa.select(self.key, *self._last()).select_from(self.source)

    def row(self, cells: Sequence[Any]) -> Row:
        """A selected row, plain, under the names that the field map uses."""
        return {
            name: plain(cell, self.formats.get(name))
            for name, cell in zip(self.names.values(), cells, strict=False)
        }

    def _last(self) -> tuple[sa.ColumnElement[Any], ...]:
        return () if self.changed is None else (self.changed.label("changed__"),)


def shape(door: Door, how: How, name: str) -> Shape:
    """Ask which columns there are now; Malformed when one that is read is gone."""
    actual = _columns(door, how)
    names = _ours(actual, (*how.columns, how.key, *how.changed_at))
    check_columns(name, tuple(names.values()), (*how.columns, how.key, *how.changed_at))
    theirs = {ours: one for one, ours in names.items()}
    times: list[sa.ColumnElement[Any]] = [sa.column(theirs[one]) for one in how.changed_at]
    return Shape(
        source=_source(how, actual),
        names=names,
        key=sa.column(theirs[how.key]),
        changed=None if not times else times[0] if len(times) == 1 else sa.func.coalesce(*times),
        key_at=tuple(names.values()).index(how.key),
        formats=how.time_formats,
    )


def still(door: Door, how: How, found: Shape) -> None:
    """Unavailable when columns were added or taken away since: rows that were read lack them."""
    if tuple(_columns(door, how)) != tuple(found.names):
        raise Unavailable("its columns changed while it was read: it is asked again")


def _columns(door: Door, how: How) -> Sequence[str]:
    return door.rows(sa.select(sa.text("*")).select_from(_probed(how)).where(sa.false()), 1)[0]


def _ours(actual: Sequence[str], wanted: Sequence[str]) -> dict[str, str]:
    """Databases that know no small letters (or no capitals) still mean the same column."""
    folded = {one.casefold(): one for one in wanted}
    exact = set(actual)
    return {
        one: one if folded.get(one.casefold()) in (None, *exact) else folded[one.casefold()]
        for one in actual
    }


def _probed(how: How) -> sa.FromClause:
    if how.table is not None:
        return _table(how.table)
    # The operator's own text, from a file that only the operator writes; read-only all the same.
    return sa.text(f"({_escaped(how)}) source__")  # type: ignore[return-value]


def _source(how: How, columns: Sequence[str]) -> sa.FromClause:
    if how.table is not None:
        return _table(how.table)
    asked = sa.text(_escaped(how)).columns(*(sa.column(one) for one in columns))
    return asked.subquery("source__")


def _escaped(how: How) -> str:
    """A colon of the query is a colon (`::text` names no parameter); a comment ends with a line."""
    return (how.query or "").replace(":", "\\:") + "\n"


def _table(name: str) -> sa.TableClause:
    schema, _, table = name.rpartition(".")
    return sa.table(table, schema=schema or None)

"""A look at a database that nobody has mapped yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from datasources.sampling import Drafted
from datasources.source import Malformed, Surroundings
from datasources.sql import dialects
from datasources.sql.cells import plain
from datasources.sql.door import Door
from datasources.sql.how import READ_AT

_ROWS = 1000
_LISTED = 40  # tables that are named when none was said


def look(where: str, options: Mapping[str, str], around: Surroundings) -> Drafted:
    """Columns, key and some rows of a table; Malformed names the tables when none is said."""
    name = options.get("password_env")
    try:
        url = dialects.url_of(where, around.secrets.get(name) if name else None)
    except ValueError as error:
        raise Malformed(f"{where.rsplit('@', maxsplit=1)[-1]}: {error}") from error
    if url.get_backend_name() == "sqlite" and around.data_dir and url.database:
        url = url.set(database=str(around.data_dir / url.database))
    door = Door(url, url.render_as_string(hide_password=True), around.budget)
    table = options.get("table")
    if not table:
        raise Malformed(f"say --table, one of: {', '.join(_tables(door))}")
    schema, _, bare = table.rpartition(".")
    key = _primary_key(door, bare, schema or None)
    columns, rows = _rows(door, sa.table(bare, schema=schema or None), key)
    return Drafted(
        connection=connection(where, options, table),
        rows=[dict(zip(columns, map(plain, row), strict=True)) for row in rows],
        columns=columns,
        key=key,
        version=READ_AT,
        notes=() if key else ("the database names no primary key: which column identifies a row?",),
    )


def _tables(door: Door) -> list[str]:
    found = door.inspected(lambda one: [*one.get_table_names(), *one.get_view_names()])
    return found[:_LISTED]


def _primary_key(door: Door, name: str, schema: str | None) -> str | None:
    """The one column that is it; None for several, for none and for a view."""
    try:
        found = door.inspected(lambda one: one.get_pk_constraint(name, schema))
    except Malformed:  # a view, to some databases
        return None
    columns = found.get("constrained_columns") or []
    return columns[0] if len(columns) == 1 else None


def _rows(door: Door, table: sa.TableClause, key: str | None) -> tuple[Sequence[str], list[Any]]:
    """Some rows, the last ones where there is a key."""
    some = sa.select(sa.text("*")).select_from(table).limit(_ROWS)
    return door.rows(some.order_by(sa.column(key).desc()) if key else some, _ROWS)


def connection(where: str, options: Mapping[str, str], table: str) -> dict[str, Any]:
    """The address without its password, which goes into the environment."""
    url, name = sa.make_url(where), options.get("password_env")
    if url.password is not None:
        name = f"{options.get('id', 'source').upper().replace('-', '_')}_PASSWORD"
        where = url._replace(password=None).render_as_string(hide_password=False)
    secret = {"password": {"env": name}} if name else {}
    return {"url": where, **secret, "table": table}

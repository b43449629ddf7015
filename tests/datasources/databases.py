"""Outside databases with tickets in them, for the tests of sql_view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from centre.domain.sources import FieldMap, SourceConfig
from datasources.source import Batch, Surroundings
from datasources.sql.how import READ_AT
from datasources.sql_view import SqlView
from tests.datasources.make import NOW, around, source

FIELDS: Mapping[str, str | FieldMap] = {
    "key": "编号",
    "source_version": FieldMap(column="更新时间", format="iso"),
    "received_at": "登记时间",
    "title": "内容",
}
START = datetime(2026, 6, 1, 8)  # noqa: DTZ001 - as such tables have them


def engine_of(url: str) -> sa.Engine:
    """One that may write, unlike the adapter's."""
    for plain, driver in (("postgresql:", "postgresql+psycopg:"), ("mariadb:", "mariadb+pymysql:")):
        if url.startswith(plain):
            url = url.replace(plain, driver, 1)
    return sa.create_engine(url, poolclass=sa.pool.NullPool)


def tickets(name: str = "工单", key: sa.types.TypeEngine[Any] | None = None) -> sa.Table:
    """A table as a ticket system has it; `key`: the kind of its numbers."""
    return sa.Table(
        name,
        sa.MetaData(),
        sa.Column("编号", key or sa.String(40), primary_key=True, autoincrement=False),
        sa.Column("登记时间", sa.DateTime),
        sa.Column("更新时间", sa.DateTime, index=True),
        sa.Column("内容", sa.String(400)),
    )


def row(number: int, **other: Any) -> dict[str, Any]:
    """A ticket; each is changed a minute after the one before."""
    received = START + timedelta(minutes=number)
    return {
        "编号": f"A-{number:04d}",
        "登记时间": received,
        "更新时间": received + timedelta(hours=1),
        "内容": f"路灯不亮，第{number}盏",
        **other,
    }


def fill(url: str, rows: Sequence[Mapping[str, Any]], table: sa.Table | None = None) -> sa.Table:
    """Make the table where it is not there, and put rows into it."""
    table = tickets() if table is None else table
    engine = engine_of(url)
    with engine.begin() as conn:
        table.create(conn, checkfirst=True)
        if rows:
            conn.execute(sa.insert(table), list(rows))
    engine.dispose()
    return table


def run(url: str, *statements: sa.Executable) -> None:
    """Change something in it."""
    engine = engine_of(url)
    with engine.begin() as conn:
        for statement in statements:
            conn.execute(statement)
    engine.dispose()


def config_of(
    url: str,
    connection: Mapping[str, Any] | None = None,
    fields: Mapping[str, str | FieldMap] | None = None,
) -> SourceConfig:
    """The source file of a table of tickets; a key that is None is left out."""
    given = {"url": url, "table": "工单", "changed_at": "更新时间", **(connection or {})}
    known = {key: value for key, value in given.items() if value is not None}
    by = (
        FIELDS
        if given["changed_at"]
        else {**FIELDS, "source_version": FieldMap(column=READ_AT, format="iso")}
    )
    return source("sql_view", known, fields=fields or by)


def view(
    url: str,
    connection: Mapping[str, Any] | None = None,
    *,
    fields: Mapping[str, str | FieldMap] | None = None,
    around_: Surroundings | None = None,
) -> SqlView:
    """The adapter that looks at it."""
    return SqlView(config_of(url, connection, fields), around_ or around())


def drain(source: SqlView, cursor: Any = None, now: datetime = NOW) -> list[Batch]:
    """All batches until nothing more is promised."""
    found: list[Batch] = []
    more = True
    while more:
        more = False
        for batch in source.fetch(cursor, now):
            found.append(batch)
            cursor, more = batch.cursor, batch.more
    return found


def keys(batches: Iterable[Batch]) -> list[str]:
    """The numbers of all rows, in order."""
    return [str(one["编号"]) for batch in batches for one in batch.rows]

"""Reads of refused rows, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, exists, func, select, tuple_

from centre.domain.scope import EVERYTHING, Scope
from centre.store.queries.case_query import MOST, NUL, BadQuery
from centre.store.rejects import KEPT, Reject
from centre.store.tables import presence, rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejects:
    """A page of refused rows."""

    rows: tuple[Reject, ...]
    next_cursor: str | None


def rejects(
    conn: Connection,
    source: str,
    reason: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
    *,
    scope: Scope = EVERYTHING,
) -> Rejects:
    """Rows of a source that are still refused. Their unit may be what is wrong with them, so a
    reader of some units sees those of sources that answer for nothing else.
    """
    if NUL in source + (reason or "") + (cursor or ""):
        raise BadQuery("source, reason or cursor holds a NUL character; leave it out")
    statement = select(rejected).where(
        rejected.c.source == source, rejected.c.state == KEPT, *_allowed(source, scope)
    )
    if reason is not None:
        statement = statement.where(rejected.c.reason == reason)
    if cursor is not None:
        statement = statement.where(tuple_(rejected.c.change, rejected.c.id) < _decode(cursor))
    order = statement.order_by(rejected.c.change.desc(), rejected.c.id.desc())
    found = conn.execute(order.limit(min(limit, MOST) + 1))
    rows = tuple(Reject(**row._mapping) for row in found)
    shown = rows[: min(limit, MOST)]
    more = len(rows) > len(shown)
    last = f"{shown[-1].change}.{shown[-1].id}" if more and shown else None
    return Rejects(rows=shown, next_cursor=last)


def reasons(
    conn: Connection, source: str, *, scope: Scope = EVERYTHING
) -> Mapping[tuple[str, str], int]:
    """How many kept rows of a source were refused, by (field, reason)."""
    columns = (rejected.c.field, rejected.c.reason)
    counted = select(*columns, func.count().label("rows")).group_by(*columns)
    mine = counted.where(
        rejected.c.source == source, rejected.c.state == KEPT, *_allowed(source, scope)
    )
    return {(row.field, row.reason): row.rows for row in conn.execute(mine)}


def _decode(cursor: str) -> tuple[int, str]:
    change, _, number = cursor.partition(".")
    if not change.isdecimal() or len(change) > 18:
        raise BadQuery("the cursor is not one of ours; start again without it")
    return int(change), number


def _allowed(source: str, scope: Scope) -> list[ColumnElement[bool]]:
    if scope.units is None:
        return []
    mine = exists().where(presence.c.source == source)
    foreign = mine.where(presence.c.unit.not_in(sorted(scope.units)))
    return [mine, ~foreign]

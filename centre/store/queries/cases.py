"""Reads of cases: pages, one case with its history, groups, exports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from centre.domain.records import Case
from centre.domain.scope import Scope
from centre.store.queries import case_query
from centre.store.queries.case_query import MOST, NUL, BadQuery, CaseQuery, Mark
from centre.store.queries.scoping import allowed
from centre.store.tables import case as table
from centre.store.tables import case_row, case_version, change, row_shape

COUNTED = 100_000
"""Where counting stops: a screen says "more than 100,000". A count costs about 1 µs a case."""

GROUPS = (*case_query.FILTERS, "category_path", "dissatisfied_reason")
"""Columns that `slice_groups` can group by."""

_OWN = tuple(column for column in table.columns if column.name != "change")
_NAMES = tuple(column.name for column in _OWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Cases in order. `total` was counted at the first page; `is_capped`: there are more."""

    rows: tuple[Case, ...]
    next_cursor: str | None
    total: int
    is_capped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A case as it was known from change number `change` on, which was given at `at`."""

    change: int
    at: datetime
    case: Case


def slice(conn: Connection, query: CaseQuery, scope: Scope) -> Page:  # noqa: A001, RUF100
    """One page of the cases that a query finds; the exact number of a case finds it alone.

    By keyset: page 1,000 costs what page 1 does. Raises BadQuery.
    """
    mark = case_query.decode(query.cursor) if query.cursor else None
    if not 1 <= query.limit <= MOST:
        raise BadQuery(f"limit {query.limit}: choose 1 to {MOST}")
    statement = _ordered(_found(query, scope), query)
    if query.text and mark is None:
        found = numbered(conn, query.text, scope)
        if found:
            return Page(rows=found, next_cursor=None, total=len(found))
    if mark is not None:
        statement = statement.where(case_query.after(query, mark))
    rows = tuple(map(_case, conn.execute(statement.limit(query.limit + 1))))
    if mark is not None:
        total, is_capped = mark.total, mark.is_capped
    elif len(rows) <= query.limit:
        total, is_capped = len(rows), False
    else:
        total, is_capped = _count(conn, query, scope)
    return _page(query, rows, total, is_capped)


def _page(query: CaseQuery, rows: tuple[Case, ...], total: int, is_capped: bool) -> Page:
    shown, cursor = rows[: query.limit], None
    if len(rows) > query.limit:
        last, at = shown[-1], query.order.removeprefix("-")
        mark = Mark(
            at=getattr(last, at),
            source=last.source,
            key=last.key,
            total=total,
            is_capped=is_capped,
        )
        cursor = mark.encode()
    return Page(rows=shown, next_cursor=cursor, total=total, is_capped=is_capped)


def _found(query: CaseQuery, scope: Scope) -> Select[Any]:
    return select(*_OWN).where(*case_query.conditions(query), *allowed(table, scope))


def _ordered(statement: Select[Any], query: CaseQuery) -> Select[Any]:
    column, is_down = case_query.order_of(query)
    terms = [column, table.c.source, table.c.key]
    terms = [term.desc() if is_down else term.asc() for term in terms]
    if table.c[query.order.removeprefix("-")].nullable:
        terms[0] = terms[0].nulls_last()
    return statement.order_by(*terms)


def _count(conn: Connection, query: CaseQuery, scope: Scope) -> tuple[int, bool]:
    found = _found(query, scope).with_only_columns(table.c.key).limit(COUNTED + 1).subquery()
    counted = conn.scalar(select(func.count()).select_from(found)) or 0
    return min(counted, COUNTED), counted > COUNTED


def _case(row: Any) -> Case:
    return Case(**dict(zip(_NAMES, row, strict=True)))


def numbered(conn: Connection, key: str, scope: Scope) -> tuple[Case, ...]:
    """The cases with exactly this number, one for each source that has it."""
    if NUL in key:
        return ()
    statement = select(*_OWN).where(table.c.key == key.strip(), *allowed(table, scope))
    return tuple(map(_case, conn.execute(statement.order_by(table.c.source).limit(MOST))))


def stream(conn: Connection, query: CaseQuery, scope: Scope) -> Iterator[Case]:
    """Every case that a query finds, in its order, in bounded memory; for exports.

    As in `slice`, the exact number of a case finds it alone.
    """
    statement = _ordered(_found(query, scope), query)
    if query.text and (found := numbered(conn, query.text, scope)):
        yield from found
        return
    for row in conn.execute(statement, execution_options={"yield_per": 1_000}):
        yield _case(row)


def slice_groups(conn: Connection, query: CaseQuery, by: str, scope: Scope) -> dict[str, int]:
    """{value of a column: cases}, for combinations that no cube has; "" = not said."""
    key = func.coalesce(table.c[case_query.choose("by", by, GROUPS)], "")
    found = _found(query, scope).with_only_columns(key, func.count()).group_by(key)
    return dict(conn.execute(found).all())


def case(conn: Connection, source: str, key: str, scope: Scope) -> Case | None:
    """One case, or None where there is none or the scope does not allow it."""
    if NUL in source + key:
        return None
    found = select(*_OWN).where(
        table.c.source == source, table.c.key == key, *allowed(table, scope)
    )
    row = conn.execute(found).one_or_none()
    return _case(row) if row else None


def versions(conn: Connection, source: str, key: str, scope: Scope) -> tuple[Version, ...]:
    """What was known of a case, oldest first, and since when."""
    own = [case_version.c[column.name] for column in _OWN]
    statement = (
        select(case_version.c.change, change.c.at, *own)
        .join(change, change.c.change == case_version.c.change)
        .where(case_version.c.source == source, case_version.c.key == key)
        .where(*allowed(case_version, scope))
        .order_by(case_version.c.change)
        .limit(MOST)
    )
    return tuple(map(_version, conn.execute(statement)))


def _version(row: Any) -> Version:
    words = dict(row._mapping)
    return Version(change=words.pop("change"), at=words.pop("at"), case=Case(**words))


def row(conn: Connection, source: str, key: str, scope: Scope) -> Mapping[str, Any] | None:
    """The source's own row of a case, masked, at the latest version."""
    same = (case_row.c.source == table.c.source) & (case_row.c.key == table.c.key)
    statement = (
        select(row_shape.c.columns, case_row.c.row)
        .join(case_row, case_row.c.shape == row_shape.c.shape)
        .join(table, same)
        .where(table.c.source == source, table.c.key == key, *allowed(table, scope))
    )
    found = conn.execute(statement).one_or_none()
    return dict(zip(found.columns, found.row, strict=True)) if found else None

"""Reads of cases: pages, one case with its history, groups, exports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, exists, false, func, null, select, union_all

from centre.domain.records import Case, Pause
from centre.domain.scope import Scope
from centre.store import pauses
from centre.store.history import as_of, case_version, since
from centre.store.queries import case_query
from centre.store.queries.case_query import MOST, NUL, BadQuery, CaseQuery, Mark
from centre.store.queries.first import first
from centre.store.queries.scoping import allowed
from centre.store.tables import case as table
from centre.store.tables import case_row, change, row_shape

COUNTED = 100_000
"""Where counting stops: a screen says "more than 100,000". A count costs about 1 µs a case."""

GROUPS = (*case_query.FILTERS, "category_path", "dissatisfied_reason")
"""Columns that `slice_groups` can group by."""

_OWN = tuple(column for column in table.columns if column.name != "change")
_NAMES = tuple(column.name for column in _OWN)
_ROW = (*_OWN, table.c.change)  # the change names the version, and so its pauses
_STREAMED = 1_000  # rows of an export in memory at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Cases in order. `total` was counted at the first page; `is_capped`: there are more."""

    rows: tuple[Case, ...]
    next_cursor: str | None
    total: int
    is_capped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A case as it was known from change number `change` on, which was given at `at`.

    `kind`: of that change, "write" or what was done by hand. `ended`: the change since which it is
    not so, None for the current one; `gone`: because the case was removed, at `ended_at`.
    """

    change: int
    at: datetime
    case: Case
    kind: str
    ended: int | None = None
    gone: bool = False
    ended_at: datetime | None = None


def slice(  # noqa: A001, RUF100
    conn: Connection, query: CaseQuery, scope: Scope, *, at: int | None = None
) -> Page:
    """One page of the cases that a query finds; the exact number of a case finds it alone.

    By keyset: page 1,000 costs what page 1 does. Raises BadQuery.
    """
    mark = case_query.decode(query.cursor) if query.cursor else None
    if not 1 <= query.limit <= MOST:
        raise BadQuery(f"limit {query.limit}: choose 1 to {MOST}")
    if query.text and mark is None:
        found = numbered(conn, query.text, scope, at=at)
        if found:
            return Page(rows=found, next_cursor=None, total=len(found))
    statement = _found(query, scope)
    if mark is not None:
        statement = statement.where(case_query.after(query, mark))
    rows = _cases(conn, conn.execute(first(_ordered(statement, query), query.limit + 1, at)))
    if mark is not None:
        total, is_capped = mark.total, mark.is_capped
    elif len(rows) <= query.limit:
        total, is_capped = len(rows), False
    else:
        total, is_capped = _count(conn, query, scope, at)
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
    return select(*_ROW).where(*case_query.conditions(query), *allowed(table, scope))


def _ordered(statement: Select[Any], query: CaseQuery) -> Select[Any]:
    column, is_down = case_query.order_of(query)
    terms = [column, table.c.source, table.c.key]
    terms = [term.desc() if is_down else term.asc() for term in terms]
    if table.c[query.order.removeprefix("-")].nullable:
        terms[0] = terms[0].nulls_last()
    return statement.order_by(*terms)


def _count(conn: Connection, query: CaseQuery, scope: Scope, at: int | None) -> tuple[int, bool]:
    found, newer, then = _found(query, scope).with_only_columns(table.c.key), 0, 0
    if at is not None:
        both = since(found.with_only_columns(func.count()).select_from(table), table, at)
        newer, then = (conn.scalar(one) or 0 for one in both)
    # So many more that taking away what is newer cannot bring it below the cap.
    capped = select(func.count()).select_from(found.limit(COUNTED + 1 + newer).subquery())
    counted = (conn.scalar(capped) or 0) - newer + then
    return min(counted, COUNTED), counted > COUNTED


def _cases(conn: Connection, rows: Iterable[Any]) -> tuple[Case, ...]:
    """Rows that begin as _ROW does as cases, with their pauses."""
    every = list(rows)
    rests = pauses.of(conn, [(row.source, row.key, row.change) for row in every])
    return tuple(
        Case(
            **dict(zip(_NAMES, row, strict=False)),  # what stands behind them is no part of it
            pauses=rests.get((row.source, row.key, row.change), ()),
        )
        for row in every
    )


def numbered(
    conn: Connection, key: str, scope: Scope, *, at: int | None = None
) -> tuple[Case, ...]:
    """The cases with exactly this number, one for each source that has it."""
    if NUL in key:
        return ()
    statement = select(*_ROW).where(table.c.key == key.strip(), *allowed(table, scope))
    ordered = statement.order_by(table.c.source).limit(MOST)
    return _cases(conn, conn.execute(as_of(ordered, at)))


def stream(
    conn: Connection, query: CaseQuery, scope: Scope, *, at: int | None = None
) -> Iterator[Case]:
    """Every case that a query finds, in its order, in bounded memory; for exports.

    As in `slice`, the exact number of a case finds it alone.
    """
    statement = _ordered(_found(query, scope), query)
    if query.text and (found := numbered(conn, query.text, scope, at=at)):
        yield from found
        return
    answer = conn.execute(as_of(statement, at), execution_options={"yield_per": _STREAMED})
    for rows in answer.partitions():
        yield from _cases(conn, rows)


def slice_groups(
    conn: Connection, query: CaseQuery, by: str, scope: Scope, *, at: int | None = None
) -> dict[str, int]:
    """{value of a column: cases}, for combinations that no cube has; "" = not said."""
    key = func.coalesce(table.c[case_query.choose("by", by, GROUPS)], "")
    found = _found(query, scope).with_only_columns(key, func.count()).group_by(key)
    return dict(conn.execute(as_of(found, at)).all())


def case(
    conn: Connection, source: str, key: str, scope: Scope, *, at: int | None = None
) -> Case | None:
    """One case, or None where there is none or the scope does not allow it."""
    if NUL in source + key:
        return None
    found = select(*_ROW).where(
        table.c.source == source, table.c.key == key, *allowed(table, scope)
    )
    return next(iter(_cases(conn, conn.execute(as_of(found, at)))), None)


def versions(
    conn: Connection, source: str, key: str, scope: Scope, *, at: int | None = None
) -> tuple[Version, ...]:
    """What was known of a case, oldest first, and since when; also of one that was removed."""
    arms = (
        select(of.c.change, ended.label("ended"), gone.label("gone"))
        .add_columns(*(of.c[name] for name in _NAMES))
        .where(of.c.source == source, of.c.key == key, *allowed(of, scope))
        for of, ended, gone in (
            (case_version, case_version.c.ended, case_version.c.gone),
            (table, null(), false()),
        )
    )
    every, end = union_all(*arms).subquery(), change.alias()
    statement = (
        select(change.c.at, change.c.kind.label("kind_"), end.c.at.label("ended_at"), *every.c)
        .join(every, every.c.change == change.c.change)
        .outerjoin(end, end.c.change == every.c.ended)
    )
    if at is not None:
        statement = statement.where(every.c.change <= at)
    ordered = list(conn.execute(statement.order_by(every.c.change).limit(MOST)))
    rests = pauses.of(conn, [(source, key, row.change) for row in ordered])
    return tuple(_version(row, rests.get((source, key, row.change), ()), at) for row in ordered)


def _version(row: Any, rests: tuple[Pause, ...], at: int | None) -> Version:
    words = {**row._mapping, "pauses": rests}
    when, number, kind = words.pop("at"), words.pop("change"), words.pop("kind_")
    ended, gone, ended_at = words.pop("ended"), words.pop("gone"), words.pop("ended_at")
    if at is not None and ended is not None and ended > at:  # nobody knew yet that it would
        ended, gone, ended_at = None, False, None
    return Version(
        change=number,
        at=when,
        case=Case(**words),
        kind=kind,
        ended=ended,
        gone=bool(gone),
        ended_at=ended_at,
    )


def row(
    conn: Connection, source: str, key: str, scope: Scope, *, at: int | None = None
) -> Mapping[str, Any] | None:
    """The source's own row of a case, masked, at the latest version; no earlier one is kept.

    With `at`: None where the case has changed since, for the row would be of another version.
    """
    same = (case_row.c.source == table.c.source) & (case_row.c.key == table.c.key)
    statement = (
        select(row_shape.c.columns, case_row.c.row)
        .join(case_row, case_row.c.shape == row_shape.c.shape)
        .join(table, same)
        .where(table.c.source == source, table.c.key == key, *allowed(table, scope))
    )
    if at is not None:
        statement = statement.where(table.c.change <= at)
    found = conn.execute(statement).one_or_none()
    return dict(zip(found.columns, found.row, strict=True)) if found else None


def with_rows(
    conn: Connection,
    source: str,
    *,
    after: str,
    limit: int,
    until: str | None = None,
    received: tuple[datetime, datetime] | None = None,
    is_first: bool | None = None,
) -> tuple[tuple[Case, Mapping[str, Any]], ...]:
    """Cases of a source beside the rows they were made of, by key, behind `after` to `until`.

    `received`: from, until (exclusive). `is_first`: only those of which no earlier version is
    known (True), or one is (False). A case whose row was not kept is left out.
    """
    own, c = case_row.c, table.c
    same = (own.source == c.source) & (own.key == c.key)
    statement = (
        select(*_ROW, row_shape.c.columns.label("columns_"), own.row.label("row_"))
        .join(case_row, same)
        .join(row_shape, own.shape == row_shape.c.shape)
        .where(c.source == source, c.key > after)
    )
    if until is not None:
        statement = statement.where(c.key <= until)
    if received is not None:
        statement = statement.where(c.received_at >= received[0], c.received_at < received[1])
    if is_first is not None:
        old = case_version.c
        earlier = exists().where(old.source == c.source, old.key == c.key)
        statement = statement.where(~earlier if is_first else earlier)
    found = list(conn.execute(statement.order_by(c.key).limit(limit)))
    words = (dict(zip(row.columns_, row.row_, strict=True)) for row in found)
    return tuple(zip(_cases(conn, found), words, strict=True))

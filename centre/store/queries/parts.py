"""Parts read in ways that the everyday queries do not: exact moments, some days, up to an hour.

Cubes know whole local days and hours. What begins or ends between is summed over the records
themselves, by the same SQL; on cases only `received_at` has an index for that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, func, select, tuple_

from centre.domain.scope import Scope
from centre.store.bulk import listed
from centre.store.history import HISTORY, as_of, exchange
from centre.store.parts import COLUMNS, Part
from centre.store.past import Cut, Past, amounts, change_of, tidy
from centre.store.queries.scoping import allowed, part_id
from centre.store.tables import cube, reading, source, touched

ByDay = dict[tuple[str, str], dict[int, float]]
"""(part, unit) -> ordinal of the local day -> amount; the shape of `queries.by_day`."""

ByKey = dict[tuple[str, str], dict[int, float]]
"""(unit, key) -> ordinal of the local day -> amount."""

DayUnit = tuple[int, str]
"""(ordinal of a local day, unit)."""


class CubeCell(NamedTuple):
    """One row of the cubes."""

    part: str
    dim: str
    day: int
    unit: str
    key: str
    amount: float


KEYS = {
    "case": ("channel", "handler", "handler_kind", "category", "street", "nature", "applicant"),
    "reading": (),
    "asset": ("category",),
}
"""Columns that `between` can group by, for each table."""


def between(
    conn: Connection,
    parts: Sequence[Part],
    start: datetime,
    end: datetime,
    *,
    scope: Scope,
    by: str | None = None,
    past: Past | None = None,
) -> dict[tuple[str, str, str], float]:
    """(part, unit, key) -> the sum over [start, end), exact to the microsecond.

    A part without any row is absent, not 0. `by` is one of KEYS of the part's table, or one of the
    part's own dims; key is "" without it and where the record does not say. Cost: without an
    index, all rows of the table.
    """
    groups: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        groups[str(part.anchor)].append(part)
    sums: dict[tuple[str, str, str], float] = {}
    for same_anchor in groups.values():
        sums |= _between(conn, same_anchor, start, end, scope=scope, by=by, past=past)
    return sums


def _between(
    conn: Connection,
    parts: Sequence[Part],
    start: datetime,
    end: datetime,
    *,
    scope: Scope,
    by: str | None,
    past: Past | None,
) -> dict[tuple[str, str, str], float]:
    anchor = parts[0].anchor
    table = anchor.table
    named = table.c[COLUMNS.get(by, by)] if by else None
    key: ColumnElement[str] = sa.literal("") if named is None else func.coalesce(named, "")
    sums = [func.sum(sa.case((part.where, part.amount))) for part in parts]
    statement = (
        select(table.c.unit, key.label("key"), *sums)
        .where(anchor >= start, anchor < end, *allowed(table, scope))
        .group_by(table.c.unit, *((key,) if by else ()))
    )
    return {
        (part.id, unit, text): tidy(float(amount), past)
        for unit, text, *found in conn.execute(as_of(statement, change_of(past)))
        for part, amount in zip(parts, found, strict=True)
        if amount is not None
    }


def on_days(
    conn: Connection,
    parts: Collection[Part | str],
    dim: str,
    days: Collection[int],
    *,
    scope: Scope,
    before: str | None = None,
    only: str | None = None,
    past: Past | None = None,
) -> ByDay:
    """Cube sums of some days (ordinals) over all keys of `dim`, those `before` a key, or one.

    With dim "hour" and before "10": what the first ten hours of each day amounted to.
    """
    limits = _cells(parts, dim, days, scope)
    if before is not None:
        limits.append(cube.c.key < before)
    if only is not None:
        limits.append(cube.c.key == only)
    statement = (
        select(cube.c.part, cube.c.unit, cube.c.day, func.sum(cube.c.amount))
        .where(*limits)
        .group_by(cube.c.part, cube.c.unit, cube.c.day)
    )
    sums: ByDay = defaultdict(dict)

    def within(day: int, unit: str, key: str) -> bool:
        is_early = (before is None or key < before) and (only is None or key == only)
        return is_early and day in days and scope.allows_unit(unit)

    span = (min(days, default=0), max(days, default=0))
    cut = Cut(parts=tuple(parts), dim=dim, span=span, by=("part", "unit", "day"), within=within)
    for part, unit, day, amount in amounts(conn, statement, cut, past):
        sums[part, unit][day] = amount
    return dict(sums)


def by_key_on_days(
    conn: Connection,
    part: Part | str,
    dim: str,
    days: Collection[int],
    scope: Scope,
    *,
    past: Past | None = None,
) -> ByKey:
    """(unit, key) -> day -> amount, for one part and dimension on some days (ordinals)."""
    statement = select(cube.c.unit, cube.c.key, cube.c.day, cube.c.amount).where(
        *_cells((part,), dim, days, scope)
    )
    sums: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)

    def within(day: int, unit: str, _: str) -> bool:
        return day in days and scope.allows_unit(unit)

    span = (min(days, default=0), max(days, default=0))
    cut = Cut(parts=(part,), dim=dim, span=span, by=("unit", "key", "day"), within=within)
    for unit, key, day, amount in amounts(conn, statement, cut, past):
        sums[unit, key][day] = amount
    return dict(sums)


def cells_of(
    conn: Connection,
    parts: Collection[str],
    dims: Collection[str],
    days: Collection[DayUnit],
    scope: Scope,
) -> list[CubeCell]:
    """The cells of some days of some units; reads their rows alone."""
    if not days:
        return []
    place = (cube.c.day, cube.c.unit)
    statement = select(*cube.columns).where(
        cube.c.part.in_(sorted(parts)),
        cube.c.dim.in_(sorted(dims)),
        tuple_(*place).in_(listed(place, sorted(days), conn.dialect)),
        *allowed(cube, scope),
    )
    return [CubeCell(*row) for row in conn.execute(statement)]


def touched_since(conn: Connection, change: int) -> frozenset[DayUnit]:
    """The days of units of which some cell has moved after a change number.

    Without a scope: it says where to look again, and whoever looks there brings one.
    """
    moved = select(touched.c.day, touched.c.unit).where(touched.c.change > change)
    return frozenset((day, unit) for day, unit in conn.execute(moved))


def deliverers(conn: Connection, what: Part | str, *, at: int | None = None) -> frozenset[str]:
    """Ids of the sources that ever delivered a row of a part, or a reading of a series.

    Without a scope: how fresh a figure is, is the same for every reader of it.
    """
    table, where = (
        (reading, reading.c.series == what)
        if isinstance(what, str)
        else (what.anchor.table, what.where)
    )
    rows = sa.exists().where(table.c.source == source.c.id, where)
    own: ColumnElement[bool] = rows
    if at is not None:
        then = HISTORY[table]
        ended = exchange(rows, {table: lambda: then}).where(then.c.change <= at, then.c.ended > at)
        own = sa.or_(rows.where(table.c.change <= at), ended)
    return frozenset(conn.scalars(select(source.c.id).where(own)))


def _cells(
    parts: Collection[Part | str], dim: str, days: Collection[int], scope: Scope
) -> list[ColumnElement[bool]]:
    return [
        cube.c.part.in_(sorted(map(part_id, parts))),
        cube.c.dim == dim,
        cube.c.day.in_(sorted(days)),
        *allowed(cube, scope),
    ]

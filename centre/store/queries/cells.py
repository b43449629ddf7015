"""Reads of the cubes: what every fixed figure and drill-down is made of; now or as of a `past`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from centre.domain.periods import Days
from centre.domain.places import CITY
from centre.domain.scope import Scope
from centre.store.cellpack import Span
from centre.store.parts import Part
from centre.store.past import Cut, Past, amounts, look_up
from centre.store.queries.scoping import allowed, part_id
from centre.store.tables import cube


def by_day(
    conn: Connection,
    parts: Iterable[Part | str],
    days: Days,
    scope: Scope,
    *,
    past: Past | None = None,
) -> dict[tuple[str, str], dict[int, float]]:
    """{(part, unit): {ordinal day: amount}}; what is absent is nothing, or not known: ask presence.

    Cost: 24 parts, 22 units and 30 days are 10,000 cells and take 16 ms on SQLite.
    """
    parts = list(parts)
    ids = sorted({part_id(part) for part in parts})
    statement = select(cube.c.part, cube.c.unit, cube.c.day, cube.c.amount).where(
        cube.c.part.in_(ids), cube.c.dim == "", _within(days), *allowed(cube, scope)
    )
    found: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    cut = Cut(
        parts=tuple(parts),
        dim="",
        span=_span(days),
        by=("part", "unit", "day"),
        within=_holds(days, scope),
    )
    for part, unit, day, amount in amounts(conn, statement, cut, past):
        found[part, unit][day] = amount
    return dict(found)


def expect(
    conn: Connection, parts: Iterable[Part], dim: str, days: Days, *, past: Past | None = None
) -> None:
    """Look up together of the past what is then asked part by part; of now nothing."""
    if past is not None:
        look_up(conn, parts, (dim, _span(days)), past)


def by_key(
    conn: Connection,
    part: Part | str,
    dim: str,
    days: Days,
    scope: Scope,
    *,
    unit: str = CITY,
    past: Past | None = None,
) -> dict[str, float]:
    """{value of a dimension: amount} of one unit or of all that are allowed; "" = not said."""
    statement = _sums(part, dim, days, scope, cube.c.key)
    if unit != CITY:
        statement = statement.where(cube.c.unit == unit)
    units = None if unit == CITY else frozenset((unit,))
    cut = Cut(
        parts=(part,), dim=dim, span=_span(days), by=("key",), within=_holds(days, scope, units)
    )
    return {key: amount for key, amount in amounts(conn, statement, cut, past)}  # noqa: C416


def by_unit_key(
    conn: Connection,
    part: Part | str,
    dim: str,
    days: Days,
    scope: Scope,
    *,
    past: Past | None = None,
) -> dict[tuple[str, str], float]:
    """{(unit, value of a dimension): amount}."""
    statement = _sums(part, dim, days, scope, cube.c.unit, cube.c.key)
    cut = Cut(
        parts=(part,), dim=dim, span=_span(days), by=("unit", "key"), within=_holds(days, scope)
    )
    rows = amounts(conn, statement, cut, past)
    return {(unit, key): amount for unit, key, amount in rows}


def stock(
    conn: Connection,
    part: Part | str,
    until_day: int,
    scope: Scope,
    *,
    past: Past | None = None,
) -> dict[str, float]:
    """{unit: amount} of all days up to and including an ordinal day."""
    statement = (
        select(cube.c.unit, func.sum(cube.c.amount))
        .where(cube.c.part == part_id(part), cube.c.dim == "", cube.c.day <= until_day)
        .where(*allowed(cube, scope))
        .group_by(cube.c.unit)
    )
    cut = Cut(
        parts=(part,), dim="", span=(0, until_day), by=("unit",), within=_until(until_day, scope)
    )
    return {unit: amount for unit, amount in amounts(conn, statement, cut, past)}  # noqa: C416


def stocks(
    conn: Connection,
    parts: Collection[Part | str],
    until_day: int,
    scope: Scope,
    *,
    past: Past | None = None,
) -> dict[tuple[str, str], float]:
    """{(part, unit): amount} of all days up to and including an ordinal day."""
    statement = (
        select(cube.c.part, cube.c.unit, func.sum(cube.c.amount))
        .where(
            cube.c.part.in_(sorted(map(part_id, parts))), cube.c.dim == "", cube.c.day <= until_day
        )
        .where(*allowed(cube, scope))
        .group_by(cube.c.part, cube.c.unit)
    )
    own = tuple(parts)
    cut = Cut(
        parts=own, dim="", span=(0, until_day), by=("part", "unit"), within=_until(until_day, scope)
    )
    rows = amounts(conn, statement, cut, past)
    return {(part, unit): amount for part, unit, amount in rows}


def _sums(
    part: Part | str, dim: str, days: Days, scope: Scope, *columns: ColumnElement[str]
) -> Any:
    return (
        select(*columns, func.sum(cube.c.amount))
        .where(cube.c.part == part_id(part), cube.c.dim == dim, _within(days))
        .where(*allowed(cube, scope))
        .group_by(*columns)
    )


def _span(days: Days) -> Span:
    return days.first.toordinal(), days.last.toordinal()


def _within(days: Days) -> ColumnElement[bool]:
    return cube.c.day.between(*_span(days))


def _holds(
    days: Days, scope: Scope, units: Collection[str] | None = None
) -> Callable[[int, str, str], bool]:
    """What `_within` and the scope say of a row, of a cell."""
    first, last = _span(days)
    return lambda day, unit, _: (
        first <= day <= last and scope.allows_unit(unit) and (units is None or unit in units)
    )


def _until(last: int, scope: Scope) -> Callable[[int, str, str], bool]:
    return lambda day, unit, _: day <= last and scope.allows_unit(unit)

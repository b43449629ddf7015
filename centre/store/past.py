"""Cubes as they were known at a change: what is stored now, less what changed since then.

    cells then = cells now - what rows changed since amount to now + what they amounted to then

The cost follows what changed since. Where that is more than what did not, the rows that were known
then are counted anew instead.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, Subquery, func, literal, select, true, union_all

from centre.store import history, measure
from centre.store.bulk import listed
from centre.store.history import HISTORY
from centre.store.measure import NOTHING, Cells, Plan, Tally
from centre.store.parts import Part
from centre.store.tables import cube

_DIGITS = 6
"""Differences of floating numbers leave noise in their last digits; nothing of ours is so fine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What was known at a change number. `zone`: of the days of the cubes."""

    at: int
    zone: ZoneInfo


def past_of(at: int | None, zone: ZoneInfo) -> Past | None:
    """The past of a change number; None: now."""
    return None if at is None else Past(at=at, zone=zone)


def change_of(past: Past | None) -> int | None:
    """Its change number, as reads of records take it."""
    return past.at if past else None


def tidy(amount: float, past: Past | None) -> float:
    """An amount of the past without the noise of subtraction; one of now as it is stored."""
    return round(amount, _DIGITS) if past else amount


def amounts(
    conn: Connection,
    statement: Select[Any],
    parts: Iterable[Part | str],
    dims: Collection[str],
    past: Past | None,
) -> list[Any]:
    """The rows of a statement over the cubes whose last column is an amount, as of then.

    `parts` and `dims` are those that it reads; the past needs the parts themselves, not their ids.
    """
    if past is None:
        return list(conn.execute(statement))
    rows = conn.execute(_as_of(conn, statement, _whole(parts), dims, past))
    found = ((*row[:-1], tidy(row[-1], past)) for row in rows)
    return [row for row in found if abs(row[-1]) >= NOTHING]


def _whole(parts: Iterable[Part | str]) -> list[Part]:
    found = {}
    for part in parts:
        if isinstance(part, str):
            raise TypeError(f"{part}: the past of a part needs the Part, its id says too little")
        found[part.id] = part
    return list(found.values())


def _as_of(
    conn: Connection,
    statement: Select[Any],
    parts: Iterable[Part],
    dims: Collection[str],
    past: Past,
) -> Select[Any]:
    tally, anew = Tally(past.zone), list[str]()
    for plan in measure.plans(tuple(parts), frozenset(dims)):
        if _is_mostly_newer(conn, plan, past.at):
            tally.add(plan, conn.execute(history.as_of(plan.statement, past.at)))
            anew += [part for part, _, _ in plan.parts]
        else:
            _add_difference(conn, tally, plan, past.at)
    cells = tally.cells()
    if not cells and not anew:
        return statement
    known = _known(conn, statement, cells, anew)
    return history.exchange(statement, {cube: lambda: known})


def _is_mostly_newer(conn: Connection, plan: Plan, at: int) -> bool:
    """Whether more rows of a table were written after a change than are still as they were."""
    change = plan.table.c.change
    newer = conn.scalar(select(func.count()).select_from(plan.table).where(change > at)) or 0
    older = select(literal(1)).where(change <= at).limit(newer).subquery()
    return newer > 0 and newer > (conn.scalar(select(func.count()).select_from(older)) or 0)


def _add_difference(conn: Connection, tally: Tally, plan: Plan, at: int) -> None:
    table, then = plan.table, HISTORY[plan.table]
    tally.add(plan, conn.execute(plan.statement.where(table.c.change > at)), sign=-1)
    since = history.exchange(plan.statement, {table: lambda: then})
    tally.add(plan, conn.execute(since.where(then.c.change <= at, then.c.ended > at)))


def _known(
    conn: Connection, statement: Select[Any], cells: Cells, anew: Collection[str]
) -> Subquery:
    """The cells of then: those stored that the statement reads, and the differences."""
    asked = statement.whereclause if statement.whereclause is not None else true()
    stored = select(*cube.columns).where(asked, cube.c.part.not_in(sorted(anew)))
    rows = [(*cell, amount) for cell, amount in cells.items()]
    every = union_all(stored, listed(tuple(cube.columns), rows, conn.dialect)).subquery()
    cell = [every.c[one.name] for one in cube.primary_key.columns]
    total = func.sum(every.c.amount)
    grouped = select(*cell, total.label("amount")).group_by(*cell)
    return grouped.having(func.abs(total) >= NOTHING).subquery("cube_known")

"""Cubes as they were known at a change: what is stored now, less what changed since then.

    cells then = cells now - what rows changed since amount to now + what they amounted to then

Only the rows up to the next block of the journal are looked at, what moved since then it has noted:
see journal.py. Where it has not, and more changed than did not, the rows that were known then are
counted anew instead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, select

from centre.domain.workdays import grained
from centre.store import changes, history, journal, measure
from centre.store.cellpack import Span
from centre.store.history import HISTORY
from centre.store.measure import NOTHING, Cells, Plan, Tally
from centre.store.parts import Part
from centre.store.tables import cube

_DIGITS, _NOISE = 6, 1e-9
"""Differences of floating numbers leave noise in their last digits; nothing of ours is so fine.
Sums of durations are in whole grains and have none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What was known at a change number. `zone`: of the days of the cubes."""

    at: int
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Which cells a statement over the cubes reads, and by which of their columns it sums them.

    `within` says of a cell's (day, unit, key) what the statement's conditions say of a row; `span`
    holds all days that it says yes to.
    """

    parts: tuple[Part | str, ...]
    dim: str
    span: Span
    by: tuple[str, ...]
    within: Callable[[int, str, str], bool]


def past_of(at: int | None, zone: ZoneInfo) -> Past | None:
    """The past of a change number; None: now."""
    return None if at is None else Past(at=at, zone=zone)


def change_of(past: Past | None) -> int | None:
    """Its change number, as reads of records take it."""
    return past.at if past else None


def tidy(amount: float, past: Past | None) -> float:
    """An amount of the past without the noise of subtraction; one of now as it is stored."""
    if past is None:
        return amount
    whole = grained(amount)
    return whole if abs(whole - amount) < _NOISE else round(amount, _DIGITS)


def amounts(conn: Connection, statement: Select[Any], cut: Cut, past: Past | None) -> list[Any]:
    """The rows of a statement over the cubes, (*by, amount), as of then.

    The past needs the parts themselves, not their ids.
    """
    if past is None:
        return list(conn.execute(statement))
    cells, anew = _differences(conn, _whole(cut.parts), (cut.dim, cut.span), past)
    if anew:
        statement = statement.where(cube.c.part.not_in(sorted(anew)))
    sums: dict[tuple[Any, ...], float] = defaultdict(float)
    for *own, amount in conn.execute(statement):
        sums[tuple(own)] += amount
    places = [("part", "dim", "day", "unit", "key").index(name) for name in cut.by]
    for cell, amount in cells.items():
        if cut.within(*cell[2:]):
            sums[tuple(cell[place] for place in places)] += amount
    rows = ((*own, tidy(amount, past)) for own, amount in sums.items())
    return [row for row in rows if abs(row[-1]) >= NOTHING]


def _whole(parts: Iterable[Part | str]) -> list[Part]:
    found = {}
    for part in parts:
        if isinstance(part, str):
            raise TypeError(f"{part}: the past of a part needs the Part, its id says too little")
        found[part.id] = part
    return list(found.values())


Where = tuple[str, Span]
"""A dimension and some days of the cubes."""


class _Seen:
    """What one connection has found out about a past."""

    def __init__(self, conn: Connection, moment: tuple[object, ...], at: int) -> None:
        self.moment, self.at = moment, at
        self.is_over = changes.is_newer(conn, at)
        self.noted = journal.noted(conn) if self.is_over else {}
        self.firsts: dict[int, int | None] = {}
        self.cells: dict[tuple[str, Where], Cells] = {}
        self.anew: set[tuple[str, Where]] = set()

    def first(self, conn: Connection, part: str) -> int | None:
        """The block of the journal from which on it knows a part; None: from none."""
        lowest = max(self.at + 1, self.noted.get(part, 0))
        if lowest not in self.firsts:
            self.firsts[lowest] = journal.first_block(conn, lowest)
        return self.firsts[lowest]


_SEEN: WeakKeyDictionary[Connection, _Seen] = WeakKeyDictionary()


def _differences(
    conn: Connection, parts: list[Part], where: Where, past: Past
) -> tuple[Cells, list[str]]:
    """Cells to be added to those stored; and of which parts none of those stored hold."""
    seen = look_up(conn, parts, where, past)
    cells: Cells = {}
    for part in parts:
        cells |= seen.cells[part.id, where]
    return cells, [part.id for part in parts if (part.id, where) in seen.anew]


def look_up(conn: Connection, parts: Iterable[Part], where: Where, past: Past) -> _Seen:
    """Find out the past of some parts, once for each connection: an answer asks more than once."""
    moment = (past, changes.latest(conn))
    seen = _SEEN.get(conn)
    if seen is None or seen.moment != moment:
        seen = _SEEN[conn] = _Seen(conn, moment, past.at)
    new = [part for part in parts if (part.id, where) not in seen.cells]
    seen.cells |= {(part.id, where): {} for part in new}
    if new and seen.is_over:
        _add(conn, new, where, past, seen)
    return seen


def _add(conn: Connection, parts: list[Part], where: Where, past: Past, seen: _Seen) -> None:
    tally, blocks = Tally(past.zone), defaultdict[int | None, list[Part]](list)
    for part in parts:
        blocks[seen.first(conn, part.id)].append(part)
    for first, some in blocks.items():
        for plan in measure.plans(tuple(some), frozenset(where[:1])):
            if first is None and _is_mostly_newer(conn, plan, past.at):
                tally.add(plan, conn.execute(history.as_of(plan.statement, past.at)))
                seen.anew |= {(part, where) for group in plan.groups for part in group.parts}
            elif first is None or past.at + 1 < first:
                _add_difference(conn, tally, plan, past.at, first)
    cells = tally.cells()
    for first, some in blocks.items():
        _take_blocks(conn, cells, some, where, first)
    for cell, amount in cells.items():
        if cell[1] == where[0]:
            seen.cells[cell[0], where][cell] = amount


def _take_blocks(
    conn: Connection, cells: Cells, parts: Iterable[Part], where: Where, first: int | None
) -> None:
    if first is None:
        return
    for cell, amount in journal.since(conn, [part.id for part in parts], where, first).items():
        cells[cell] = cells.get(cell, 0.0) - amount


def _is_mostly_newer(conn: Connection, plan: Plan, at: int) -> bool:
    """Whether more rows of a table were written after a change than are still as they were."""
    change = plan.table.c.change
    newer = conn.scalar(select(func.count()).select_from(plan.table).where(change > at)) or 0
    older = select(literal(1)).where(change <= at).limit(newer).subquery()
    return newer > 0 and newer > (conn.scalar(select(func.count()).select_from(older)) or 0)


def _add_difference(conn: Connection, tally: Tally, plan: Plan, at: int, first: int | None) -> None:
    """Take away what the changes after `at` and before `first` (None: all) made of their rows."""
    table, then = plan.table, HISTORY[plan.table]
    of_history = _of_history(plan)
    tally.add(
        plan, conn.execute(plan.statement.where(_between(table.c.change, at, first))).all(), -1
    )
    if first is not None:
        later = and_(_between(then.c.change, at, first), then.c.ended >= first)
        tally.add(plan, conn.execute(of_history.where(later)).all(), -1)
    known = history.was_known(table, at)
    ended = of_history.where(*known, *((then.c.ended < first,) if first is not None else ()))
    tally.add(plan, conn.execute(ended).all())


@lru_cache(maxsize=256)
def _of_history(plan: Plan) -> Select[Any]:
    """What a plan reads, of the rows that are no longer current."""
    return history.exchange(plan.statement, {plan.table: lambda: HISTORY[plan.table]})


def _between(column: ColumnElement[int], at: int, first: int | None) -> ColumnElement[bool]:
    return column > at if first is None else column.between(at + 1, first - 1)

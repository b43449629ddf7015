"""Cubes as they were known at a change: what is stored now, less what changed since then.

    cells then = cells now - what rows changed since amount to now + what they amounted to then

Of totals only the rows up to the next block of the journal are looked at: see journal.py. The cost
follows what changed since. Where that is more than what did not, the rows that were known then are
counted anew instead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, func, literal, select

from centre.domain.workdays import grained
from centre.store import changes, history, journal, measure
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

    `within` says of a cell's (day, unit, key) what the statement's conditions say of a row.
    """

    parts: tuple[Part | str, ...]
    dim: str
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
    cells, anew = _differences(conn, _whole(cut.parts), cut.dim, past)
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


class _Seen:
    """What one connection has found out about a past: of each part and dimension, its cells."""

    def __init__(self, moment: tuple[object, ...]) -> None:
        self.moment = moment
        self.cells: dict[tuple[str, str], Cells] = {}
        self.anew: set[tuple[str, str]] = set()


_SEEN: WeakKeyDictionary[Connection, _Seen] = WeakKeyDictionary()


def _differences(
    conn: Connection, parts: list[Part], dim: str, past: Past
) -> tuple[Cells, list[str]]:
    """Cells to be added to those stored; and of which parts none of those stored hold.

    An answer asks for its parts more than once: they are looked up once for each connection.
    """
    moment = (past, changes.latest(conn))
    seen = _SEEN.get(conn)
    if seen is None or seen.moment != moment:
        seen = _SEEN[conn] = _Seen(moment)
    new = [part for part in parts if (part.id, dim) not in seen.cells]
    if new:
        _look_up(conn, new, dim, past, seen)
    cells: Cells = {}
    for part in parts:
        cells |= seen.cells[part.id, dim]
    return cells, [part.id for part in parts if (part.id, dim) in seen.anew]


def _look_up(conn: Connection, parts: list[Part], dim: str, past: Past, seen: _Seen) -> None:
    seen.cells |= {(part.id, dim): {} for part in parts}
    if not changes.is_newer(conn, past.at):
        return
    tally = Tally(past.zone)
    blocks = _blocks(conn, parts, dim, past.at)
    for first, some in blocks.items():
        for plan in measure.plans(tuple(some), frozenset((dim,))):
            if first is None and _is_mostly_newer(conn, plan, past.at):
                tally.add(plan, conn.execute(history.as_of(plan.statement, past.at)))
                seen.anew |= {(part, dim) for part, _, _ in plan.parts}
            else:
                _add_difference(conn, tally, plan, past.at, first)
    cells = tally.cells()
    for first, some in blocks.items():
        _take_blocks(conn, cells, some, first)
    for cell, amount in cells.items():
        if cell[1] == dim:
            seen.cells[cell[0], dim][cell] = amount


def _blocks(
    conn: Connection, parts: list[Part], dim: str, at: int
) -> Mapping[int | None, list[Part]]:
    """The parts by the block of the journal from which on it knows them; only of totals."""
    found: dict[int | None, list[Part]] = defaultdict(list)
    known = journal.first_blocks(conn, [part.id for part in parts], at) if dim == "" else {}
    for part in parts:
        found[known.get(part.id)].append(part)
    return found


def _take_blocks(conn: Connection, cells: Cells, parts: Iterable[Part], first: int | None) -> None:
    if first is None:
        return
    for one in journal.since(conn, [part.id for part in parts], first):
        cell = (one.part, "", one.day, one.unit, "")
        cells[cell] = cells.get(cell, 0.0) - one.amount


def _is_mostly_newer(conn: Connection, plan: Plan, at: int) -> bool:
    """Whether more rows of a table were written after a change than are still as they were."""
    change = plan.table.c.change
    newer = conn.scalar(select(func.count()).select_from(plan.table).where(change > at)) or 0
    older = select(literal(1)).where(change <= at).limit(newer).subquery()
    return newer > 0 and newer > (conn.scalar(select(func.count()).select_from(older)) or 0)


def _add_difference(conn: Connection, tally: Tally, plan: Plan, at: int, first: int | None) -> None:
    """Take away what the changes after `at` and before `first` (None: all) made of their rows."""
    table, then = plan.table, HISTORY[plan.table]
    of_history = history.exchange(plan.statement, {table: lambda: then})
    tally.add(plan, conn.execute(plan.statement.where(_between(table, at, first))), sign=-1)
    if first is not None:
        ended_later = and_(_between(then, at, first), then.c.ended >= first)
        tally.add(plan, conn.execute(of_history.where(ended_later)), sign=-1)
    ended = then.c.ended > at if first is None else then.c.ended.between(at + 1, first - 1)
    tally.add(plan, conn.execute(of_history.where(then.c.change <= at, ended)))


def _between(table: Table, at: int, first: int | None) -> ColumnElement[bool]:
    if first is None:
        return table.c.change > at
    return table.c.change.between(at + 1, first - 1)

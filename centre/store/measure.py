"""What one row adds to the cubes: its parts, evaluated by the database, bucketed in Python.

row of case/reading/asset ── plan(table, parts).statement ──> one tuple
tuples ── tally ──> {(part, dim, day, unit, key): amount}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Float,
    Select,
    Table,
    case,
    cast,
    literal,
    select,
)

from centre.domain import periods
from centre.store import tables
from centre.store.parts import COLUMNS, DIMS, Part
from centre.store.types import EPOCH, micros

Cell = tuple[str, str, int, str, str]
"""(part, dim, ordinal day, unit, key): the primary key of a cube row."""

Cells = dict[Cell, float]

Key = tuple[str, str]
"""(dimension, its value)."""

NOTHING = 1e-9
"""Below this an amount is what subtraction left of zero; such a cell is not kept."""

SOURCES = (tables.case, tables.reading, tables.asset)

_COLUMNS = {
    "case": tuple(dim for dim in DIMS if dim not in ("hour", "duration")),
    "reading": (),
    "asset": ("category",),
}
_QUARTER = 900_000_000  # microseconds: no zone has ever changed its day within a quarter hour


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Group:
    """Parts of one anchor and of the same further dimensions, their amounts side by side."""

    parts: tuple[str, ...]
    anchor: int  # position of its micros in a tuple
    amounts: slice
    further: tuple[tuple[str, int], ...]  # (dimension, position)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to read what some parts need of one table.

    A tuple of `statement` is (unit, closing micros, received micros, *dims, *anchors, *amounts,
    *further dims); an amount is NULL where the part's condition does not hold.
    """

    table: Table
    statement: Select[Any]
    dims: tuple[str, ...]
    has_hours: bool
    groups: tuple[Group, ...]


_FIXED = 3  # unit, closed, received


def plans(parts: Sequence[Part], dims: frozenset[str] | None = None) -> tuple[Plan, ...]:
    """One plan for each table that some part reads; of `dims` beside the total, None: of all."""
    return _plans(tuple(parts), dims)


@lru_cache(maxsize=256)
def _plans(parts: tuple[Part, ...], wanted: frozenset[str] | None) -> tuple[Plan, ...]:
    made = []
    for table in SOURCES:
        mine = [part for part in parts if part.anchor.table is table]
        if mine:
            made.append(_plan(table, mine, wanted))
    return tuple(made)


def _plan(table: Table, parts: Sequence[Part], wanted: frozenset[str] | None) -> Plan:
    def is_wanted(dim: str) -> bool:
        return wanted is None or dim in wanted

    dims = tuple(filter(is_wanted, _COLUMNS[table.name]))
    anchors = list(dict.fromkeys(part.anchor.name for part in parts))
    first_amount = _FIXED + len(dims) + len(anchors)
    own = sorted({dim for part in parts for dim in filter(is_wanted, part.dims)})
    first_own = first_amount + len(parts)
    ordered, groups = list[Part](), list[Group]()
    for some in _alike(parts):
        begin = first_amount + len(ordered)
        ordered += some
        groups.append(
            Group(
                parts=tuple(part.id for part in some),
                anchor=_FIXED + len(dims) + anchors.index(some[0].anchor.name),
                amounts=slice(begin, begin + len(some)),
                further=tuple(
                    (dim, first_own + own.index(dim)) for dim in some[0].dims if dim in own
                ),
            )
        )
    columns = (
        table.c.unit,
        *_life(table if is_wanted("duration") else None),
        *(table.c[dim] for dim in dims),
        *(micros(table.c[name]) for name in anchors),
        *(case((part.where, cast(part.amount, Float))) for part in ordered),
        *(table.c[COLUMNS[dim]] for dim in own),
    )
    return Plan(
        table=table,
        statement=select(*columns),
        dims=dims,
        has_hours=table is not tables.asset and is_wanted("hour"),
        groups=tuple(groups),
    )


def _alike(parts: Sequence[Part]) -> Iterable[list[Part]]:
    """Parts that are tallied together: those of an anchor that count, and each that measures.

    Rows of which the same parts count have the same amounts, so that few sums are added up; what
    is measured differs from row to row.
    """
    found: dict[tuple[object, ...], list[Part]] = defaultdict(list)
    for part in parts:
        is_count = isinstance(part.amount, BindParameter) and part.amount.value == 1.0
        found[part.anchor.name, part.dims, "" if is_count else part.id].append(part)
    return found.values()


def _life(table: Table | None) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    if table is tables.case:
        return micros(table.c.closed_at), micros(table.c.received_at)
    return literal(None), literal(None)


class Tally:
    """Amounts of many rows, summed up: rows are counted by what they are alike in, not by part."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._sums: dict[tuple[Group, int, str, tuple[float | None, ...]], dict[Key, int]] = (
            defaultdict(dict)
        )

    def add(self, plan: Plan, rows: Iterable[Any], sign: int = 1) -> None:
        """Add (or with sign -1 take away) what some tuples of a plan amount to."""
        for row in map(tuple, rows):
            keys = _keys(plan, row)
            for group in plan.groups:
                at, amounts = row[group.anchor], row[group.amounts]
                if at is None or amounts.count(None) == len(amounts):
                    continue
                day, hour = bucket(at // _QUARTER, self._zone)
                counts = self._sums[group, day, row[0], amounts]
                for key in keys:
                    counts[key] = counts.get(key, 0) + sign
                if plan.has_hours:
                    counts[hour] = counts.get(hour, 0) + sign
                for dim, place in group.further:
                    own = (dim, row[place] or "")
                    counts[own] = counts.get(own, 0) + sign

    def __len__(self) -> int:
        return sum(len(group.parts) * len(keys) for (group, *_), keys in self._sums.items())

    def cells(self) -> Cells:
        """The cells that are worth a row."""
        sums: Cells = {}
        for (group, day, unit, amounts), counts in self._sums.items():
            counted = [item for item in counts.items() if item[1]]
            for part, amount in zip(group.parts, amounts, strict=True):
                if amount is None:
                    continue
                for (dim, key), count in counted:
                    cell = (part, dim, day, unit, key)
                    sums[cell] = sums.get(cell, 0.0) + count * amount
        return {cell: amount for cell, amount in sums.items() if not -NOTHING < amount < NOTHING}


def _keys(plan: Plan, row: Any) -> list[Key]:
    """The dimensions that a row has whatever the part: the total, its columns, its duration."""
    keys = [("", "")]
    keys += [(dim, key or "") for dim, key in zip(plan.dims, row[_FIXED:], strict=False)]
    if row[1] is not None:
        keys.append(("duration", _duration(row[1] - row[2])))
    return keys


@lru_cache(maxsize=100_000)
def bucket(quarter: int, zone: ZoneInfo) -> tuple[int, Key]:
    """(ordinal of the local day, ("hour", "00".."23")) of a quarter hour since 1970."""
    day, hour = periods.bucket(EPOCH + timedelta(microseconds=quarter * _QUARTER), zone)
    return day, ("hour", f"{hour:02d}")


def _duration(length_micros: int) -> str:
    return periods.duration_bucket(EPOCH, EPOCH + timedelta(microseconds=length_micros))


def definition(part: Part, zone: ZoneInfo) -> str:
    """What a part's cubes were computed by; another text means that they must be refilled."""
    sql = select(case((part.where, part.amount))).compile()
    words = [f"{name}={value!r}" for name, value in sorted(sql.params.items())]
    dims = (*DIMS, *part.dims)
    return "\n".join((f"at {part.anchor}", str(sql), *words, f"in {zone.key}", f"by {dims}"))

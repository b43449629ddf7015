"""Cells that are kept from one board to the next: only what a write has moved is read again.

    touched since the last board ── few ──> those (day, unit) ── put into what was kept
                                 ── many, another day, nothing kept ──> everything anew

Thirty-seven days of sums stay, with three dimensions of today and of the weekdays back; older
days are one amount for each stock, so that years of data cost a tick nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from sqlalchemy import Connection

from centre.domain.periods import Days
from centre.domain.scope import Scope
from centre.store import changes, queries
from centre.store.parts import Part
from centre.store.past import Past
from centre.store.queries import ByDay, ByKey, DayUnit

_MOST = 300
"""Days of units: beyond, reading them one by one costs what reading everything does."""

_Address = tuple[str, str]
"""(part, unit) of a sum, (unit, key) of a cell of one dimension."""

_Cells = dict[_Address, dict[int, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a board reads of the cubes; another wish keeps nothing of what was kept."""

    days: Days
    flows: tuple[str, ...]  # parts by day
    stocked: tuple[str, ...]  # those of them that are summed from the beginning
    keyed: str  # the part that is read by dimensions
    dims: tuple[str, ...]
    shown: tuple[int, ...]  # days (ordinals) on which it is
    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The cells as they were at a change number."""

    wanted: Wanted
    change: int
    sums: ByDay
    older: Mapping[tuple[str, str], float]  # stocks at the end of the day before `wanted.days`
    keys: Mapping[str, ByKey]  # dimension -> cells

    @property
    def stocks(self) -> dict[tuple[str, str], float]:
        """All until the last day, of the parts that are stocks."""
        found = dict(self.older)
        for (part, unit), days in self.sums.items():
            if part in self.wanted.stocked:
                found[part, unit] = found.get((part, unit), 0.0) + sum(days.values())
        return found


def keep(
    conn: Connection,
    wanted: Wanted,
    before: Kept | None,
    *,
    past: Past | None = None,
    parts: Mapping[str, Part] = MappingProxyType({}),
) -> Kept:
    """The cells as they are now, from those that were kept where that is less to read.

    As they were known in a `past`, all are read; that needs the `parts` by their ids.
    """
    if past is not None:
        return _anew(conn, wanted, past.at, past=past, parts=parts)
    change = changes.latest(conn)
    if before is None or before.wanted != wanted:
        return _anew(conn, wanted, change)
    moved = queries.touched_since(conn, before.change)
    first = wanted.days.first.toordinal()
    recent = {one for one in moved if first <= one[0] <= wanted.days.last.toordinal()}
    if len(recent) > _MOST:
        return _anew(conn, wanted, change)
    is_old = any(day < first for day, _ in moved)
    older = _older(conn, wanted) if is_old else before.older
    return _renewed(conn, replace(before, change=change, older=older), recent)


def _anew(
    conn: Connection,
    wanted: Wanted,
    change: int,
    *,
    past: Past | None = None,
    parts: Mapping[str, Part] = MappingProxyType({}),
) -> Kept:
    scope = wanted.scope
    flows = [parts.get(one, one) for one in wanted.flows]
    keyed = parts.get(wanted.keyed, wanted.keyed)
    return Kept(
        wanted=wanted,
        change=change,
        sums=queries.by_day(conn, flows, wanted.days, scope, past=past),
        older=_older(conn, wanted, past=past, parts=parts),
        keys={
            dim: queries.by_key_on_days(conn, keyed, dim, wanted.shown, scope, past=past)
            for dim in wanted.dims
        },
    )


def _older(
    conn: Connection,
    wanted: Wanted,
    *,
    past: Past | None = None,
    parts: Mapping[str, Part] = MappingProxyType({}),
) -> dict[tuple[str, str], float]:
    last = wanted.days.first.toordinal() - 1
    stocked = [parts.get(one, one) for one in wanted.stocked]
    return queries.stocks(conn, stocked, last, wanted.scope, past=past)


def _renewed(conn: Connection, before: Kept, moved: Collection[DayUnit]) -> Kept:
    if not moved:
        return before
    wanted = before.wanted
    sums = queries.cells_of(conn, wanted.flows, ("",), moved, wanted.scope)
    shown = [one for one in moved if one[0] in wanted.shown]
    keys = queries.cells_of(conn, (wanted.keyed,), wanted.dims, shown, wanted.scope)
    return replace(
        before,
        sums=renewed_sums(before.sums, moved, sums),
        keys={
            dim: renewed_keys(cells, shown, [one for one in keys if one.dim == dim])
            for dim, cells in before.keys.items()
        },
    )


def renewed_sums(
    before: ByDay, moved: Collection[DayUnit], fresh: Sequence[queries.CubeCell]
) -> ByDay:
    """Sums with the moved days of units as they are now. Pure; what did not move is shared."""
    return _put(before, moved, (((one.part, one.unit), one) for one in fresh), unit_at=1)


def renewed_keys(
    before: ByKey, moved: Collection[DayUnit], fresh: Sequence[queries.CubeCell]
) -> ByKey:
    """The same for the cells of one dimension. Pure."""
    return _put(before, moved, (((one.unit, one.key), one) for one in fresh), unit_at=0)


def _put(
    before: _Cells,
    moved: Collection[DayUnit],
    fresh: Iterable[tuple[_Address, queries.CubeCell]],
    *,
    unit_at: int,
) -> _Cells:
    """The cells without what moved, and with what is fresh; the unit is at `unit_at` of each."""
    days_of = _days_of(moved)
    found = {
        at: _without(days, days_of[at[unit_at]]) if at[unit_at] in days_of else days
        for at, days in before.items()
    }
    for at, one in fresh:
        found.setdefault(at, {})[one.day] = one.amount
    return {at: days for at, days in found.items() if days}


def _days_of(moved: Collection[DayUnit]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for day, unit in moved:
        found[unit].add(day)
    return dict(found)


def _without(days: Mapping[int, float], gone: Collection[int]) -> dict[int, float]:
    return {day: amount for day, amount in days.items() if day not in gone}

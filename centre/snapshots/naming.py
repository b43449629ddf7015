"""Since when each number of a snapshot stands as it does: its figure id does not move without it.

An id that moved with every seq would send every slot to every screen each second.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from typing import TypeVar

from centre.snapshots.cells import Address, Cell, Due, Hours, Series, Share, Snapshot, SourceState
from centre.snapshots.figures import cell_query, figure_id

_Key = TypeVar("_Key", bound=Hashable)
_Dated = TypeVar("_Dated", Series, Hours, Due, Share, SourceState)


def named(snapshot: Snapshot, before: Snapshot | None, versions: Mapping[str, int]) -> Snapshot:
    """The snapshot with figure ids on its cells and a seq on all else that shows numbers.

    `before`: the one published last; `versions`: metric id -> version of its definition.
    """
    seq = snapshot.seq
    last = before or replace(snapshot, cells={}, series={}, hours={}, shares={}, dues={})
    known = {one.id: one for one in before.sources} if before else {}
    return replace(
        snapshot,
        cells={
            at: replace(one, figure=_figure(at, one, last.cells.get(at), seq=seq, of=versions))
            for at, one in snapshot.cells.items()
        },
        series=_all_since(snapshot.series, last.series, seq, _of_series),
        hours=_all_since(snapshot.hours, last.hours, seq, _of_hours),
        dues=_all_since(snapshot.dues, last.dues, seq, _of_due),
        shares={
            key: _shares_since(one, last.shares.get(key, ()), seq)
            for key, one in snapshot.shares.items()
        },
        sources=tuple(_since(one, known.get(one.id), seq, _of_source) for one in snapshot.sources),
    )


def _figure(
    address: Address, cell: Cell, before: Cell | None, *, seq: int, of: Mapping[str, int]
) -> str:
    if before is not None and before.figure and _of_cell(before) == _of_cell(cell):
        return before.figure
    return figure_id(cell_query(address), of[address.metric], seq)


def _all_since(
    now: Mapping[_Key, _Dated],
    before: Mapping[_Key, _Dated],
    seq: int,
    content: Callable[[_Dated], object],
) -> dict[_Key, _Dated]:
    return {key: _since(one, before.get(key), seq, content) for key, one in now.items()}


def _since(
    one: _Dated, before: _Dated | None, seq: int, content: Callable[[_Dated], object]
) -> _Dated:
    stands = before is not None and before.seq and content(before) == content(one)
    return replace(one, seq=before.seq if stands and before else seq)


def _shares_since(now: tuple[Share, ...], before: tuple[Share, ...], seq: int) -> tuple[Share, ...]:
    known = {one.key: one for one in before}
    return tuple(_since(one, known.get(one.key), seq, _of_share) for one in now)


def _of_cell(one: Cell) -> object:
    return one.num, one.den, one.present, one.expected, one.missing


def _of_series(one: Series) -> object:
    return one.first, one.num, one.den, one.missing, one.breaks, one.versions


def _of_hours(one: Hours) -> object:
    return one.today, one.usual


def _of_due(one: Due) -> object:
    return one.open, one.lapses_today, one.overdue


def _of_share(one: Share) -> object:
    """The usual amount grows by the second and is shown in whole cases."""
    return one.today, one.usual if one.usual is None else round(one.usual)


def _of_source(one: SourceState) -> object:
    return one.sent, one.stored, one.duplicate, one.rejected

"""Twelve ways in which the form of a source's rows changes, and what must become of the rows.

KEPT: nothing that is read has changed; no row is lost. REFUSED: something that is read is gone or
unreadable; no row is stored, and the reason names the field or its column.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from centre.collector.form import differences
from centre.store import health
from centre.store.engine import reading
from tests.faults.matrix import Cell, Scene, scene, until
from tests.faults.world import World, rows

Row = dict[str, Any]
COUNT = 60  # more than 50: a batch of fewer is not judged as a whole


@dataclass(frozen=True, kw_only=True)
class Drift:
    """`names`: the columns or fields that the reason may name; () for rows that are kept.

    `shown`: what is said of the change of columns; "" where it is none.
    """

    change: Callable[[Row], Row]
    names: tuple[str, ...] = ()
    shown: str = ""


def _with(**words: Any) -> Callable[[Row], Row]:
    return lambda row: {**row, **words}


def _without(column: str) -> Callable[[Row], Row]:
    return lambda row: {name: word for name, word in row.items() if name != column}


def _renamed(column: str, to: str) -> Callable[[Row], Row]:
    return lambda row: {to if name == column else name: word for name, word in row.items()}


DRIFTS: Mapping[str, Drift] = {
    "added text": Drift(change=_with(road="人民路"), shown="+road"),
    "added number": Drift(change=_with(floor=7), shown="+floor"),
    "gone, unread": Drift(change=_without("note"), shown="-note"),
    "reordered": Drift(change=lambda row: dict(reversed(row.items()))),
    "null, unread": Drift(change=_with(note=None)),
    "null, read": Drift(change=_with(title=None)),
    "retyped, unread": Drift(change=_with(amount="twelve"), shown="~amount"),
    "gone, needed": Drift(change=_without("received"), names=("received",)),
    "gone, read": Drift(change=_without("title"), names=("title",)),
    "renamed, read": Drift(change=_renamed("received", "came_in"), names=("received",)),
    "retyped, read": Drift(change=_with(received="yesterday"), names=("received",)),
    "null, needed": Drift(change=_with(received=None), names=("received",)),
}


def run(world: World, folder: Path) -> list[Cell]:
    """All drifts of one adapter at once: good rows first, then rows of another form."""
    chosen = tuple(name for name in DRIFTS if name not in world.no_drifts)
    cells = {name: Cell(adapter=world.name, fault=name) for name in chosen}
    with scene(world, folder, chosen, first=COUNT, deadline_seconds=10) as on:
        for name, cell in cells.items():
            has = until(lambda name=name: on.row(name).stored == COUNT)
            cell.expect(has, f"of good rows {on.row(name).stored} of {COUNT} came")
        fetched = on.neighbour.fetches
        for name in chosen:
            changed = [DRIFTS[name].change(one) for one in rows(COUNT, COUNT)]
            on.upstream.put(on.number(name), changed)
        for name, cell in cells.items():
            judge = _refused if DRIFTS[name].names else _kept
            judge(on, name, cell)
        for cell in cells.values():
            goes_on = on.neighbour.fetches > fetched and not on.told.down["south-desk"]
            cell.expect(goes_on, "its neighbour was disturbed")
    return list(cells.values())


def _kept(on: Scene, name: str, cell: Cell) -> None:
    come = until(lambda: on.row(name).stored == 2 * COUNT)
    row, shown = on.row(name), DRIFTS[name].shown
    cell.expect(come, f"{row.stored} of {2 * COUNT} rows, {row.error}")
    cell.expect(row.rejected == 0, f"{row.rejected} rows refused")
    if shown:
        found = until(lambda: any(one.startswith(shown) for one in _changes(on, name)), 5)
        said = ", ".join(_changes(on, name)) or "nothing"
        cell.expect(found, f"the change is not shown: {said}")
    elif not shown:
        said = ", ".join(_changes(on, name))
        cell.expect(not said, f"a change is shown that is none: {said}")
    cell.note = f"{row.stored} rows kept, said: {', '.join(_changes(on, name)) or 'nothing'}"


def _refused(on: Scene, name: str, cell: Cell) -> None:
    noticed = until(lambda: on.sources[name] in on.told.first)
    row, names = on.row(name), DRIFTS[name].names
    _, reason = on.told.first.get(row.id, (0, ""))
    cell.expect(noticed, f"unnoticed: {row.stored} stored")
    cell.expect(row.stored == COUNT, f"{row.stored - COUNT} rows of another form were stored")
    named = any(one in reason for one in names)
    cell.expect(named, f"the reason names no field: {reason}")
    cell.note = f"refused: {reason.partition(' is down: ')[2][:70]}"


def _changes(on: Scene, name: str) -> Sequence[str]:
    with reading(on.engine) as conn:
        known = health.read(conn).get(on.sources[name])
    return differences(known.base, known.form or {}) if known and known.base else ()

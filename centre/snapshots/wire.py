"""Snapshots and deltas as bytes: columnar JSON, because rows repeat every name.

A delta is a small snapshot: whole heads, sources and alerts, and of each table only the entries
that differ. Nearly every second every cell's as_of moves although no number does, so those moves
travel as a list old -> new, a dozen pairs instead of a thousand cells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import orjson

from centre.snapshots import columns
from centre.snapshots.cells import Address, Cell, Snapshot

TABLES = ("cells", "series", "hours", "shares", "dues")
"""The mappings of a snapshot; everything else is its head and travels whole."""


class WrongBase(ValueError):
    """A delta was applied to another snapshot than the one it was made from: read a full one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """What turns the snapshot of seq `base` into that of seq `changed.seq`."""

    base: int
    changed: Snapshot  # tables hold new and changed entries only
    gone: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)  # table -> keys
    moved: Mapping[datetime, datetime] = field(default_factory=dict)  # as_of of unchanged cells


def encode(snapshot: Snapshot) -> bytes:
    """Serialise; about 45 bytes a cell."""
    return orjson.dumps(columns.of_snapshot(snapshot))


def decode(data: bytes) -> Snapshot:
    """Read what `encode` wrote."""
    return columns.to_snapshot(orjson.loads(data))


def encode_delta(delta: Delta) -> bytes:
    """Serialise a delta."""
    gone = {table: [columns.key_list(key) for key in keys] for table, keys in delta.gone.items()}
    moved = [(old.isoformat(), new.isoformat()) for old, new in delta.moved.items()]
    changed = columns.of_snapshot(delta.changed)
    return orjson.dumps({"base": delta.base, "changed": changed, "gone": gone, "moved": moved})


def decode_delta(data: bytes) -> Delta:
    """Read what `encode_delta` wrote."""
    raw = orjson.loads(data)
    return Delta(
        base=raw["base"],
        changed=columns.to_snapshot(raw["changed"]),
        gone={t: tuple(columns.key_of(t, key) for key in keys) for t, keys in raw["gone"].items()},
        moved={datetime.fromisoformat(a): datetime.fromisoformat(b) for a, b in raw["moved"]},
    )


def diff(a: Snapshot, b: Snapshot) -> Delta:
    """What has to be known to get from `a` to `b`."""
    moved = _moves(a.cells, b.cells)
    tables: dict[str, Any] = {t: _changed(getattr(a, t), getattr(b, t)) for t in TABLES[1:]}
    tables["cells"] = {
        address: cell
        for address, cell in b.cells.items()
        if address not in a.cells or _move(a.cells[address], moved) != cell
    }
    gone = {t: tuple(k for k in getattr(a, t) if k not in getattr(b, t)) for t in TABLES}
    return Delta(
        base=a.seq,
        changed=replace(b, **tables),
        gone={table: keys for table, keys in gone.items() if keys},
        moved=moved,
    )


def apply(a: Snapshot, delta: Delta) -> Snapshot:
    """The snapshot `b` of `diff(a, b)`; raises WrongBase for another `a`."""
    if a.seq != delta.base:
        raise WrongBase(f"delta is from seq {delta.base}, the snapshot is {a.seq}")
    kept = {address: _move(cell, delta.moved) for address, cell in a.cells.items()}
    tables: dict[str, Any] = {t: dict(getattr(a, t)) for t in TABLES[1:]}
    tables["cells"] = kept
    for table, entries in tables.items():
        for key in delta.gone.get(table, ()):
            del entries[key]
        entries.update(getattr(delta.changed, table))
    return replace(delta.changed, **tables)


def _changed(a: Mapping[Any, Any], b: Mapping[Any, Any]) -> dict[Any, Any]:
    """Entries of `b` that are new or differ; values are never None."""
    return {key: value for key, value in b.items() if a.get(key) != value}


def _move(cell: Cell, moved: Mapping[datetime, datetime]) -> Cell:
    new = moved.get(cell.as_of) if cell.as_of is not None else None
    return cell if new is None else replace(cell, as_of=new)


def _moves(a: Mapping[Address, Cell], b: Mapping[Address, Cell]) -> dict[datetime, datetime]:
    """Old as_of -> the one that most of its cells have now, where that is another."""
    seen: dict[datetime, Counter[datetime | None]] = {}
    for address, cell in a.items():
        if cell.as_of is not None and address in b:
            seen.setdefault(cell.as_of, Counter())[b[address].as_of] += 1
    winners = {old: counter.most_common(1)[0][0] for old, counter in seen.items()}
    return {old: new for old, new in winners.items() if new is not None and new != old}

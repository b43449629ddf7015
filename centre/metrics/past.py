"""The past: the snapshot that screens showed at a change number, put together again."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from centre.snapshots import past
from centre.snapshots.cells import Snapshot
from centre.store import archive
from centre.store.archive import Entry

_MOST = 24
"""Snapshots kept in memory, of some 3 MB each: a film asks for one after the other."""

_held: WeakKeyDictionary[Engine, OrderedDict[int, Snapshot]] = WeakKeyDictionary()
_lock = Lock()


def snapshot_at(conn: Connection, at: int) -> Snapshot | None:
    """The newest archived snapshot with a seq at or before `at`; None before the first."""
    entry = archive.newest(conn, at)
    if entry is None:
        return None
    held = _remembered(conn.engine, entry.change)
    if held is None:
        held = _restored(conn.engine, archive.group(conn, entry))
        _remember(conn.engine, held)
    return held


def _restored(engine: Engine, group: tuple[Entry, ...]) -> Snapshot:
    """The last one of a group, from the latest of it that is at hand."""
    for place in range(len(group) - 2, -1, -1):
        held = _remembered(engine, group[place].change)
        if held is not None:
            return past.follow(held, [one.data for one in group[place + 1 :]])
    return past.follow(past.first(group[0].data), [one.data for one in group[1:]])


def _remembered(engine: Engine, seq: int) -> Snapshot | None:
    with _lock:
        held = _held.get(engine, OrderedDict())
        if seq in held:
            held.move_to_end(seq)
        return held.get(seq)


def _remember(engine: Engine, snapshot: Snapshot) -> None:
    with _lock:
        held = _held.setdefault(engine, OrderedDict())
        held[snapshot.seq] = snapshot
        while len(held) > _MOST:
            held.popitem(last=False)

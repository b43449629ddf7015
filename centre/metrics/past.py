"""The past: the snapshot that screens showed at a change number, put together again."""

from __future__ import annotations

from sqlalchemy import Connection, Engine

from centre.metrics.recent import Recent
from centre.snapshots import past
from centre.snapshots.cells import Snapshot
from centre.store import archive
from centre.store.archive import Entry

_SNAPSHOTS: Recent[Snapshot] = Recent(most=24)
"""Of some 3 MB each: a film asks for one after the other."""


def snapshot_at(conn: Connection, at: int) -> Snapshot | None:
    """The newest archived snapshot with a seq at or before `at`; None before the first."""
    entry = archive.newest(conn, at)
    if entry is None:
        return None
    engine = conn.engine
    return _SNAPSHOTS.made(
        engine, entry.change, lambda: _restored(engine, archive.group(conn, entry))
    )


def _restored(engine: Engine, group: tuple[Entry, ...]) -> Snapshot:
    """The last one of a group, from the latest of it that is at hand."""
    for place in range(len(group) - 2, -1, -1):
        held = _SNAPSHOTS.get(engine, group[place].change)
        if held is not None:
            return past.follow(held, [one.data for one in group[place + 1 :]])
    return past.follow(past.first(group[0].data), [one.data for one in group[1:]])

"""Archivist: keeps every published snapshot, and thins out what is older.

Once a publish: one entry of chain "each", now and then one of "minute" and "quarter". What changed
is found and packed here; only the insert takes a turn of the writer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import Engine

from centre.collector.writer import Rank, Writer
from centre.snapshots import past
from centre.snapshots.cells import Snapshot
from centre.store import archive
from centre.store.archive import CHAINS, Entry
from centre.store.engine import writing

GROUP = 60
"""Entries from one full snapshot to the next: one is put together again in 0.1 s at most."""

_STEP_SECONDS = {"each": 0, "minute": 60, "quarter": 900}


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """Where a chain stands: its last snapshot, and its group so far."""

    last: Snapshot
    base: int
    count: int


class Archivist:
    """One for each collector; after a start every chain begins a new group."""

    def __init__(self, engine: Engine, writer: Writer, keep: Mapping[str, timedelta]) -> None:
        """`keep`: how long the entries of each chain are kept."""
        self._engine, self._writer, self._keep = engine, writer, keep
        self._ends: dict[str, _End] = {}

    def archive(self, snapshot: Snapshot) -> None:
        """Keep one. Called before it is published: what anybody has seen can be seen again."""
        entries, ends = [], dict(self._ends)
        for chain in CHAINS:
            before = self._ends.get(chain)
            if before is None or _is_due(chain, before.last, snapshot):
                entry, ends[chain] = _next(chain, before, snapshot)
                entries.append(entry)
        self._writer.run(Rank.NOTE, partial(self._write, entries, snapshot.published_at))
        self._ends = ends

    def _write(self, entries: list[Entry], now: datetime) -> None:
        # Losing the last entries at a power cut loses no record, only how a moment looked.
        with writing(self._engine, durable=False) as conn:
            archive.append(conn, entries)
            for one in entries:
                if one.base is None:
                    archive.drop(conn, one.chain, now - self._keep[one.chain])


def _is_due(chain: str, last: Snapshot, snapshot: Snapshot) -> bool:
    step = _STEP_SECONDS[chain]
    return not step or _number(last.published_at, step) != _number(snapshot.published_at, step)


def _number(at: datetime, step: int) -> int:
    """Which minute or quarter hour since 1970; every zone's quarters are UTC's."""
    return int((at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) // step


def _next(chain: str, before: _End | None, snapshot: Snapshot) -> tuple[Entry, _End]:
    if before is None or before.count >= GROUP:
        data, base, count = past.whole(snapshot), None, 1
    else:
        data, base, count = past.changed(before.last, snapshot), before.base, before.count + 1
    entry = Entry(chain=chain, change=snapshot.seq, at=snapshot.published_at, base=base, data=data)
    return entry, _End(last=snapshot, base=base or snapshot.seq, count=count)

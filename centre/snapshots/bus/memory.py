"""MemoryBus: collector thread and web worker in one process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from threading import Lock

from centre.snapshots.cells import Snapshot


@dataclass(frozen=True, slots=True, eq=False)
class _Seat:
    """One subscriber: its loop, and the bell that only that loop may ring."""

    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    bell: asyncio.Event = field(default_factory=asyncio.Event)

    def ring(self) -> bool:
        """Wake the subscriber from any thread; False when its loop is gone."""
        try:
            self.loop.call_soon_threadsafe(self.bell.set)
        except RuntimeError:  # the loop was closed without ending its subscription
            return False
        return True


class MemoryBus:
    """Holds one snapshot; a publisher in any thread, subscribers in any event loop."""

    def __init__(self) -> None:
        self._latest: Snapshot | None = None
        self._seats: set[_Seat] = set()
        self._lock = Lock()

    def publish(self, snapshot: Snapshot) -> None:
        """Replace the snapshot and ring every bell."""
        with self._lock:
            self._latest = snapshot
            self._seats = {seat for seat in self._seats if seat.ring()}

    def latest(self) -> Snapshot | None:
        """The last one."""
        return self._latest

    async def subscribe(self) -> AsyncIterator[Snapshot]:
        """Yield the latest, then whenever it is another."""
        seat, seen = _Seat(), None
        with self._lock:
            self._seats.add(seat)
        try:
            while True:
                seat.bell.clear()  # before looking: a ring in between is not lost
                newest = self._latest
                if newest is not None and newest is not seen:
                    seen = newest
                    yield newest
                else:
                    await seat.bell.wait()
        finally:
            with self._lock:
                self._seats.discard(seat)

    def close(self) -> None:
        """Nothing is held."""

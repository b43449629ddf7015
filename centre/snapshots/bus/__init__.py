"""The bus: how a snapshot gets from the one collector to every worker.

    collector thread ── publish() ──> memory.MemoryBus ──> subscribers in any event loop
    collector process ── publish() ──> redis.RedisBus ── stream of deltas + last full ──> workers

A bus is a cache and a bell, never the truth: whatever is lost in it comes back with the next
publish.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from centre.snapshots.cells import Snapshot


class Bus(Protocol):
    """What collector and web workers share."""

    def publish(self, snapshot: Snapshot) -> None:
        """Make it the latest. Called from the collector's thread; never waits for a reader.

        Does not raise when the transport is down: that is logged once, and once when it is back.
        """
        ...

    def latest(self) -> Snapshot | None:
        """The last snapshot that was published, None before the first."""
        ...

    def subscribe(self) -> AsyncIterator[Snapshot]:
        """Yield the latest at once, then each newer one; a slow reader skips, never queues."""
        ...

    def close(self) -> None:
        """Let go of connections; subscribers are cancelled by who started them."""
        ...

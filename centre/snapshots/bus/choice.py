"""Which bus a process uses."""

from __future__ import annotations

from centre.snapshots.bus import Bus
from centre.snapshots.bus.memory import MemoryBus
from centre.snapshots.bus.redis import RedisBus


def open_bus(redis_url: str | None, city: str) -> Bus:
    """Redis when there is one, else the memory of this one process."""
    return MemoryBus() if redis_url is None else RedisBus(redis_url, city)

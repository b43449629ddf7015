"""RedisBus: one collector process, any number of web workers, over a Redis Stream.

Two keys for each city: `…:deltas`, a short stream, and `…:full`, the last snapshot whole. A reader
applies a delta when it fits what it holds and otherwise reads the full one, so a lost entry, an
emptied or a restarted Redis, or a late joiner all heal the same way.
"""

from __future__ import annotations

import asyncio
import logging
import random
import zlib
from collections.abc import AsyncIterator
from typing import Any

import redis
import redis.asyncio

from centre.snapshots import wire
from centre.snapshots.bus.follower import BLOCK_MS, Follower, unpack
from centre.snapshots.cells import Snapshot

_LOG = logging.getLogger(__name__)
_LENGTH = 32  # deltas kept; a reader further behind reads the full snapshot
_TIMEOUT_SECONDS = 2.0
_BACK_OFF_CAP_SECONDS = 5.0
_OUTSIDE = (redis.RedisError, OSError)


class RedisBus:
    """`city` keeps several cities apart in one Redis."""

    def __init__(self, url: str, city: str) -> None:
        self._url = url
        self._full, self._deltas = f"rongzhi:{city}:full", f"rongzhi:{city}:deltas"
        self._client: Any = redis.Redis.from_url(
            url, socket_timeout=_TIMEOUT_SECONDS, socket_connect_timeout=_TIMEOUT_SECONDS
        )
        self._published: Snapshot | None = None
        self._seen: Snapshot | None = None
        self._readers = 0
        self._writing, self._reading = _Outage("writing"), _Outage("reading")

    def publish(self, snapshot: Snapshot) -> None:
        """Write full and delta in one step; a Redis that is down is told of once."""
        try:
            self._write(snapshot)
        except _OUTSIDE as error:
            self._writing.begins(error)
        else:
            self._writing.ends()
        self._published = snapshot

    def latest(self) -> Snapshot | None:
        """What this process's reader holds, else what Redis has, else what was published here."""
        if self._readers and self._seen is not None:
            return self._seen
        try:
            self._seen = unpack(self._client.get(self._full)) or self._seen
        except _OUTSIDE as error:
            self._reading.begins(error)
        return self._seen or self._published

    async def subscribe(self) -> AsyncIterator[Snapshot]:
        """Follow the stream over all interruptions."""
        follower = Follower(self._full, self._deltas)
        self._readers += 1
        try:
            async with self._reading_client() as client:
                while True:
                    self._seen = await self._patiently(follower, client)
                    yield self._seen
        finally:
            self._readers -= 1

    def close(self) -> None:
        """Close the publisher's connection."""
        self._client.close()

    async def _patiently(self, follower: Follower, client: Any) -> Snapshot:
        """The next snapshot, however often the connection breaks before it comes."""
        failures = 0
        while True:
            try:
                snapshot = await follower.newer(client)
            except _OUTSIDE as error:
                self._reading.begins(error)
                follower.restart()
                failures += 1
                await asyncio.sleep(_back_off(failures))
            else:
                self._reading.ends()
                return snapshot

    def _write(self, snapshot: Snapshot) -> None:
        entry: dict[str, int | bytes] = {"seq": snapshot.seq}
        if self._published is not None:
            delta = wire.encode_delta(wire.diff(self._published, snapshot))
            entry |= {"base": self._published.seq, "delta": zlib.compress(delta, 1)}
        pipeline = self._client.pipeline(transaction=True)
        pipeline.set(self._full, zlib.compress(wire.encode(snapshot), 1))
        pipeline.xadd(self._deltas, entry, maxlen=_LENGTH, approximate=False)
        pipeline.execute()

    def _reading_client(self) -> Any:
        """Its own connection: a blocked XREAD must outlive the blocking time."""
        return redis.asyncio.Redis.from_url(
            self._url,
            socket_connect_timeout=_TIMEOUT_SECONDS,
            socket_timeout=BLOCK_MS / 1000 + _TIMEOUT_SECONDS,
        )


class _Outage:
    """Tells of an outage once when it begins and once when it ends."""

    def __init__(self, side: str) -> None:
        self._side, self._on = side, False

    def begins(self, error: Exception) -> None:
        if not self._on:
            _LOG.warning("Redis is down (%s), the last snapshot stays: %s", self._side, error)
        self._on = True

    def ends(self) -> None:
        if self._on:
            _LOG.warning("Redis is back (%s)", self._side)
        self._on = False


def _back_off(failures: int) -> float:
    """Full jitter: many workers do not come back at one moment."""
    return random.uniform(0.05, min(_BACK_OFF_CAP_SECONDS, 0.2 * 2**failures))  # noqa: S311

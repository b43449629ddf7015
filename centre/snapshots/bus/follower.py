"""Follower: what one reader of the Redis Stream holds, and how it gets to the next snapshot."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from centre.snapshots import wire
from centre.snapshots.cells import Snapshot

BLOCK_MS = 5_000  # then the full one is looked at: a stream that began anew may not ring

_Entry = tuple[bytes, Mapping[bytes, bytes]]


class Follower:
    """Applies deltas while they fit; reads the full snapshot at the start and when they do not."""

    def __init__(self, full: str, deltas: str) -> None:
        self._full, self._deltas = full, deltas
        self._held: Snapshot | None = None
        self._last: bytes | None = None  # id of the last entry seen; None: read the full one

    def restart(self) -> None:
        """Trust nothing of the stream any more: the connection broke."""
        self._last = None

    async def newer(self, client: Any) -> Snapshot:
        """Wait for a snapshot of another seq than the last one given."""
        while True:
            step = self._from_full if self._last is None else self._from_deltas
            found: Snapshot | None = await step(client)
            if found is not None and (self._held is None or found.seq != self._held.seq):
                self._held = found
                return found

    async def _from_full(self, client: Any) -> Snapshot | None:
        newest = await client.xrevrange(self._deltas, count=1)  # before the full: no gap between
        self._last = newest[0][0] if newest else b"0-0"
        return unpack(await client.get(self._full))

    async def _from_deltas(self, client: Any) -> Snapshot | None:
        entries = _entries(await client.xread({self._deltas: self._last}, block=BLOCK_MS))
        folded = self._fold(entries)
        self._last = entries[-1][0] if folded is not None else None
        return folded

    def _fold(self, entries: list[_Entry]) -> Snapshot | None:
        """Apply all entries; None when there is none or one does not fit."""
        held = self._held if entries else None
        for _, entry in entries:
            if held is None or int(entry[b"seq"]) == held.seq:
                continue
            fits = int(entry.get(b"base", b"-1")) == held.seq
            held = _applied(held, entry[b"delta"]) if fits else None
        return held


def _applied(held: Snapshot, delta: bytes) -> Snapshot:
    return wire.apply(held, wire.decode_delta(zlib.decompress(delta)))


def _entries(answer: Any) -> list[_Entry]:
    """The entries of an XREAD on one stream, in the shape of RESP 2 or RESP 3."""
    if isinstance(answer, Mapping):
        return [entry for pages in answer.values() for page in pages for entry in page]
    return list(answer[0][1]) if answer else []


def unpack(data: bytes | None) -> Snapshot | None:
    """The snapshot in the bytes of the full key."""
    return None if data is None else wire.decode(zlib.decompress(data))

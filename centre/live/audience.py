"""An audience: all viewers of the same slots in the same language, who are sent the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import anyio
import orjson

from centre.domain.scope import Scope
from centre.live.frames import Frame
from centre.live.slotname import SlotName
from centre.snapshots.cells import Snapshot


class Taste(NamedTuple):
    """What two viewers must share to be one audience. `form`: "props" or "html"."""

    slots: tuple[SlotName, ...]
    lang: str
    scope: Scope
    form: str


@dataclass(slots=True, kw_only=True, eq=False)
class Audience:
    """What was sent last, and the event that is sent next: whole, or only what changed.

    A viewer who saw `base` is sent `delta`; any other is sent `whole`. Nothing queues up, so a
    slow viewer skips and costs no memory.
    """

    taste: Taste
    viewers: int = 0
    seq: int = -1
    base: int = -1
    whole: bytes = b""
    delta: bytes = b""
    digests: Mapping[SlotName, bytes] = field(default_factory=dict)
    bell: anyio.Event = field(default_factory=anyio.Event)

    def show(self, snapshot: Snapshot, frames: Mapping[SlotName, Frame]) -> None:
        """Take over a newer snapshot and wake everybody."""
        changed = {
            name: frame for name, frame in frames.items() if self.digests.get(name) != frame.digest
        }
        self.delta = event(snapshot, changed)
        self.whole = self.delta if len(changed) == len(frames) else event(snapshot, frames)
        self.digests = {name: frame.digest for name, frame in frames.items()}
        self.base, self.seq = self.seq, snapshot.seq
        self.wake()

    def next_for(self, seen: int) -> bytes:
        """What a viewer who saw seq `seen` is sent; b"" when that is the newest."""
        if seen == self.seq or self.seq < 0:
            return b""
        return self.delta if seen == self.base else self.whole

    def wake(self) -> None:
        """Ring, and hang up a new bell."""
        bell, self.bell = self.bell, anyio.Event()
        bell.set()


def event(snapshot: Snapshot, frames: Mapping[SlotName, Frame]) -> bytes:
    """A server-sent event "slots" with the drawn frames."""
    return b"event: slots\nid: %d\ndata: %s\n\n" % (snapshot.seq, message(snapshot, frames))


def message(snapshot: Snapshot, frames: Mapping[SlotName, Frame]) -> bytes:
    """The JSON of an event and of /api/v1/frames, put together from bytes that are JSON already."""
    slots = b",".join(orjson.dumps(str(name)) + b":" + frame.body for name, frame in frames.items())
    head = orjson.dumps({**moment(snapshot), "city_now": instant(snapshot.city_now)})
    return head[:-1] + b',"slots":{' + slots + b"}}"


def moment(snapshot: Snapshot) -> dict[str, object]:
    """What every message begins with."""
    return {"seq": snapshot.seq, "published_at": instant(snapshot.published_at)}


def instant(at: datetime) -> str:
    """ISO 8601 with microseconds, also when they are 0."""
    return at.isoformat(timespec="microseconds")

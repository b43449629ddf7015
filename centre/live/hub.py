"""The hub: draws every slot that somebody looks at once per seq, whoever looks, and fans it out."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import UTC, datetime

import anyio
import anyio.to_thread
import orjson

from centre.domain.places import City
from centre.domain.scope import EVERYTHING, Scope
from centre.live.audience import Audience, Taste, instant, message, moment
from centre.live.frames import Frame, Painter
from centre.live.scoped import within
from centre.live.slotname import SlotName
from centre.metrics.metric import Metric
from centre.snapshots.bus import Bus
from centre.snapshots.cells import Snapshot
from components.view import Panel

_LOG = logging.getLogger(__name__)

BEAT_SECONDS = 10.0
MAX_FRAMES = 4_000  # of ~2 KB each

_Key = tuple[SlotName, str, Scope, str]  # slot, language, scope, form


class Hub:
    """One for each web worker. All but `_draw` runs on its event loop."""

    def __init__(
        self,
        bus: Bus,
        panels: Mapping[str, Panel],
        city: City,
        metrics: Mapping[str, Metric],
        *,
        build: str = "",
        beat_seconds: float = BEAT_SECONDS,
    ) -> None:
        self.snapshot: Snapshot | None = None
        self._bus = bus
        self._painter = Painter(panels=panels, city=city, metrics=metrics)
        self._audiences: dict[Taste, Audience] = {}
        self._frames: OrderedDict[_Key, Frame] = OrderedDict()
        self._drawing = anyio.Lock()
        self._aside = anyio.CapacityLimiter(1)  # of the past: the present goes first
        self._bell = anyio.Event()  # of those who only want to know the seq
        self._beat_seconds = beat_seconds
        self._build = build
        self._closed = False

    @property
    def viewers(self) -> int:
        """How many streams with slots are open."""
        return sum(audience.viewers for audience in self._audiences.values())

    async def run(self) -> None:
        """Follow the bus until cancelled; a snapshot that cannot be shown is skipped and logged."""
        async for snapshot in self._bus.subscribe():
            try:
                await self._show(snapshot)
            except Exception:
                _LOG.exception("snapshot %d could not be shown", snapshot.seq)

    def close(self) -> None:
        """End all streams, so that the server can stop."""
        self._closed = True
        self._ring()
        for audience in self._audiences.values():
            audience.wake()

    async def frames(
        self,
        slots: Sequence[SlotName],
        lang: str,
        scope: Scope = EVERYTHING,
        form: str = "props",
        snapshot: Snapshot | None = None,
    ) -> bytes | None:
        """The slots as one JSON message, for polling; None before the first snapshot.

        `snapshot`: one of the past, whose slots are as they were then.
        """
        snapshot = snapshot or self.snapshot
        if snapshot is None:
            return None
        taste = Taste(tuple(slots), lang, scope, form)
        return message(snapshot, await self._frames_of(snapshot, taste))

    async def fragment(
        self, name: SlotName, lang: str, snapshot: Snapshot, scope: Scope = EVERYTHING
    ) -> str:
        """One slot as HTML, for a page that is not Dash's."""
        drawn = await self._frames_of(snapshot, Taste((name,), lang, scope, "html"))
        text: str = orjson.loads(drawn[name].body)
        return text

    async def subscribe(
        self,
        slots: Sequence[SlotName],
        lang: str,
        scope: Scope = EVERYTHING,
        form: str = "props",
    ) -> AsyncGenerator[bytes, None]:
        """Events "hello" (build), "slots" (all, then what changed) and "beat" every 10 s.

        Hello and beat tell the server's clock: the screen judges by it how old it all is, also
        when no snapshot comes any more.
        """
        audience = self._join(Taste(tuple(slots), lang, scope, form))
        try:
            yield _named("hello", {"build": self._build, **_now()})
            await self._catch_up(audience)
            seen = -1
            while not self._closed:
                bell = audience.bell
                data = audience.next_for(seen)
                seen = audience.seq
                if data:
                    yield data
                else:
                    rang = await _rang(bell, self._beat_seconds)
                    yield b"" if rang else _named("beat", _now())
        finally:
            self._leave(audience)

    async def seqs(self, seen: int = -1) -> AsyncGenerator[bytes, None]:
        """One unnamed event for each new seq, the present one first; silence is a comment."""
        yield b": rongzhi\n\n"
        while not self._closed:
            bell, snapshot = self._bell, self.snapshot
            if snapshot is not None and snapshot.seq != seen:
                seen = snapshot.seq
                yield b"id: %d\ndata: %s\n\n" % (seen, orjson.dumps(moment(snapshot)))
            elif not await _rang(bell, self._beat_seconds):
                yield b": beat\n\n"

    def _join(self, taste: Taste) -> Audience:
        audience = self._audiences.setdefault(taste, Audience(taste=taste))
        audience.viewers += 1
        return audience

    def _leave(self, audience: Audience) -> None:
        audience.viewers -= 1
        if audience.viewers == 0:
            self._audiences.pop(audience.taste, None)

    async def _show(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._ring()  # seqs need no drawing
        for audience in tuple(self._audiences.values()):
            try:
                await self._give(audience, snapshot)
            except Exception:  # the screens of the others go on
                _LOG.exception("seq %d could not be shown to one audience", snapshot.seq)

    async def _catch_up(self, audience: Audience) -> None:
        """Draw for a new audience what the others have already seen."""
        snapshot = self.snapshot
        if snapshot is not None and audience.seq != snapshot.seq:
            await self._give(audience, snapshot)

    async def _give(self, audience: Audience, snapshot: Snapshot) -> None:
        frames = await self._drawn(snapshot, audience.taste)
        if audience.seq != snapshot.seq:  # another viewer may have been quicker
            audience.show(snapshot, frames)

    async def _drawn(self, snapshot: Snapshot, taste: Taste) -> Mapping[SlotName, Frame]:
        """The frames of a taste; what no one has drawn of this seq is drawn in one thread."""
        async with self._drawing:
            stale = [name for name in taste.slots if not self._is_drawn(snapshot, taste, name)]
            self._touch(taste)
            if stale:
                drawn = await anyio.to_thread.run_sync(self._draw, snapshot, taste, stale)
                self._keep(taste, drawn)
            return {name: self._frames[self._key(taste, name)] for name in taste.slots}

    async def _frames_of(self, snapshot: Snapshot, taste: Taste) -> Mapping[SlotName, Frame]:
        """Of the present from what is kept; of the past, which no open screen shows, beside it."""
        if snapshot is self.snapshot:
            return await self._drawn(snapshot, taste)
        draw = self._draw
        return await anyio.to_thread.run_sync(
            draw, snapshot, taste, taste.slots, limiter=self._aside
        )

    def _is_drawn(self, snapshot: Snapshot, taste: Taste, name: SlotName) -> bool:
        frame = self._frames.get(self._key(taste, name))
        return frame is not None and frame.seq == snapshot.seq

    def _touch(self, taste: Taste) -> None:
        """What is about to be used is not what is thrown away first."""
        for name in taste.slots:
            if self._key(taste, name) in self._frames:
                self._frames.move_to_end(self._key(taste, name))

    def _draw(
        self, snapshot: Snapshot, taste: Taste, names: Sequence[SlotName]
    ) -> Mapping[SlotName, Frame]:
        seen, paint = within(snapshot, taste.scope, self._painter.metrics), self._painter.paint
        return {name: paint(name, taste.lang, taste.form, seen) for name in names}

    def _keep(self, taste: Taste, drawn: Mapping[SlotName, Frame]) -> None:
        for name, frame in drawn.items():
            self._frames[self._key(taste, name)] = frame
            self._frames.move_to_end(self._key(taste, name))
        while len(self._frames) > max(MAX_FRAMES, len(taste.slots)):
            self._frames.popitem(last=False)

    @staticmethod
    def _key(taste: Taste, name: SlotName) -> _Key:
        return name, taste.lang, taste.scope, taste.form

    def _ring(self) -> None:
        bell, self._bell = self._bell, anyio.Event()
        bell.set()


async def _rang(bell: anyio.Event, seconds: float) -> bool:
    """Whether the bell rang within `seconds`."""
    with anyio.move_on_after(seconds):
        await bell.wait()
        return True
    return False


def _now() -> dict[str, str]:
    return {"now": instant(datetime.now(UTC))}


def _named(name: str, data: Mapping[str, object]) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), orjson.dumps(data))

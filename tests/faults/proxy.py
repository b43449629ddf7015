"""TCP proxies between an adapter and its real server, each with a fault that can be set.

One event loop in a thread serves them all. Setting a fault cuts the open connections, but for
`hang` and `drip`, which overtake them: a pooled connection must meet these too.
"""

from __future__ import annotations

import asyncio
import random
import socket
import struct
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Thread
from typing import Any

FAULTS = ("refuse", "hang", "drip", "reset", "garbage", "truncated", "slow_start", "flapping")

DRIP_SECONDS = 0.05  # a byte
FLAP_SECONDS = 0.3
_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: close by RST


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`slow_seconds`: how long the first answer of slow_start takes, the next a half of it, …
    `cuts`: after how many bytes the answers of reset and truncated end, one after the other.
    """

    upstream: int
    slow_seconds: float
    cuts: tuple[int, ...] = (40, 3, 200, 700)


class Proxy:
    """One listener on 127.0.0.1. All but `port`, `set` and `met` belongs to the loop."""

    def __init__(self, settings: Settings, loop: asyncio.AbstractEventLoop) -> None:
        self.port, self.met = 0, 0  # connections since the fault was set
        self._settings, self._loop, self._fault = settings, loop, "pass"
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._noise = random.Random(11)

    def set(self, fault: str) -> None:
        """Have a fault from now on, or "pass"."""
        assert fault in {*FAULTS, "pass"}, fault
        _done(self._loop, self._set(fault))

    async def listen(self) -> None:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        self._cut()
        for task in self._tasks:
            task.cancel()

    async def _set(self, fault: str) -> None:
        before, self._fault, self.met = self._fault, fault, 0
        if not (before == "pass" and fault in {"hang", "drip"}):
            self._cut()
        if fault == "refuse" and self._server is not None:
            self._server.close()
            self._server = None
        elif fault != "refuse" and self._server is None:
            await self.listen()
        if fault == "flapping":
            self._start(self._flap())

    async def _flap(self) -> None:
        while self._fault == "flapping":
            self._cut()
            await asyncio.sleep(FLAP_SECONDS)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _cut(self) -> None:
        for writer in tuple(self._open):
            self._abort(writer)

    def _abort(self, writer: asyncio.StreamWriter) -> None:
        self._open.discard(writer)
        found = writer.get_extra_info("socket")
        if found is not None:
            with suppress(OSError):
                found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        writer.transport.abort()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        number, self.met = self.met, self.met + 1
        try:
            await self._serve(reader, writer, number)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int
    ) -> None:
        if self._fault == "flapping" and number % 2 == 0:
            self._abort(writer)
            return
        if self._fault == "garbage":
            await reader.read(1)
            writer.write(self._noise.randbytes(self._noise.randint(20, 4000)))
            await writer.drain()
            return
        if self._fault == "slow_start":
            await asyncio.sleep(self._settings.slow_seconds / 2**number)
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._settings.upstream)
        self._open.add(up_writer)
        try:
            towards = asyncio.ensure_future(self._pump(reader, up_writer))
            await self._answer(up_reader, writer, number)
            towards.cancel()
        finally:
            self._open.discard(up_writer)
            up_writer.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
            writer.write_eof()

    async def _answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int
    ) -> None:
        """From the server to the adapter: here the faults of an answer are."""
        cuts = self._settings.cuts
        left = cuts[number % len(cuts)] if self._fault in {"reset", "truncated"} else None
        while data := await reader.read(65536):
            if self._fault == "hang":
                await asyncio.Event().wait()
            if self._fault == "drip":
                await self._drip(data, writer)
                continue
            if left is not None and len(data) >= left:
                await self._end(data[:left], writer)
                return
            left = left - len(data) if left is not None else None
            writer.write(data)
            await writer.drain()

    async def _drip(self, data: bytes, writer: asyncio.StreamWriter) -> None:
        for one in data:
            writer.write(bytes((one,)))
            await writer.drain()
            await asyncio.sleep(DRIP_SECONDS)

    async def _end(self, data: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        if self._fault == "reset":
            await asyncio.sleep(0.01)  # what was written goes out first
            self._abort(writer)


@contextmanager
def proxies(settings: Settings, count: int) -> Iterator[list[Proxy]]:
    """So many proxies before one server."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="fault-proxies", daemon=True)
    thread.start()
    made = [Proxy(settings, loop) for _ in range(count)]
    try:
        for one in made:
            _done(loop, one.listen())
        yield made
    finally:
        for one in made:
            _done(loop, one.close())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


def _done(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, None]) -> None:
    asyncio.run_coroutine_threadsafe(work, loop).result(10)

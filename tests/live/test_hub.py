"""The hub: each slot once per seq, changed bytes only, a wrong panel alone with its error."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import orjson
import pytest

from centre.live.hub import Hub
from centre.live.slotname import BadSlot, SlotName, parse_slots
from centre.snapshots.bus.memory import MemoryBus
from tests.tiny import CITY
from tests.web import number_panel, panels, snapshot

COUNT = SlotName.parse("count::wall")
BROKEN = SlotName.parse("broken::wall")


@asynccontextmanager
async def running(hub: Hub) -> AsyncIterator[None]:
    task = asyncio.create_task(hub.run())
    try:
        yield
    finally:
        task.cancel()


def said(event: bytes) -> tuple[str, Any]:
    """(name, data) of an event."""
    lines = dict(line.split(": ", 1) for line in event.decode().strip().splitlines())
    return lines.get("event", ""), orjson.loads(lines["data"])


async def nth_slots(hub: Hub, events: Any) -> Any:
    """The data of the next "slots" event."""
    async for event in events:
        if event and said(event)[0] == "slots":
            return said(event)[1]
    raise AssertionError("the stream ended")


def test_a_slot_is_drawn_once_per_seq_however_many_look() -> None:
    async def look() -> list[tuple[int, str]]:
        drawn: list[tuple[int, str]] = []
        bus = MemoryBus()
        hub = Hub(bus, {"count": number_panel(drawn)}, CITY, {})
        async with running(hub):
            bus.publish(snapshot(1))
            viewers = [hub.subscribe([COUNT], "zh") for _ in range(50)]
            first = await asyncio.gather(*(nth_slots(hub, one) for one in viewers))
            bus.publish(snapshot(2))
            second = await asyncio.gather(*(nth_slots(hub, one) for one in viewers))
            assert {one["seq"] for one in first} == {1}
            assert {one["seq"] for one in second} == {2}
            assert hub.viewers == 50
            await asyncio.gather(*(one.aclose() for one in viewers))
            assert hub.viewers == 0
        return drawn

    assert asyncio.run(look()) == [(1, "zh"), (2, "zh")]


def test_an_event_carries_ids_and_props_for_set_props() -> None:
    async def look() -> Any:
        bus = MemoryBus()
        hub = Hub(bus, panels(), CITY, {})
        async with running(hub), aclosing(hub.subscribe([COUNT], "zh")) as events:
            bus.publish(snapshot(7))
            return await nth_slots(hub, events)

    message = asyncio.run(look())
    assert message["published_at"] == "2026-06-17T02:30:07.000000+00:00"
    assert message["city_now"] == message["published_at"]
    [[component, props]] = message["slots"]["count::wall"]
    assert component == {"slot": "count", "key": "", "part": ""}
    assert props["children"]["type"] == "Solid"
    assert props["children"]["props"] == {"nodes": [["b", {"title": "<&>"}, ["7"]]]}


def test_only_what_changed_is_sent_again() -> None:
    async def look() -> tuple[Any, Any]:
        bus = MemoryBus()
        hub = Hub(bus, panels(), CITY, {})
        async with running(hub), aclosing(hub.subscribe([COUNT, BROKEN], "zh")) as events:
            bus.publish(snapshot(1, 5))
            first = await nth_slots(hub, events)
            bus.publish(snapshot(2, 6))
            return first, await nth_slots(hub, events)

    first, second = asyncio.run(look())
    assert set(first["slots"]) == {"count::wall", "broken::wall"}
    assert set(second["slots"]) == {"count::wall"}


def test_a_viewer_who_missed_an_event_is_sent_everything() -> None:
    async def look() -> Any:
        bus = MemoryBus()
        hub = Hub(bus, panels(), CITY, {})
        async with running(hub), aclosing(hub.subscribe([COUNT, BROKEN], "zh")) as slow:
            bus.publish(snapshot(1, 5))
            await nth_slots(hub, slow)
            for seq in (2, 3):  # both pass while the slow one does not read
                bus.publish(snapshot(seq, 4 + seq))
                async with aclosing(hub.subscribe([COUNT, BROKEN], "zh")) as quick:
                    while (await nth_slots(hub, quick))["seq"] != seq:
                        pass
            return await nth_slots(hub, slow)

    message = asyncio.run(look())
    assert message["seq"] == 3
    assert set(message["slots"]) == {"count::wall", "broken::wall"}


def test_a_panel_that_raises_says_so_in_its_own_slot(caplog: pytest.LogCaptureFixture) -> None:
    async def look() -> Any:
        bus = MemoryBus()
        hub = Hub(bus, panels(), CITY, {})
        async with running(hub), aclosing(hub.subscribe([COUNT, BROKEN], "en")) as events:
            bus.publish(snapshot(1))
            await nth_slots(hub, events)
            bus.publish(snapshot(2))
            await nth_slots(hub, events)
            return orjson.loads(await hub.frames([COUNT, BROKEN], "en") or b"")

    slots = asyncio.run(look())["slots"]
    assert "2" in str(slots["count::wall"])
    assert "cannot be shown" in str(slots["broken::wall"])
    assert sum("broken" in record.getMessage() for record in caplog.records) == 1


def test_languages_are_drawn_apart() -> None:
    async def look() -> list[tuple[int, str]]:
        drawn: list[tuple[int, str]] = []
        bus = MemoryBus()
        hub = Hub(bus, {"count": number_panel(drawn)}, CITY, {})
        async with running(hub):
            bus.publish(snapshot(1))
            zh, en = hub.subscribe([COUNT], "zh"), hub.subscribe([COUNT], "en")
            await asyncio.gather(nth_slots(hub, zh), nth_slots(hub, en))
            await asyncio.gather(zh.aclose(), en.aclose())
        return drawn

    assert sorted(asyncio.run(look())) == [(1, "en"), (1, "zh")]


def test_silence_is_broken_by_a_beat_and_ended_by_close() -> None:
    async def look() -> list[str]:
        hub = Hub(MemoryBus(), panels(), CITY, {}, build="b1", beat_seconds=0.02)
        names: list[str] = []
        async for event in hub.subscribe([COUNT], "zh"):
            names += [said(event)[0]] if event else []
            if len(names) == 3:
                hub.close()
        return names

    assert asyncio.run(asyncio.wait_for(look(), 5)) == ["hello", "beat", "beat"]


def test_without_slots_each_new_seq_is_one_event() -> None:
    async def look() -> list[Any]:
        bus, found = MemoryBus(), []
        hub = Hub(bus, panels(), CITY, {}, beat_seconds=5)
        async with running(hub), aclosing(hub.seqs()) as events:
            bus.publish(snapshot(1))
            async for event in events:
                if event.startswith(b":"):
                    continue
                found.append(event.decode())
                bus.publish(snapshot(len(found) + 1))
                if len(found) == 3:
                    return found
        return found

    events = asyncio.run(asyncio.wait_for(look(), 5))
    assert (
        events[0] == 'id: 1\ndata: {"seq":1,"published_at":"2026-06-17T02:30:01.000000+00:00"}\n\n'
    )
    assert [orjson.loads(event.split("data: ")[1])["seq"] for event in events] == [1, 2, 3]


def test_slots_are_read_back_in_one_order_and_once() -> None:
    parsed = parse_slots(["b:x:desk", "a::wall", "b:x:desk"])
    assert [str(name) for name in parsed] == ["a::wall", "b:x:desk"]


@pytest.mark.parametrize(
    "text", ["a", "a:b", ":b:wall", "a:b:kitchen", "a:b:c:wall", "a:" + "b" * 300]
)
def test_a_slot_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(BadSlot, match="is not a slot"):
        parse_slots([text])


def test_frames_in_use_are_not_thrown_away_for_new_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    async def look() -> set[str]:
        monkeypatch.setattr("centre.live.hub.MAX_FRAMES", 3)
        bus = MemoryBus()
        hub = Hub(bus, panels(), CITY, {})
        bus.publish(snapshot(1))
        async with running(hub):
            while hub.snapshot is None:
                await asyncio.sleep(0.001)
            old = parse_slots(["count::wall", "count:a:wall", "count:b:wall"])
            await hub.frames(old, "zh")
            mixed = parse_slots(["count::wall", "count:c:wall", "count:d:wall"])
            message = orjson.loads(await hub.frames(mixed, "zh") or b"")
            return set(message["slots"])

    assert asyncio.run(look()) == {"count::wall", "count:c:wall", "count:d:wall"}


def test_one_audience_that_cannot_be_served_does_not_stop_the_next() -> None:
    async def look() -> int:
        bus = MemoryBus()
        hub = Hub(bus, panels(), CITY, {})
        lost, good = (
            hub.subscribe([SlotName.parse("gone::wall")], "zh"),
            hub.subscribe([COUNT], "zh"),
        )
        async with running(hub):
            await anext(lost)
            await anext(good)
            waiting = asyncio.ensure_future(nth_slots(hub, lost))
            give = hub._give

            async def failing(audience: Any, given: Any) -> None:
                if audience.taste.slots[0].panel == "gone":
                    raise RuntimeError("no memory")
                await give(audience, given)

            hub._give = failing  # type: ignore[method-assign]
            await asyncio.sleep(0)
            bus.publish(snapshot(3))
            seen = await asyncio.wait_for(nth_slots(hub, good), 5)
            waiting.cancel()
            return int(seen["seq"])

    assert asyncio.run(look()) == 3

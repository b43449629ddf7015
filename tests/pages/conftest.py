"""The real application with the real pages over a store of a few cases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from dash import Dash
from dash._pages import PAGE_REGISTRY

from app import create_app
from centre.domain.records import Case, Rejected
from centre.live.runtime import runtime
from centre.metrics.registry import PARTS
from centre.snapshots.bus.memory import MemoryBus
from centre.store import sources
from centre.store.delivery import Delivery
from centre.store.write import write
from tests.samples import chengdu, sample_snapshot
from tests.web import client, settings

NOW = datetime.now(UTC).replace(microsecond=0)
UNITS = ("510104", "510105")


def case(number: int, **words: Any) -> Case:
    """Case JJ-<number>, received so many minutes ago."""
    said: dict[str, Any] = {
        "source": "510104",
        "key": f"JJ-{number}",
        "source_version": 1,
        "unit": UNITS[number % 2],
        "received_at": NOW - timedelta(minutes=number),
        "channel": "phone" if number % 3 else "mobile",
        "category": "noise",
        "title": f"路灯 {number} <b>不亮</b>",
    }
    return Case(**said | words)


CASES = (
    *(case(number) for number in range(12)),
    case(20, due_at=NOW - timedelta(days=3), dispatched_at=NOW - timedelta(days=9)),
    case(21, title="=1+1", linked_key="JJ-3", lon=104.11, lat=30.61, url="javascript:alert(1)"),
)


def refused(source: str, number: int) -> Rejected:
    """A row of a source that was refused for its time."""
    return Rejected(
        source=source,
        key=f"BAD-{number}",
        field="received_at",
        reason="no_zone",
        detail='"2026-06-16 09:00" has no zone',
        raw={"工单编号": f"BAD-{number}", "登记时间": "2026-06-16 09:00"},
    )


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dash]:
    """The application of `make run`, but nobody collects; a process has one runtime at a time."""
    PAGE_REGISTRY.clear()
    bus = MemoryBus()
    dash_app = create_app(settings(tmp_path_factory.mktemp("desk")), bus=bus)
    bus.publish(sample_snapshot(chengdu()))
    deliver("510104", CASES, tuple(refused("510104", number) for number in range(25)))
    deliver("510105", (), tuple(refused("510105", number) for number in range(25)))
    yield dash_app
    runtime().engine.dispose()


def deliver(source: str, cases: tuple[Case, ...], bad: tuple[Rejected, ...]) -> None:
    """Write some records as their source would."""
    run = runtime()
    delivery = Delivery(
        source=source,
        epoch=sources.claim(run.engine, source),
        records=[*cases, *bad],
        rows=[{"工单编号": one.key} for one in cases] + [one.raw for one in bad],
        cursor=None,
        fetched_at=NOW,
        watermark=NOW,
        days=(NOW.date().isoformat(),),
        units=UNITS,
    )
    write(run.engine, delivery, PARTS, run.city.tz)


@pytest.fixture
def send(desk: Dash) -> Callable[..., httpx.Response]:
    """Send one request to the application."""

    def sent(method: str, path: str, **words: Any) -> httpx.Response:
        async def speak() -> httpx.Response:
            async with client(desk) as speaking:
                return await speaking.request(method, path, **words)

        return asyncio.run(speak())

    return sent

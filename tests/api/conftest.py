"""One application for all tests of routes: the tiny amount of cases they ask about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from dash import Dash

from centre.collector.health import source_states
from centre.collector.reconcile import compared
from centre.domain.records import Case
from centre.live.runtime import Runtime, runtime
from centre.metrics.registry import PARTS
from centre.snapshots.bus.memory import MemoryBus
from centre.snapshots.cells import SourceState
from centre.store import sources
from centre.store.delivery import Delivery
from centre.store.engine import reading
from centre.store.write import write
from tests.web import client, make_app, snapshot

Ask = Callable[..., httpx.Response]

RECEIVED = datetime(2026, 6, 16, 1, 0, tzinfo=UTC)  # 09:00 in Chengdu


def _case(number: int) -> Case:
    return Case(
        source="510104",
        key=f"JJ-{number}",
        source_version=1,
        unit="510104" if number % 3 else "510105",
        received_at=RECEIVED + timedelta(minutes=number),
        channel="phone" if number % 2 else "mobile",
        nature="report",
        title=f"路灯 {number} <b>不亮</b>",
    )


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dash]:
    """The application over a store with 12 cases of 16 June, 4 of them of 510105."""
    bus = MemoryBus()
    dash_app = make_app(tmp_path_factory.mktemp("web"), bus)
    run = runtime()
    epoch = sources.claim(run.engine, "510104")
    cases = [_case(number) for number in range(12)]
    delivery = Delivery(
        source="510104",
        epoch=epoch,
        records=cases,
        rows=[{"id": one.key} for one in cases],
        cursor=None,
        fetched_at=RECEIVED + timedelta(hours=1),
        watermark=RECEIVED + timedelta(days=1),
        days=("2026-06-16",),
        units=tuple(run.city.by_code),  # every centre has said all it had to say of the day
    )
    write(run.engine, delivery, PARTS, run.city.tz)
    bus.publish(replace(snapshot(41), sources=_sources(run)))
    yield dash_app
    run.engine.dispose()


def _sources(run: Runtime) -> tuple[SourceState, ...]:
    with reading(run.engine) as conn:
        rows = sources.states(conn)
        states = source_states(run.sources, rows, RECEIVED + timedelta(hours=1), {})
        return compared(conn, run.sources, states)


@pytest.fixture(scope="module")
def ask(web: Dash) -> Ask:
    """GET (or another method) a path of the application, in a loop of its own."""

    async def speak(method: str, path: str, **words: Any) -> httpx.Response:
        async with client(web) as speaking:
            await asyncio.sleep(0)  # the hub takes over what the bus has
            while runtime().hub.snapshot is None:
                await asyncio.sleep(0.001)
            return await speaking.request(method, path, **words)

    def asked(path: str, *, method: str = "GET", **words: Any) -> httpx.Response:
        return asyncio.run(speak(method, path, **words))

    return asked

"""A reader of one unit, or of some kinds of case, is drawn nothing of the others."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import orjson

from centre.domain.scope import EVERYTHING, Scope
from centre.live.hub import Hub
from centre.live.scoped import within
from centre.live.slotname import SlotName
from centre.metrics.registry import METRICS
from centre.snapshots.bus.memory import MemoryBus
from centre.snapshots.cells import Address, Alert, Cell, Due, Hours, Series, Share, Snapshot
from tests.tiny import CITY
from tests.web import number_panel, snapshot

RECEIVED = "appeal.received.count"
UNITS = ("city", "north", "south")
NORTH = Scope(units=frozenset({"north"}))


def whole() -> Snapshot:
    """Figures of the city and two units."""
    none = (None,) * 24
    return replace(
        snapshot(1),
        cells={Address(RECEIVED, unit): Cell(num=1.0) for unit in UNITS},
        series={
            (RECEIVED, unit): Series(first=datetime.now(UTC).date(), num=(1.0,)) for unit in UNITS
        },
        hours=dict.fromkeys(UNITS, Hours(today=none, usual=none)),
        shares={("category", unit): (Share(key="a", today=1.0, usual=None),) for unit in UNITS},
        dues=dict.fromkeys(UNITS, Due(open=1, lapses_today=0, overdue=0)),
        alerts=tuple(Alert(kind="surge", unit=unit) for unit in UNITS),
    )


def test_everything_is_the_snapshot_itself() -> None:
    given = whole()
    assert within(given, EVERYTHING, METRICS) is given


def test_a_reader_of_one_unit_sees_that_unit_alone() -> None:
    seen = within(whole(), NORTH, METRICS)
    assert set(seen.cells) == {Address(RECEIVED, "north")}
    assert set(seen.series) == {(RECEIVED, "north")}
    assert set(seen.shares) == {("category", "north")}
    assert set(seen.hours) == set(seen.dues) == {one.unit for one in seen.alerts} == {"north"}


def test_who_may_not_see_a_kind_sees_no_figure_that_it_is_in() -> None:
    seen = within(whole(), Scope(kinds=frozenset({"event"})), METRICS)
    assert not (seen.cells or seen.series or seen.hours or seen.shares or seen.dues or seen.alerts)


def test_the_hub_draws_for_each_scope_what_it_may_see() -> None:
    async def look(scope: Scope) -> str:
        bus = MemoryBus()
        hub = Hub(bus, {"count": number_panel()}, CITY, METRICS)
        following = asyncio.create_task(hub.run())
        bus.publish(whole())
        while hub.snapshot is None:
            await asyncio.sleep(0.001)
        name = SlotName.parse("count::wall")
        drawn = orjson.loads(await hub.frames([name], "zh", scope) or b"")
        following.cancel()
        return str(drawn["slots"])

    assert "'1'" in asyncio.run(look(EVERYTHING))
    assert "'1'" not in asyncio.run(look(NORTH))

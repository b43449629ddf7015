"""What the browser judges ages by is never older than what the server judged by."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from centre.domain.status import Freshness, freshness
from centre.snapshots.cells import Cell, Snapshot, SourceState
from components.ages import ageing
from tests.tiny import NOW


def _source(unit: str, state: str, age: float, interval: float) -> SourceState:
    return SourceState(
        id=unit,
        zh=unit,
        en=unit,
        unit=unit,
        adapter="scripted",
        state=state,
        synthetic=True,
        interval_seconds=interval,
        contact="",
        as_of=NOW - timedelta(seconds=age),
    )


LIVE, SLOW, GONE = (
    _source("north", "live", 10, 60),
    _source("south", "live", 200, 300),
    _source("west", "down", 9_000, 60),
)


def _snapshot(*sources: SourceState) -> Snapshot:
    return Snapshot(seq=1, published_at=NOW, city_now=NOW, clock="now", sources=sources)


def _cell(age: float) -> Cell:
    return Cell(num=1, as_of=NOW - timedelta(seconds=age), freshness=Freshness.LIVE)


@pytest.mark.parametrize(
    ("unit", "cell_age", "at_least"), [("city", 9_000, 195), ("north", 10, 5), ("south", 200, 175)]
)
def test_a_figure_carries_the_oldest_watermark_of_those_present(
    unit: str, cell_age: float, at_least: float
) -> None:
    said = ageing(_snapshot(LIVE, SLOW, GONE), _cell(cell_age), unit)
    age = (NOW - datetime.fromisoformat(said["as-of"])).total_seconds()
    interval = float(said["interval"])
    assert interval == (60 if unit == "north" else 300)
    assert at_least - interval / 12 <= age <= {"city": 200, "north": 10, "south": 200}[unit]
    assert freshness(datetime.fromisoformat(said["as-of"]), NOW, interval) is Freshness.LIVE


def test_what_does_not_age_any_further_carries_nothing() -> None:
    now, finished = _snapshot(LIVE), replace(_snapshot(LIVE), clock="latest")
    assert ageing(finished, _cell(10)) == {}
    assert ageing(now, Cell(num=None)) == {}
    assert ageing(now, replace(_cell(10), freshness=Freshness.DOWN)) == {}
    assert ageing(_snapshot(GONE), _cell(10)) == {}

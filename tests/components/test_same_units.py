"""A silent centre is in neither side of a comparison, on boards made of records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from centre.domain.places import CITY
from centre.domain.records import Case, Reading
from centre.domain.scope import EVERYTHING
from centre.metrics.board import board
from centre.metrics.registry import METRICS, PARTS
from centre.snapshots.cells import Snapshot, SourceState
from centre.store import sources
from centre.store.engine import reading
from centre.store.write import Delivery, write
from components.changes import same_week
from components.colours import ratio
from tests import tiny
from tests.metrics.boards import LIVE, RIVER_DOWN
from tests.metrics.conftest import empty

RECEIVED = "appeal.received.count"
AMOUNTS = {"north": 6, "south": 6, "river": 12}  # each morning; the river has half of all


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Forty days alike."""
    engine = empty(tmp_path_factory.mktemp("alike"))
    for unit, amount in AMOUNTS.items():
        _deliver(engine, unit, [_case(unit, day, n) for day in range(40) for n in range(amount)])
    yield engine
    engine.dispose()


def _case(unit: str, day: int, number: int) -> Case:
    one = tiny.appeal(f"{unit}-{day}-{number}", unit, "06-17 08:00", satisfied=number % 2 == 0)
    received = one.received_at - timedelta(days=day)
    return replace(one, received_at=received, followed_up_at=received + timedelta(hours=1))


def _deliver(engine: Engine, unit: str, records: Sequence[Case | Reading]) -> None:
    days = (tiny.TODAY - timedelta(days=back) for back in range(1, 40))
    delivery = Delivery(
        source=f"{unit}-desk",
        epoch=sources.claim(engine, f"{unit}-desk"),
        records=records,
        rows=(),
        cursor={},
        fetched_at=tiny.NOW,
        watermark=tiny.NOW,
        days=tuple(day.isoformat() for day in days),
        units=(unit,),
    )
    write(engine, delivery, PARTS, tiny.ZONE)


def _snapshot(engine: Engine, states: tuple[SourceState, ...]) -> Snapshot:
    with reading(engine) as conn:
        made = board(conn, tiny.CITY, METRICS, tiny.NOW, scope=EVERYTHING, sources=states)
    return Snapshot(seq=1, published_at=tiny.NOW, city_now=tiny.NOW, clock="now", cells=made.cells)


def test_a_day_like_any_other_is_as_usual_though_the_largest_centre_is_silent(
    engine: Engine,
) -> None:
    for states, received in ((LIVE, 24), (RIVER_DOWN, 12)):
        snapshot = _snapshot(engine, states)
        assert same_week(snapshot, RECEIVED, CITY) == (received, received)
        assert ratio(snapshot, CITY) == 100


def test_a_rate_of_a_week_ago_is_of_those_who_are_in_the_rate_of_now(engine: Engine) -> None:
    south = [one for day in range(1, 40) for one in _calls("south", day, answered=8)]
    stopped = [one for day in range(31, 40) for one in _calls("north", day, answered=2)]
    _deliver(engine, "south", south)
    _deliver(engine, "north", stopped)
    snapshot = _snapshot(engine, LIVE)
    assert same_week(snapshot, "channel.12345.connect_rate", CITY) == (0.8, 0.8)


def _calls(unit: str, day: int, *, answered: float) -> list[Reading]:
    at = tiny.NOW - timedelta(days=day)
    amounts = {"calls.offered": 10.0, "calls.answered": answered}
    return [
        Reading(
            source=f"{unit}-desk", series=series, unit=unit, at=at, value=value, source_version=1
        )
        for series, value in amounts.items()
    ]

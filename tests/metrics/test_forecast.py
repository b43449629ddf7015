"""What will lapse at the present pace."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import inf
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centre.domain.records import Case
from centre.domain.scope import EVERYTHING
from centre.metrics.forecast import LEAST, amount, chance, forecast, of_unit
from centre.metrics.registry import PARTS
from centre.store import sources
from centre.store.engine import reading
from centre.store.write import Delivery, write
from tests import tiny
from tests.metrics.conftest import empty

HALF = [-1.0] * 20 + [0.5] * 20
"""Twenty lapsed, twenty closed with half a working day left."""

LEFTS = st.floats(-6, 12) | st.just(-inf)


def test_a_case_lapses_as_often_as_those_that_were_open_with_as_much_left() -> None:
    assert chance(1.0, HALF) == 0.5
    assert chance(0.5, HALF + [0.6] * 60) is None  # those of 0.5 had just closed: 20 are too few
    assert chance(1.0, sorted(HALF + [0.9] * 40)) == 0.25


def test_too_few_cases_to_go_by_give_no_number_and_no_nought() -> None:
    few = HALF[: LEAST - 1]
    found = forecast([0.5, 2.5], few)
    assert found.days[0].open == 1
    assert found.days[0].lapses is None
    assert found.days[2].lapses is None
    assert found.lapses is None
    assert found.days[3].lapses == 0  # of no case none lapses


def test_days_ahead_are_told_apart_and_add_up() -> None:
    found = forecast([0.0, 0.4, 1.0, 1.2, 4.9, 5.0, 5.1, -0.3], HALF)
    assert [one.open for one in found.days] == [3, 1, 0, 0, 2]
    assert found.open == amount(found, "ahead_all") == 6
    assert amount(found, "ahead_2") == 1
    assert amount(found, "expected_2") == 0.5
    assert amount(found, "expected_all") is None  # at 0.0 and 0.4 only the twenty are to go by


@given(st.lists(st.floats(0, 5)), st.lists(LEFTS, min_size=40, max_size=200))
def test_the_expected_lapses_are_a_sum_of_shares(ahead: list[float], past: list[float]) -> None:
    found = forecast(ahead, past)
    expected = 0.0
    for left in ahead:
        still_open = [one for one in past if one < left]
        if len(still_open) < LEAST:
            assert found.lapses is None
            return
        expected += sum(one < 0 for one in still_open) / len(still_open)
    assert found.lapses == pytest.approx(expected)
    assert 0 <= expected <= found.open == len(ahead)


def test_the_forecast_of_a_unit_comes_from_its_own_cases(tmp_path: Path) -> None:
    engine = empty(tmp_path)
    hour = timedelta(hours=1)
    workday = datetime(2026, 6, 15, 10, tzinfo=tiny.ZONE)  # a Monday, the day before now

    def case(number: int, due_at: datetime, closed_at: datetime | None, **words: object) -> Case:
        received = workday - timedelta(days=20)
        fixed = {"source": "north-desk", "unit": "north", "source_version": 1}
        times = {"received_at": received, "due_at": due_at, "closed_at": closed_at}
        return Case(key=f"F{number}", **{**fixed, **times, **words})  # type: ignore[arg-type]

    past = [case(n, workday, workday + hour * (1 if n % 4 == 0 else -1)) for n in range(80)]
    ahead = [case(100 + n, tiny.NOW + 2 * hour, None) for n in range(8)]
    stopped = [case(200, None, None), case(201, tiny.NOW + hour, None, kind="approval")]  # type: ignore[arg-type]
    write(
        engine,
        Delivery(
            source="north-desk",
            epoch=sources.claim(engine, "north-desk"),
            records=[*past, *ahead, *stopped],
            rows=(),
            cursor={},
            fetched_at=tiny.NOW,
        ),
        PARTS,
        tiny.ZONE,
    )
    with reading(engine) as conn:
        found = of_unit(conn, tiny.CITY, "north", tiny.NOW, EVERYTHING)
        assert (found.open, found.basis) == (8, 80)
        assert found.lapses == pytest.approx(8 / 4)
        elsewhere = of_unit(conn, tiny.CITY, "south", tiny.NOW, EVERYTHING)
        assert (elsewhere.open, elsewhere.basis) == (0, 0)
        assert of_unit(conn, tiny.CITY, "north", tiny.NOW, EVERYTHING, at=0).basis == 0
    engine.dispose()

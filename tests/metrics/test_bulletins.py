"""The engine gives what two bulletins of Chengdu published, at their rounding.

Cases built to the counts go the whole way: written, counted into cubes, asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from centre.citypack.load import load_city
from centre.domain.places import City
from centre.domain.scope import EVERYTHING
from centre.metrics.evaluate import value
from centre.metrics.questions import Question, Value
from centre.store.engine import reading
from tests.metrics import bulletin
from tests.metrics.bulletin import OUTSIDE, ZH, Month
from tests.metrics.conftest import empty

pytestmark = pytest.mark.slow  # half a million cases are written

NOW = datetime(2019, 12, 3, 4, tzinfo=UTC)
PACK = Path(__file__).parents[2] / "conf" / "chengdu"
SATISFACTION = "appeal.satisfaction_rate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A bulletin, and the store in which its month lies."""

    conn: Connection
    city: City
    month: Month
    said: dict[str, Any]

    def ask(self, metric: str, *, by: str | None = None, version: int | None = None) -> Value:
        month = self.month
        asked = Question(metric=metric, start=month.start, end=month.end, by=by, version=version)
        return value(self.conn, self.city, asked, EVERYTHING, NOW)

    def groups(self, metric: str, by: str) -> dict[str, tuple[float | None, float | None]]:
        return {one.key: (one.num, one.den) for one in self.ask(metric, by=by).groups}

    def percents(self, metric: str, by: str, version: int | None = None) -> dict[str, str]:
        groups = self.ask(metric, by=by, version=version).groups
        return {one.key: percent(one.value) for one in groups}


def percent(fraction: float | None) -> str:
    assert fraction is not None
    return f"{fraction * 100:.2f}"


@pytest.fixture(scope="module")
def both(
    tmp_path_factory: pytest.TempPathFactory, shared_data: Path
) -> Iterator[tuple[Told, Told]]:
    city = load_city(PACK)
    said = bulletin.published(shared_data)
    months = (bulletin.march(said[0], city), bulletin.november(said[1], city))
    engine = empty(tmp_path_factory.mktemp("bulletins"))
    stored = bulletin.fill(engine, city, months, NOW)
    assert stored == sum(one.received + OUTSIDE for one in months)
    with reading(engine) as conn:
        march, november = (
            Told(conn=conn, city=city, month=month, said=one)
            for month, one in zip(months, said, strict=True)
        )
        yield march, november
    engine.dispose()


@pytest.fixture(scope="module")
def march(both: tuple[Told, Told]) -> Told:
    return both[0]


@pytest.fixture(scope="module")
def november(both: tuple[Told, Told]) -> Told:
    return both[1]


def natures(told: Told) -> dict[str, float | None]:
    return {key: num for key, (num, _) in told.groups("appeal.received.count", "nature").items()}


def test_received_in_march_by_nature_and_their_sum(march: Told) -> None:
    assert natures(march) == {ZH[zh]: count for zh, count in march.said["nature"].items()}
    assert march.ask("appeal.received.count").num == march.said["received_total"] == 174_015


def test_dispatched_in_march_by_districts_and_departments(march: Told) -> None:
    assert march.ask("appeal.dispatched.count").num == march.said["dispatched"] == 72_838
    assert march.groups("appeal.dispatched.count", "handler_kind") == {
        "district": (54_270, None),
        "department": (18_568, None),
    }


def test_closed_in_march(march: Told) -> None:
    assert march.ask("appeal.closed.count").num == march.said["closed"] == 49_954


def test_overdue_in_march_is_of_the_dispatched(march: Told) -> None:
    found = march.ask("appeal.overdue_rate")
    assert (found.num, found.den, percent(found.value)) == (301, 72_838, "0.41")
    assert march.groups("appeal.overdue_rate", "handler_kind") == {
        "district": (20, 54_270),
        "department": (281, 18_568),
    }
    assert march.percents("appeal.overdue_rate", "handler_kind") == {
        "district": "0.04",
        "department": "1.51",
    }


def test_dissatisfied_in_march_by_both_kinds_of_handler(march: Told) -> None:
    assert march.ask("appeal.dissatisfied.count").num == march.said["unsatisfied"] == 4_209
    assert march.groups("appeal.dissatisfied.count", "handler_kind") == {
        "district": (3_070, None),
        "department": (1_139, None),
    }


def test_satisfaction_in_march_is_the_published_one_by_the_definition_of_2018(march: Told) -> None:
    found = march.ask(SATISFACTION, version=1)
    assert (percent(found.value), found.den) == ("80.85", 21_979)
    assert percent(found.value) == f"{march.said['satisfaction_pct']:.2f}"
    assert march.percents(SATISFACTION, "handler_kind", 1) == {
        "district": "80.01",
        "department": "82.81",
    }


def test_the_same_march_is_ten_points_better_by_the_later_definition(march: Told) -> None:
    found = march.ask(SATISFACTION, version=2)
    assert (percent(found.value), found.den) == ("91.57", 49_954)
    assert [one.version for one in found.in_force] == [1]  # and says so


def test_received_in_november_by_nature_and_their_sum(november: Told) -> None:
    assert natures(november) == {ZH[zh]: count for zh, count in november.said["nature"].items()}
    assert november.ask("appeal.received.count").num == 317_634


def test_satisfaction_in_november_is_the_published_one_by_the_later_definition(
    november: Told,
) -> None:
    found = november.ask(SATISFACTION)
    assert (found.version, percent(found.value)) == (2, "94.00")
    assert percent(found.value) == f"{november.said['satisfaction_pct']:.2f}"
    assert (found.den, november.ask("appeal.dissatisfied.count").num) == (107_957, 6_479)
    assert [one.version for one in found.in_force] == [2]


def test_the_five_reasons_of_november_with_their_shares(november: Told) -> None:
    found = november.ask("appeal.dissatisfied.count", by="reason")
    names = november.city.codes["dissatisfied_reason"]
    assert found.num is not None
    shown = {
        names[one.key].zh: (one.num, percent((one.num or 0) / found.num)) for one in found.groups
    }
    assert shown == {
        zh: (one["n"], f"{one['pct']:.2f}")
        for zh, one in november.said["unsatisfied_reasons"].items()
    }
    assert len(shown) == 5


def test_dispatched_and_closed_in_november(november: Told) -> None:
    assert november.ask("appeal.dispatched.count").num == november.said["dispatched"]
    assert november.ask("appeal.closed.count").num == november.said["closed"]
    assert november.ask("appeal.overdue_rate").num == november.said["overdue"]

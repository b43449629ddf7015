"""sum(children) = parent: every metric of the registry at every level, on two cities."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from centre.citypack.load import load_city, load_sources
from centre.collector.health import source_states
from centre.domain.parse import parse
from centre.domain.places import CITY, UNASSIGNED
from centre.domain.scope import EVERYTHING
from centre.metrics.breakdown import offered
from centre.metrics.metric import Metric
from centre.metrics.registry import METRICS, PARTS
from centre.settings import ROOT
from centre.store import sources
from centre.store.engine import reading
from centre.store.queries.horizon import last_record_at
from centre.store.write import Delivery, write
from datasources.mapping import apply
from tests import tiny
from tests.metrics.adding import Place, below, misfits, same
from tests.metrics.conftest import empty

LEVELS = ("unit", "street", "category")
"""City -> district -> street -> category; below it are the cases."""


PERIODS = {
    "now": None,
    "two whole days": (tiny.at("06-15 00:00"), tiny.at("06-17 00:00")),
    "from within a day to now": (tiny.at("06-10 08:15"), tiny.NOW),
}


WITHIN = "from within a day to now"  # it takes the most ways through the code
_params = [one if one == WITHIN else pytest.param(one, marks=pytest.mark.slow) for one in PERIODS]


@pytest.fixture(scope="module", params=_params)
def small(request: pytest.FixtureRequest, tiny_conn: Connection) -> Place:
    """The tiny city."""
    return Place(conn=tiny_conn, city=tiny.CITY, now=tiny.NOW, period=PERIODS[request.param])


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Iterator[Place]:
    """San Francisco's file of ten thousand requests."""
    city = load_city(ROOT / "conf" / "sanfrancisco")
    ((source,), _) = load_sources(ROOT / "conf" / "sanfrancisco", city)
    with (shared_data / "real" / "sf311_2019_sample10k.csv").open(newline="") as text:
        rows = list(csv.DictReader(text))
    records = [parse(apply(row, source), config=source, city=city, now=tiny.NOW) for row in rows]
    engine = empty(tmp_path_factory.mktemp("real"))
    delivery = Delivery(
        source=source.id,
        epoch=sources.claim(engine, source.id),
        records=records,
        rows=(),
        cursor={},
        fetched_at=tiny.NOW,
    )
    write(engine, delivery, PARTS, city.tz)
    with reading(engine) as conn:
        now = last_record_at(conn, EVERYTHING)
        assert now is not None
        states = source_states([source], sources.states(conn), now, {})
        yield Place(conn=conn, city=city, now=now, sources=states)
    engine.dispose()


def largest(place: Place, count: int) -> list[str]:
    """Some units of many: those with the most cases."""
    found = place.ask(place.question(METRICS["appeal.backlog.count"], CITY))
    assert found.num
    rows = below(place, place.question(METRICS["appeal.backlog.count"], CITY), "unit")
    had = Counter({one.key: one.num or 0.0 for one, _ in rows})
    return [key for key, _ in had.most_common(count)]


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda one: one.id)
def test_the_parts_of_a_figure_are_the_figure(small: Place, metric: Metric) -> None:
    for unit in (CITY, UNASSIGNED, *small.city.by_code):
        assert list(misfits(small, metric, small.question(metric, unit))) == []


@pytest.mark.slow
@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda one: one.id)
def test_the_parts_of_a_real_figure_are_the_figure(real: Place, metric: Metric) -> None:
    for unit in (CITY, UNASSIGNED, *largest(real, 2)):
        assert list(misfits(real, metric, real.question(metric, unit))) == []


def walk(place: Place, metric: Metric, levels: tuple[str, ...] = LEVELS) -> int:
    """Go down every row of every level; how many rows opened as the figure that they show."""
    questions, opened = [place.question(metric, CITY)], 0
    for level in levels:
        if level not in offered(metric):
            break
        rows = [row for one in questions for row in below(place, one, level)]
        for shown, question in rows:
            found = place.ask(question)
            assert same(found.num, shown.num), (question, found, shown)
            assert same(found.den, shown.den), (question, found, shown)
            assert list(misfits(place, metric, question)) == []
            opened += shown.num is not None
        questions = [question for shown, question in rows if shown.num]
    return opened


@pytest.mark.slow
@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda one: one.id)
def test_each_row_opens_as_the_figure_that_it_shows(small: Place, metric: Metric) -> None:
    assert walk(small, metric) > 0 or small.ask(small.question(metric, CITY)).num is None


@pytest.mark.slow
@pytest.mark.parametrize("levels", [("channel", "category"), ("handler", "nature", "channel")])
def test_any_filters_cut_a_figure_into_parts_of_it(small: Place, levels: tuple[str, ...]) -> None:
    for id_ in ("appeal.on_time_rate", "appeal.backlog.count", "appeal.received.daily_avg"):
        assert walk(small, METRICS[id_], levels) > 0

"""The registry keeps to the catalogue, and every metric is fully described."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from centre.domain.places import Name
from centre.metrics.metric import Metric, Shape
from centre.metrics.registry import METRICS, PARTS, DuplicateId, Found, collect
from centre.store.parts import Part
from centre.store.tables import case

CATALOGUE = Path(__file__).parents[3] / "shared" / "metric_catalogue.csv"
EXTRA = {
    "appeal.on_time_closed_rate",  # design.md "On time": stands beside the honest rate
    "appeal.dissatisfied.count",  # the bulletins publish it, with its reasons
}
NOT_PERCENT = {
    "count",
    "items",
    "tickets",
    "items/day",
    "working days",
    "letters",
    "calls",
    "services",
}

EVERY_DEFINITION = pytest.mark.parametrize(
    "metric",
    [version for metric in METRICS.values() for version in metric.versions],
    ids=lambda one: f"{one.id}@{one.version}",
)


def catalogue() -> dict[str, dict[str, str]]:
    assert CATALOGUE.exists(), f"not there: {CATALOGUE}"
    with CATALOGUE.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["platform"] == "appeals"]
    return {row["id"]: row for row in rows}


def test_the_catalogue_of_appeals_is_there_and_nothing_else_but_two() -> None:
    assert len(catalogue()) == 21
    assert {one.id for one in METRICS.values() if one.platform == "appeals"} == {
        *catalogue(),
        *EXTRA,
    }


@pytest.mark.parametrize("metric_id", sorted(catalogue()))
def test_names_unit_and_direction_are_the_catalogues(metric_id: str) -> None:
    row, metric = catalogue()[metric_id], METRICS[metric_id]
    assert (metric.name.zh, metric.name.en) == (row["zh"], row["en"])
    assert metric.direction == row["direction"]
    assert metric.unit.en == row["unit"]
    assert metric.is_rate == (row["unit"] == "%")
    assert metric.unit.en in NOT_PERCENT or metric.is_rate


@EVERY_DEFINITION
def test_nothing_of_a_definition_is_left_empty(metric: Metric) -> None:
    for name in (metric.name, metric.definition, metric.unit, metric.owner, metric.caveats):
        assert name.zh.strip()
        assert name.en.strip()
    assert metric.datasets
    assert metric.direction in {"up", "down", "neutral"}
    assert metric.version >= 1


@EVERY_DEFINITION
def test_a_shape_has_the_parts_it_needs(metric: Metric) -> None:
    assert (metric.num is None) == (metric.shape is Shape.GAUGE)
    assert (metric.series is not None) == (metric.shape is Shape.GAUGE)
    assert (metric.den is not None) == (metric.shape in {Shape.RATIO, Shape.MEAN})
    tables = {part.anchor.table.name for part in metric.parts}
    assert tables <= set(metric.datasets)


@EVERY_DEFINITION
def test_a_metric_counts_the_kinds_of_case_that_it_says(metric: Metric) -> None:
    for part in metric.parts:
        if part.anchor.table is case:
            sql = str(part.where.compile(compile_kwargs={"literal_binds": True}))
            assert set(re.findall(r"\"case\"\.kind = '(\w+)'", sql)) == set(metric.kinds), sql


def test_parts_are_unique_by_id_and_cover_every_metric() -> None:
    assert len({part.id for part in PARTS}) == len(PARTS)
    assert {part.id for part in PARTS} == {
        part.id
        for metric in METRICS.values()
        for version in metric.versions
        for part in version.parts
    }


def a_metric(metric_id: str, part: Part) -> Metric:
    name = Name(zh="试", en="trial")
    return Metric(
        id=metric_id,
        platform="trial",
        name=name,
        definition=name,
        unit=name,
        shape=Shape.COUNT,
        direction="up",
        num=part,
    )


def a_part(kind: str) -> Part:
    return Part(id="trial.part", anchor=case.c.received_at, where=case.c.kind == kind)


def test_one_id_for_two_meanings_names_both_places() -> None:
    found = [
        Found("one.place", a_metric("trial.a", a_part("appeal"))),
        Found("other.place", a_metric("trial.b", a_part("approval"))),
    ]
    with pytest.raises(DuplicateId, match=r'part "trial.part" .* one\.place and in other\.place'):
        collect(found)


def test_two_metrics_of_one_id_are_refused() -> None:
    found = [
        Found("one.place", a_metric("trial.a", a_part("appeal"))),
        Found("other.place", a_metric("trial.a", a_part("appeal"))),
    ]
    with pytest.raises(DuplicateId, match=r'metric "trial.a" .* one\.place and in other\.place'):
        collect(found)


def test_two_metrics_may_share_the_same_part() -> None:
    found = [
        Found("one.place", a_metric("trial.a", a_part("appeal"))),
        Found("other.place", a_metric("trial.b", a_part("appeal"))),
    ]
    metrics, parts = collect(found)
    assert list(metrics) == ["trial.a", "trial.b"]
    assert [part.id for part in parts] == ["trial.part"]

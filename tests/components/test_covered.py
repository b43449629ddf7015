"""No surface shows a total without its coverage: wall, desk, portal panel, API and file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from centre.alerts.find import find
from centre.domain.places import CITY
from centre.metrics.facts import Facts
from centre.metrics.registry import METRICS
from centre.snapshots.cells import Snapshot
from centre.store.engine import reading
from components.charts.figures import trend
from components.marks import coverage, missing_tone
from components.panels import PANELS
from components.rich import text_of
from components.view import View
from tests import tiny, whole_city
from tests.metrics.conftest import empty
from tests.whole_city import CENTRES, CITY_OF, RECEIVED, UNITS, board

silences = st.sets(st.sampled_from(UNITS), min_size=1, max_size=len(UNITS) - 1)
MUNICIPAL = "510100"  # in every total, not among the 22 centres
ALONE = {
    "headline": RECEIVED,
    "headlines": "",
    "work": "",
    "channels": "",
    "by_channel": "",
    "what": "",
    "dues": "",
    "where": "",
    "received_today": "",
}
"""Panels with totals of the city, and the key they are about: each may be seen without the rest."""


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Facts]:
    engine = empty(tmp_path_factory.mktemp("covered"))
    whole_city.deliver(engine)
    with reading(engine) as conn:
        yield whole_city.known(conn)
    engine.dispose()


def shown(facts: Facts, silent: set[str]) -> Snapshot:
    made = whole_city.snapshot(board(facts, silent), silent)
    return replace(made, alerts=find(made, CITY_OF, METRICS))


def view(surface: str, key: str = "", lang: str = "zh") -> View:
    return View(lang=lang, surface=surface, key=key, city=CITY_OF, metrics=METRICS)


def figures(tree: Any) -> Iterator[tuple[str, str]]:
    """(figure id, how) of all that is marked in a tree."""
    if isinstance(tree, list | tuple):
        for one in tree:
            yield from figures(one)
        return
    props = getattr(tree, "to_plotly_json", None)
    if props is None:
        return
    told = props()["props"]
    if told.get("data-figure"):
        yield told["data-figure"], told.get("data-how", "")
    yield from figures(told.get("children"))


def told(tree: Any) -> str:
    return re.sub(r"\s+", "", text_of(tree))


@pytest.mark.slow
@given(silent=silences)
@example(silent={MUNICIPAL})
@settings(max_examples=25, deadline=None)
def test_no_panel_shows_a_total_of_the_city_without_its_coverage(
    facts: Facts, silent: set[str]
) -> None:
    seen = shown(facts, silent)
    cells = {cell.figure: (at, cell) for at, cell in seen.cells.items() if at.unit == CITY}
    counted = seen.cell(RECEIVED)
    for surface in ("wall", "desk", "embed"):
        for panel, key in ALONE.items():
            drawn = PANELS[panel].render(seen, view(surface, key))
            marked = set(figures(drawn))
            for id_, how in marked:
                at, cell = cells.get(id_, (None, None))
                if how or at is None or cell is None or not cell.missing:
                    continue
                is_said = (id_, "coverage") in marked or cell.present == cell.expected
                assert is_said, (surface, panel, at)
            if counted.present == counted.expected:
                assert "缺市级" in told(drawn), (surface, panel)
            elif counted.num is not None:
                assert f"{counted.present}/{counted.expected}" in told(drawn), (surface, panel)


@pytest.mark.slow
@given(silent=silences)
@example(silent={MUNICIPAL})
@settings(max_examples=25, deadline=None)
def test_the_missing_are_named_with_their_usual_share_on_wall_desk_and_panel(
    facts: Facts, silent: set[str]
) -> None:
    seen = shown(facts, silent)
    cell = seen.cell(RECEIVED)
    share = f"平常约占{(cell.usual_share or 0) * 100:.1f}%"
    first = CITY_OF.unit_name(cell.missing[0], "zh")
    for surface, panel in (
        ("wall", "wall_foot"),
        ("desk", "desk_head"),
        ("embed", "received_today"),
    ):
        words = told(PANELS[panel].render(seen, view(surface)))
        if cell.withheld and panel == "received_today":
            assert f"仅{cell.present}/{cell.expected}个中心有数据" in words
        elif cell.present and not (panel == "desk_head" and not silent & set(CENTRES)):
            assert first in words and share in words, (surface, words)


@pytest.mark.slow
@given(silent=silences)
@settings(max_examples=25, deadline=None)
def test_a_withheld_figure_is_a_dash_that_says_why(facts: Facts, silent: set[str]) -> None:
    seen = shown(facts, silent)
    cell = seen.cell(RECEIVED)
    words = told(PANELS["headline"].render(seen, view("wall", RECEIVED)))
    assert ("暂不显示" in words) == cell.withheld
    if cell.withheld:
        assert "—" in words and not seen.compared(RECEIVED)[0].value


def test_the_mark_is_grey_while_little_is_missing_and_watched_from_the_declared_share_on(
    facts: Facts,
) -> None:
    for silent in ({UNITS[0]}, set(UNITS[:6])):
        cell = shown(facts, silent).cell(RECEIVED)
        tone = "watch" if (cell.usual_share or 0) >= CITY_OF.coverage.watch else "unknown"
        assert tone in coverage(cell, view("desk")).className
    assert {"watch"} == {missing_tone(replace(cell, usual_share=None), view("desk"))}


def test_a_day_of_a_line_that_is_not_whole_or_was_revised_is_marked_and_told(
    facts: Facts,
) -> None:
    silent, day = set(CENTRES[:2]), tiny.TODAY - timedelta(days=1)
    made = board(facts, silent, gaps=(day.toordinal(),))
    line = replace(made.series[RECEIVED, CITY], revised=(day - timedelta(days=3),))
    seen = whole_city.snapshot(replace(made, series={(RECEIVED, CITY): line}), silent)
    found = trend(seen.series[RECEIVED, CITY], surface="desk", lang="zh", words="")
    marked = {one["marker"]["symbol"]: one["x"] for one in found["data"] if "marker" in one}
    assert marked["circle-open"] == [day.isoformat()]
    assert marked["diamond-open"] == [(day - timedelta(days=3)).isoformat()]
    table = PANELS["headline"].table
    assert table is not None
    rows = {row[0]: text_of(row[-1]) for row in table(seen, view("desk", RECEIVED)).rows}
    assert all(CITY_OF.unit_name(code, "zh") in rows[day.isoformat()] for code in silent)
    assert "修订" in rows[(day - timedelta(days=3)).isoformat()]

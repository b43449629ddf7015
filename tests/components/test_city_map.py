"""The map: its steps, its legend, its names, and the units of which nothing is known."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest

from centre.domain.places import CITY
from centre.snapshots.cells import Address, Share
from components.colours import METRIC, RATIO_BOUNDS, colours, count_bounds, step_of
from components.desk.ranks import ranks
from components.map_labels import LINE_TALL, label_points
from components.panels import PANELS
from components.rich import text_of
from components.text import LANGS
from tests.components.drawn import text, view_of
from tests.samples import chengdu, sample_snapshot, san_francisco


def test_the_map_has_a_step_for_every_unit_and_a_hatch_for_the_silent() -> None:
    shown = colours(sample_snapshot(chengdu(), "live"), view_of(city=chengdu()))
    assert set(shown.areas) == {unit.code for unit in chengdu().units}
    assert shown.areas["510129"].is_down and shown.areas["510129"].step == 0
    assert shown.areas["510129"].words == "中断 42 分"
    assert shown.areas["510117"].is_alert and shown.areas["510117"].step == 6


def test_a_unit_that_says_nothing_has_a_dash_in_the_table_of_the_map_and_no_ranking() -> None:
    for state, code in (("live", "510129"), ("empty", "510104")):
        city = chengdu()
        snapshot = sample_snapshot(city, state)
        twin = PANELS["city_map"].table
        assert twin is not None
        rows = {row[0]: text_of(row[1]) for row in twin(snapshot, view_of(city=city)).rows}
        assert rows[city.unit_name(code, "zh")] == "—"
    silent = tuple(Share(key=one, today=None, usual=3) for one in ("noise", "water"))
    snapshot = replace(sample_snapshot(chengdu(), "live"), shares={("category", CITY): silent})
    view = view_of(city=chengdu())
    assert "尚无数据" in text(PANELS["what"].render(snapshot, view))
    assert not re.search(r"(?<!\d)0(?!\d)", text(ranks(snapshot, view, "category")))


def test_a_unit_too_small_for_a_ratio_says_its_count_as_a_count() -> None:
    """5 among ratios would read as five percent of the usual."""
    calm = sample_snapshot(chengdu(), "calm")
    usual = Address(METRIC, "510131", "usual")
    cells = {**calm.cells, usual: replace(calm.cells[usual], num=4.0)}
    now = calm.cell(METRIC, "510131").value
    area = colours(replace(calm, cells=cells), view_of(city=chengdu())).areas["510131"]
    assert (area.step, area.words) == (0, f"{now:.0f} 件")


def test_the_legend_agrees_with_the_steps() -> None:
    assert [step_of(value, RATIO_BOUNDS) for value in (94.4, 94.6, 100, 129.4, 129.6)] == [
        1,
        2,
        3,
        5,
        6,
    ]
    shown = colours(sample_snapshot(chengdu(), "calm"), view_of())
    assert [words for _, words in shown.legend] == [
        "≥ 130",
        "110–129",
        "105–109",
        "100–104",
        "95–99",
        "< 95",
    ]


def test_counts_are_shown_where_the_usual_is_unknown_or_too_small() -> None:
    filling = colours(sample_snapshot(chengdu(), "filling"), view_of(city=chengdu()))
    assert not filling.is_ratio and not filling.is_usual_known
    small = colours(sample_snapshot(san_francisco(), "calm"), view_of(city=san_francisco()))
    assert not small.is_ratio and small.is_usual_known


def test_count_bounds_are_round_and_ascending() -> None:
    bounds = count_bounds([3, 12, 47, 118, 260, 312, 955])
    assert list(bounds) == sorted(set(bounds)) and len(bounds) <= 5
    assert count_bounds([]) == ()


@pytest.mark.parametrize("lang", LANGS)
def test_no_two_names_on_the_map_touch(lang: str) -> None:
    city = chengdu()
    outer = frozenset(unit.code for unit in city.units if unit.label and not unit.inset)
    points = label_points(city, outer, lang, "areas")
    assert set(points) == outer
    lats = {code: lat * 588 / 1.35 for code, (_, lat) in points.items()}  # about px
    near = SimpleNamespace(one="510117", other="510115")  # Pidu over Wenjiang
    assert abs(lats[near.one] - lats[near.other]) >= LINE_TALL * 0.9


def test_texts_never_travel_as_map_properties_that_become_html() -> None:
    drawn = str(
        PANELS["city_map"].render(sample_snapshot(chengdu(), "live"), view_of(city=chengdu()))
    )
    assert "'tooltip'" not in drawn and "'popup'" not in drawn

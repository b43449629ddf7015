"""What is not of now must not look as if it were."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from centre.domain.places import CITY
from centre.metrics.registry import METRICS
from centre.snapshots.cells import Address, Hours
from components.changes import short_change
from components.charts.multiples import Small, small_multiples
from components.colours import colours
from components.map import legend
from components.marks import coverage
from components.panels import by_channel, what, when, where
from components.rich import text_of
from components.theme import DARK
from components.view import View
from components.words import old_words
from tests.samples import chengdu, sample_snapshot

VIEW = View(lang="zh", surface="wall", city=chengdu(), metrics=METRICS)
RECEIVED = METRICS["appeal.received.count"]


@pytest.mark.parametrize("panel", [by_channel, what, when, where])
def test_when_all_is_down_the_second_scene_says_since_when(panel: ModuleType) -> None:
    silent = str(panel.render(sample_snapshot(chengdu(), "all_down"), VIEW))
    live = str(panel.render(sample_snapshot(chengdu(), "calm"), VIEW))
    assert "截至 13:25" in silent and "截至 13:25" not in live


def test_only_the_row_of_a_silent_unit_is_old() -> None:
    snapshot = sample_snapshot(chengdu(), "down")
    assert old_words(snapshot, VIEW, "510129") == "截至 13:25"
    assert old_words(snapshot, VIEW, CITY) == ""
    assert str(where.render(snapshot, VIEW)).count("is-old") == 1


def test_the_running_hour_is_a_point_and_no_fall() -> None:
    day = Hours(today=(5.0,) * 14 + (1.0,) + (None,) * 9, usual=(4.0,) * 24)
    one = Small(name="甲区", hours=day, today=71.0, usual=60.0, running=14)
    _, line, point = small_multiples([one], surface="wall", words="")["data"]
    assert line["y"][13] == 5.0 and line["y"][14] is None
    assert point["x"] == [14] and point["y"] == [1.0]
    assert point["marker"]["color"] == DARK.ground


def test_a_finished_day_is_drawn_to_its_end() -> None:
    day = Hours(today=(5.0,) * 24, usual=(None,) * 24)
    one = Small(name="甲区", hours=day, today=120.0, usual=None, running=0)
    _, line = small_multiples([one], surface="wall", words="")["data"]
    assert line["y"] == [5.0] * 24


def test_a_long_name_leaves_room_for_its_numbers() -> None:
    day = Hours(today=(5.0,) * 24, usual=(4.0,) * 24)
    one = Small(name="Lakeshore Conservation District", hours=day, today=120.0, usual=96.0)
    name, numbers = small_multiples([one], surface="wall", words="")["layout"]["annotations"]
    assert name["text"].endswith("…") and numbers["text"] == "<b>120</b> / 96"


def test_no_figure_shouts_when_all_are_silent() -> None:
    cell = sample_snapshot(chengdu(), "all_down").cell(RECEIVED.id)
    assert "weak" in coverage(cell, VIEW).className
    one_missing = sample_snapshot(chengdu(), "down").cell(RECEIVED.id)
    assert "weak" not in coverage(one_missing, VIEW).className


def test_the_legend_shows_steps_only_where_one_is_on_the_map() -> None:
    silent, calm = (
        str(legend(colours(sample_snapshot(chengdu(), state), VIEW), "zh"))
        for state in ("all_down", "calm")
    )
    assert "step-" in calm and "step-" not in silent and "无数据" in silent


@pytest.mark.parametrize(
    ("now", "week", "words"),
    [(17, 12, "多 5 件"), (85, 60, "多 41.7 %"), (60, 80, "少 25.0 %"), (9, 9, "持平")],
)
def test_a_short_change_speaks_in_words(now: float, week: float, words: str) -> None:
    snapshot = sample_snapshot(chengdu(), "calm")
    cell = snapshot.cell(RECEIVED.id)
    cells = {
        **snapshot.cells,
        Address(RECEIVED.id, CITY): replace(cell, num=now),
        Address(RECEIVED.id, CITY, "week"): replace(cell, num=week),
    }
    said = short_change(replace(snapshot, cells=cells), VIEW, RECEIVED, CITY)
    assert text_of(said[-1]) == words

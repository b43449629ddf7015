"""The wall of a city whose data is finished, and of one that delivers cases only."""

from __future__ import annotations

from dataclasses import replace

from centre.domain.places import CITY
from centre.domain.status import Freshness
from centre.metrics.registry import METRICS
from centre.snapshots.cells import Address, Cell, Snapshot
from components.panels import PANELS
from components.view import View
from tests.components.test_panels import _text
from tests.samples import RECEIVED, chengdu, sample_snapshot, san_francisco

CASES_ONLY = (
    RECEIVED,
    "appeal.closed.count",
    "appeal.backlog.count",
    "appeal.received.daily_avg",
    "channel.mobile.count",
)


def view_of(lang: str = "zh") -> View:
    return View(lang=lang, surface="wall", city=san_francisco(), metrics=METRICS)


def without_follow_ups() -> Snapshot:
    """A finished city that knows when cases came and went, and nothing else."""
    known = sample_snapshot(san_francisco(), "history")
    cells = {
        address: cell if address.metric in CASES_ONLY else replace(cell, num=0.0, den=0.0)
        for address, cell in known.cells.items()
    }
    return replace(known, cells=cells)


def read(panel: str, snapshot: Snapshot, view: View | None = None) -> str:
    return _text(PANELS[panel].render(snapshot, view or view_of()))


def test_headlines_are_the_first_four_that_the_city_has_figures_for() -> None:
    words = read("headlines", without_follow_ups())
    places = [words.find(name) for name in ("当日受理", "办结量", "在办量", "日均受理量")]
    assert -1 not in places and places == sorted(places)
    assert "—" not in words and "满意率" not in words


def test_a_mean_that_is_a_card_does_not_stand_beside_the_count_as_well() -> None:
    assert "日日均" not in read("headlines", without_follow_ups())
    assert "日日均" in read("headlines", sample_snapshot(chengdu(), "calm"), at_home())


def at_home() -> View:
    return View(lang="zh", surface="wall", city=chengdu(), metrics=METRICS)


def test_a_headline_that_is_down_keeps_its_place() -> None:
    words = read("headlines", sample_snapshot(chengdu(), "all_down"), at_home())
    assert "诉求解决率" in words and "群众满意率" in words


def test_the_band_repeats_no_headline_and_fills_up_with_categories() -> None:
    words = read("channels", without_follow_ups())
    assert "办结量" not in words and "在办量" not in words
    assert "移动客户端诉求量" in words and "Graffiti" in words
    assert "—" not in words


def test_nothing_of_nothing_is_no_figure() -> None:
    one = Address("appeal.satisfaction_rate", CITY)
    cells = {**without_follow_ups().cells, one: Cell(num=0, den=0, freshness=Freshness.LIVE)}
    assert "满意率" not in read("headlines", replace(without_follow_ups(), cells=cells))

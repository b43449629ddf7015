"""The pages of the desk in every state of the snapshot, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from centre.domain.places import City
from centre.metrics.registry import METRICS
from components.desk.head import head
from components.desk.overview import all_units, overview
from components.desk.registry import registry
from components.desk.shell import shell
from components.desk.sources import page as sources_page
from components.desk.units import ordered, sort_of
from components.panels import PANELS
from components.text import LANGS
from components.view import View
from tests.pages.reading import ids, sent, text
from tests.samples import STATES, chengdu, sample_snapshot, san_francisco


def view(lang: str = "zh", city: City | None = None) -> View:
    return View(lang=lang, surface="desk", city=city or chengdu(), metrics=METRICS)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("city", [chengdu, pytest.param(san_francisco, marks=pytest.mark.slow)])
def test_every_page_of_snapshots_can_be_drawn_and_sent_in_every_state(
    city: Callable[[], City], state: str, lang: str
) -> None:
    snapshot, seen = sample_snapshot(city(), state), view(lang, city())
    for body in (
        overview(snapshot, seen, PANELS, sort=None),
        all_units(snapshot, seen, PANELS, sort="-overdue"),
        registry(seen, snapshot),
        sources_page(snapshot, seen, PANELS, None),
    ):
        page = shell(snapshot, seen, PANELS, here="overview", crumbs=[("x", None)], body=body)
        assert sent(page)
        found = ids(page)
        assert len(found) == len(set(found))


def test_a_silent_centre_is_named_in_the_head_and_has_no_number_in_the_table() -> None:
    snapshot = sample_snapshot(chengdu(), "down")
    assert "缺大邑县（平常约占2.0%）" in text(head(snapshot, view())).replace(" ", "")
    words = text(all_units(snapshot, view(), PANELS, sort="-received"))
    assert "大邑县" in words
    assert "中断 42 分" in words


def test_the_parts_of_the_table_add_up_to_its_total() -> None:
    snapshot = sample_snapshot(chengdu(), "calm")
    units = [snapshot.cell("appeal.received.count", one.code).num for one in chengdu().units]
    total = snapshot.cell("appeal.received.count").num
    assert sum(one or 0 for one in units) == total
    assert f"{total:,.0f}" in text(all_units(snapshot, view(), PANELS, sort=None))


def test_the_table_follows_its_order_and_puts_the_unknown_last() -> None:
    snapshot, city = sample_snapshot(chengdu(), "down"), chengdu()
    down = ordered(snapshot, view(), "-received")
    up = ordered(snapshot, view(), "received")
    assert down[-1] == up[-1] == "510129"
    assert down[:-1] == up[:-1][::-1] or set(down) == set(up)
    assert ordered(snapshot, view(), "-unit") == [one.code for one in city.units]


def test_an_order_that_there_is_not_is_told() -> None:
    assert sort_of("-received") == "-received"
    assert sort_of("rubbish") is None
    page: Any = overview(sample_snapshot(chengdu()), view(), PANELS, sort="rubbish")
    assert "sort=“rubbish”" in text(page)


def test_before_the_first_snapshot_the_head_says_that_it_is_starting() -> None:
    nothing = replace(sample_snapshot(chengdu(), "empty"), seq=0)
    assert "正在启动" in text(head(nothing, view()))


def test_finished_data_says_until_when_instead_of_a_clock() -> None:
    snapshot = sample_snapshot(san_francisco(), "history")
    assert "历史数据 截至 2019年" in text(head(snapshot, view(city=san_francisco())))

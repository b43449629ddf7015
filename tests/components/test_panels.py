"""Every panel in every state and both languages, and what must be read on the wall."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace

import orjson
import pytest
from dash import dcc
from dash.development.base_component import Component

from centre.domain.places import CITY
from centre.domain.status import Freshness
from centre.metrics.registry import METRICS
from centre.snapshots.cells import Address, Alert, Cell, Share, Snapshot
from components.changes import change
from components.charts.svg import Svg, markup
from components.colours import RATIO_BOUNDS, colours, count_bounds, step_of
from components.desk.ranks import ranks
from components.lead import lead
from components.map_labels import LINE_TALL, label_points
from components.panels import PANELS
from components.rich import text_of
from components.scenes import wall
from components.text import LANGS
from components.view import View
from tests.samples import RECEIVED, STATES, chengdu, sample_snapshot, san_francisco

KEYS = {"headline": "appeal.resolution_rate"}


def _view(lang: str = "zh", surface: str = "wall", key: str = "", city: object = None) -> View:
    return View(lang=lang, surface=surface, key=key, city=city or chengdu(True), metrics=METRICS)


def _text(tree: object) -> str:
    """All that can be read, in order."""
    if tree is None or isinstance(tree, bool):
        return ""
    if isinstance(tree, (list, tuple)):
        return "".join(_text(one) for one in tree)
    if isinstance(tree, Svg):
        return re.sub(r"<[^>]+>", " ", markup(tree.drawing))
    if isinstance(tree, dcc.Graph):
        return " ".join(note["text"] for note in tree.figure["layout"].get("annotations", ()))
    if isinstance(tree, Component):
        return f"{_text(getattr(tree, 'children', None))} "
    return str(tree)


def _sent(tree: object) -> bytes:
    """As the hub sends it; raises for what cannot be sent."""
    return orjson.dumps(
        tree,
        default=lambda one: one.to_plotly_json(),
        option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY,
    )


def _read(panel: str, state: str, lang: str = "zh", surface: str = "wall", key: str = "") -> str:
    view = _view(lang, surface, key or KEYS.get(panel, ""))
    drawn = PANELS[panel].render(sample_snapshot(view.city, state), view)
    return re.sub(r"\s+", " ", _text(drawn))


def test_panels_are_found_by_walking_and_named_once() -> None:
    assert {"headline", "received_today", "city_map", "lead", "alerts"} <= set(PANELS)
    assert all(key == panel.id for key, panel in PANELS.items())
    assert all(panel.title.zh and panel.title.en for panel in PANELS.values())


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("lang", LANGS)
def test_the_wall_is_drawn_in_every_state(state: str, lang: str) -> None:
    for city in (chengdu(), chengdu(True), san_francisco()):
        drawn = wall(sample_snapshot(city, state), _view(lang, city=city))
        assert _sent(drawn)
        assert city.title.of(lang) in _text(drawn)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("lang", LANGS)
def test_live_parts_are_given_in_every_state(state: str, lang: str) -> None:
    for city in (chengdu(), san_francisco()):
        view = _view(lang, city=city)
        moved = PANELS["city_map"].update
        assert moved is not None
        props = moved(sample_snapshot(city, state), view)
        assert ("areas" in props) is bool(city.boundaries)
        assert _sent(dict(props))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    "panel", [one for one in PANELS if PANELS[one].embeddable and PANELS[one].table]
)
def test_a_panel_has_the_same_numbers_as_a_table(panel: str, state: str) -> None:
    view = _view(surface="embed", key=KEYS.get(panel, ""))
    table = PANELS[panel].table
    assert table is not None
    twin = table(sample_snapshot(view.city, state), view)
    assert all(len(row) == len(twin.columns) for row in twin.rows)


def test_the_head_names_who_is_missing_and_says_demo_data() -> None:
    words = _read("wall_head", "live")
    assert "21/22 个中心在线" in words
    assert "大邑县" in words and "中断 42 分" in words and "演示数据" in words
    assert "6月16日 星期二" in words and "14:07" in words


def test_real_data_is_not_called_demo_data() -> None:
    assert "演示数据" not in _read("wall_head", "history")


def test_a_finished_city_says_historical_data_and_shows_its_last_day() -> None:
    assert "历史数据 截至 2019年6月30日" in _read("wall_head", "history")
    assert "2019年6月30日：受理" in _read("lead", "history").replace(" ", "")


def test_the_first_start_says_how_far_it_is() -> None:
    assert "回填 12/35 天" in _read("wall_head", "filling")
    assert "12/35" in _read("lead", "filling")
    assert "平常值回填中" in _read("city_map", "filling")
    assert "正在启动" in _read("lead", "empty")


def test_a_dead_figure_is_a_dash_with_its_last_value_never_zero() -> None:
    words = _read("headline", "all_down")
    assert "—" in words and "最后值 83.94 % ，截至 13:25" in words
    assert not re.search(r"(?<![\d.:/])0(?![\d.:/])", words)


def test_nothing_yet_is_a_dash_never_zero() -> None:
    for panel in ("headlines", "channels", "work", "dues"):
        words = _read(panel, "empty")
        assert "—" in words
        assert not re.search(r"(?<!\d)0(?!\d)", words)


def test_a_total_without_a_unit_carries_its_badge() -> None:
    for panel in ("headlines", "channels", "work"):
        assert "21/22" in _read(panel, "live")
    words = _read("received_today", "live", surface="embed").replace(" ", "")
    assert "缺大邑县（平常约占2.0%），合计未含" in words


def test_old_figures_say_their_age() -> None:
    words = _read("headlines", "stale")
    assert "晚 12 分" in words and "截至 11:20" in words and "已 2 时 47 分无新数据" in words


def test_a_target_is_judged_and_without_one_nothing_is() -> None:
    assert "差 1.06 点" in _read("headlines", "calm") and "达标" in _read("headlines", "calm")
    free = _text(
        PANELS["headlines"].render(sample_snapshot(chengdu(), "calm"), _view(city=chengdu()))
    )
    assert "未设目标" in free and "达标" not in free
    assert "2018-12 公布 83.94 %" in free


@pytest.mark.parametrize(
    ("state", "tone", "words"),
    [
        ("live", "bad", "郫都区诉求突增："),
        ("down", "watch", "大邑县数据"),
        ("all_down", "bad", "22 个中心数据"),
        ("target", "bad", "诉求解决率："),
        ("calm", "watch", "1 项未达目标："),
    ],
)
def test_the_lead_is_the_worst_alert(state: str, tone: str, words: str) -> None:
    one = lead(sample_snapshot(chengdu(True), state), _view())
    assert (one.tone, text_of(one.words)) == (tone, words)


def test_the_lead_names_count_and_usual_count() -> None:
    snapshot = sample_snapshot(chengdu(True), "live")
    first = snapshot.alerts[0]
    numbers = text_of(lead(snapshot, _view()).numbers)
    assert numbers == f"{first.value:,.0f} 件，平常 {first.limit:,.0f} 件"


def test_many_silent_centres_are_one_row() -> None:
    city = chengdu(True)
    gone = tuple(Alert(kind="source_down", unit=unit.code) for unit in city.units[:9])
    surge = Alert(kind="surge", unit="510117", value=90, limit=30)
    snapshot = replace(sample_snapshot(city, "calm"), alerts=(surge, *gone))
    words = _text(PANELS["alerts"].render(snapshot, _view()))
    assert words.count("数据中断") == 1 and "9 个中心" in words


def test_nothing_is_called_checked_that_could_not_be() -> None:
    assert "三类均已核对" in _read("alerts", "calm")
    assert "暂不判断突增" in _read("alerts", "filling")
    assert "不作判断" in _read("alerts", "all_down")


def test_a_change_is_said_in_words_with_its_sign() -> None:
    snapshot = sample_snapshot(chengdu(), "calm")
    words = _text(change(snapshot, _view(), METRICS[RECEIVED], CITY)).replace(" ", "")
    assert re.fullmatch(r"比上周二同时段多\d+件（\+5\.\d%）", words)
    rate = _text(change(snapshot, _view(), METRICS["appeal.resolution_rate"], CITY))
    assert rate.replace(" ", "") == "比上周升0.33个百分点"


def test_the_map_has_a_step_for_every_unit_and_a_hatch_for_the_silent() -> None:
    shown = colours(sample_snapshot(chengdu(), "live"), _view(city=chengdu()))
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
        rows = {row[0]: text_of(row[1]) for row in twin(snapshot, _view(city=city)).rows}
        assert rows[city.unit_name(code, "zh")] == "—"
    silent = tuple(Share(key=one, today=None, usual=3) for one in ("noise", "water"))
    snapshot = replace(sample_snapshot(chengdu(), "live"), shares={("category", CITY): silent})
    view = _view(city=chengdu())
    assert "尚无数据" in _text(PANELS["what"].render(snapshot, view))
    assert not re.search(r"(?<!\d)0(?!\d)", _text(ranks(snapshot, view, "category")))


def test_the_legend_agrees_with_the_steps() -> None:
    assert [step_of(value, RATIO_BOUNDS) for value in (94.4, 94.6, 100, 129.4, 129.6)] == [
        1,
        2,
        3,
        5,
        6,
    ]
    shown = colours(sample_snapshot(chengdu(), "calm"), _view())
    assert [words for _, words in shown.legend] == [
        "≥ 130",
        "110–129",
        "105–109",
        "100–104",
        "95–99",
        "< 95",
    ]


def test_counts_are_shown_where_the_usual_is_unknown_or_too_small() -> None:
    filling = colours(sample_snapshot(chengdu(), "filling"), _view(city=chengdu()))
    assert not filling.is_ratio and not filling.is_usual_known
    small = colours(sample_snapshot(san_francisco(), "calm"), _view(city=san_francisco()))
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
        PANELS["city_map"].render(sample_snapshot(chengdu(), "live"), _view(city=chengdu()))
    )
    assert "'tooltip'" not in drawn and "'popup'" not in drawn


def test_a_wall_is_smaller_than_its_budget() -> None:
    drawn = wall(sample_snapshot(chengdu(), "live"), _view(city=chengdu()))
    assert len(_sent(drawn)) < 260_000  # bytes, before compression


def test_an_empty_snapshot_has_no_alert_and_no_verdict() -> None:
    snapshot: Snapshot = sample_snapshot(chengdu(True), "empty")
    one = lead(snapshot, _view())
    assert (one.tone, one.numbers) == ("unknown", "")


def test_a_rate_of_a_few_days_says_on_how_many_it_stands() -> None:
    assert "仅按已回填的 12/35 天" in _read("headline", "filling")
    assert "近 30 日日均" not in _read("headlines", "filling")
    assert "没有超期件" not in _read("dues", "filling")


def test_a_live_figure_without_a_value_says_that_there_is_no_data() -> None:
    city, address = chengdu(), Address("appeal.mailbox.count", CITY)
    calm = sample_snapshot(city, "filling")
    cells = {**calm.cells, address: Cell(num=None, freshness=Freshness.LIVE)}
    drawn = PANELS["channels"].render(replace(calm, cells=cells), _view(city=city))
    assert "尚无数据" in _text(drawn)


def test_an_unknown_usual_draws_no_ticks_along_the_ground() -> None:
    snapshot = sample_snapshot(chengdu(), "live")
    hours = replace(snapshot.hours[CITY], usual=(0.0,) * 24)
    zero = replace(snapshot, hours={**snapshot.hours, CITY: hours})
    view = _view(surface="embed")
    ticks = [
        str(PANELS["received_today"].render(one, view)).count("'stroke-width': '2'")
        for one in (snapshot, zero)
    ]
    assert ticks[0] - ticks[1] == 24

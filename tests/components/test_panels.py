"""Every panel in every state and both languages, and what must be read on the wall."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from centre.domain.places import CITY
from centre.domain.status import Freshness
from centre.metrics.registry import METRICS
from centre.snapshots.cells import Address, Alert, Cell, Snapshot
from components.changes import change
from components.lead import lead
from components.panels import PANELS
from components.rich import text_of
from components.scenes import wall
from components.text import LANGS
from tests.components.drawn import KEYS, read, text, view_of
from tests.pages.reading import sent
from tests.samples import RECEIVED, STATES, chengdu, sample_snapshot, san_francisco


def test_panels_are_found_by_walking_and_named_once() -> None:
    assert {"headline", "received_today", "city_map", "lead", "alerts"} <= set(PANELS)
    assert all(key == panel.id for key, panel in PANELS.items())
    assert all(panel.title.zh and panel.title.en for panel in PANELS.values())


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("lang", LANGS)
def test_the_wall_is_drawn_in_every_state(state: str, lang: str) -> None:
    for city in (chengdu(), chengdu(True), san_francisco()):
        drawn = wall(sample_snapshot(city, state), view_of(lang, city=city))
        assert sent(drawn)
        assert city.title.of(lang) in text(drawn)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("lang", LANGS)
def test_live_parts_are_given_in_every_state(state: str, lang: str) -> None:
    for city in (chengdu(), san_francisco()):
        view = view_of(lang, city=city)
        moved = PANELS["city_map"].update
        assert moved is not None
        props = moved(sample_snapshot(city, state), view)
        assert ("areas" in props) is bool(city.boundaries)
        assert sent(dict(props))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    "panel", [one for one in PANELS if PANELS[one].embeddable and PANELS[one].table]
)
def test_a_panel_has_the_same_numbers_as_a_table(panel: str, state: str) -> None:
    view = view_of(surface="embed", key=KEYS.get(panel, ""))
    table = PANELS[panel].table
    assert table is not None
    twin = table(sample_snapshot(view.city, state), view)
    assert all(len(row) == len(twin.columns) for row in twin.rows)


def test_the_head_names_who_is_missing_and_says_demo_data() -> None:
    words = read("wall_head", "live")
    assert "21/22 个中心在线" in words
    assert "大邑县" in words and "中断 42 分" in words and "演示数据" in words
    assert "6月16日 星期二" in words and "14:07" in words


def test_real_data_is_not_called_demo_data() -> None:
    assert "演示数据" not in read("wall_head", "history")


def test_a_finished_city_says_historical_data_and_shows_its_last_day() -> None:
    assert "历史数据 截至 2019年6月30日" in read("wall_head", "history")
    assert "2019年6月30日：受理" in read("lead", "history").replace(" ", "")


def test_the_first_start_says_how_far_it_is() -> None:
    assert "回填 12/35 天" in read("wall_head", "filling")
    assert "12/35" in read("lead", "filling")
    assert "平常值回填中" in read("city_map", "filling")
    assert "正在启动" in read("lead", "empty")


def test_a_dead_figure_is_a_dash_with_its_last_value_never_zero() -> None:
    words = read("headline", "all_down")
    assert "—" in words and "最后值 83.94 % ，截至 13:25" in words
    assert not re.search(r"(?<![\d.:/])0(?![\d.:/])", words)


def test_nothing_yet_is_a_dash_never_zero() -> None:
    for panel in ("headlines", "channels", "work", "dues"):
        words = read(panel, "empty")
        assert "—" in words
        assert not re.search(r"(?<!\d)0(?!\d)", words)


def test_a_total_without_a_unit_carries_its_badge() -> None:
    for panel in ("headlines", "channels", "work"):
        assert "21/22" in read(panel, "live")
    words = read("received_today", "live", surface="embed").replace(" ", "")
    assert "缺大邑县（平常约占2.0%），合计未含" in words


def test_old_figures_say_their_age() -> None:
    words = read("headlines", "stale")
    assert "晚 12 分" in words and "截至 11:20" in words and "已 2 时 47 分无新数据" in words


def test_a_target_is_judged_and_without_one_nothing_is() -> None:
    assert "差 1.06 点" in read("headlines", "calm") and "达标" in read("headlines", "calm")
    free = text(
        PANELS["headlines"].render(sample_snapshot(chengdu(), "calm"), view_of(city=chengdu()))
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
    one = lead(sample_snapshot(chengdu(True), state), view_of())
    assert (one.tone, text_of(one.words)) == (tone, words)


def test_the_lead_names_count_and_usual_count() -> None:
    snapshot = sample_snapshot(chengdu(True), "live")
    first = snapshot.alerts[0]
    numbers = text_of(lead(snapshot, view_of()).numbers)
    assert numbers == f"{first.value:,.0f} 件，平常 {first.limit:,.0f} 件"


def test_many_silent_centres_are_one_row() -> None:
    city = chengdu(True)
    gone = tuple(Alert(kind="source_down", unit=unit.code) for unit in city.units[:9])
    surge = Alert(kind="surge", unit="510117", value=90, limit=30)
    snapshot = replace(sample_snapshot(city, "calm"), alerts=(surge, *gone))
    words = text(PANELS["alerts"].render(snapshot, view_of()))
    assert words.count("数据中断") == 1 and "9 个中心" in words


def test_nothing_is_called_checked_that_could_not_be() -> None:
    assert "三类均已核对" in read("alerts", "calm")
    assert "暂不判断突增" in read("alerts", "filling")
    assert "不作判断" in read("alerts", "all_down")


def test_a_change_is_said_in_words_with_its_sign() -> None:
    snapshot = sample_snapshot(chengdu(), "calm")
    words = text(change(snapshot, view_of(), METRICS[RECEIVED], CITY)).replace(" ", "")
    assert re.fullmatch(r"比上周二同时段多\d+件（\+5\.\d%）", words)
    rate = text(change(snapshot, view_of(), METRICS["appeal.resolution_rate"], CITY))
    assert rate.replace(" ", "") == "比上周升0.33个百分点"


def test_a_wall_is_smaller_than_its_budget() -> None:
    drawn = wall(sample_snapshot(chengdu(), "live"), view_of(city=chengdu()))
    assert len(sent(drawn)) < 260_000  # bytes, before compression


def test_an_empty_snapshot_has_no_alert_and_no_verdict() -> None:
    snapshot: Snapshot = sample_snapshot(chengdu(True), "empty")
    one = lead(snapshot, view_of())
    assert (one.tone, one.numbers) == ("unknown", "")


def test_a_rate_of_a_few_days_says_on_how_many_it_stands() -> None:
    assert "仅按已回填的 12/35 天" in read("headline", "filling")
    assert "近 30 日日均" not in read("headlines", "filling")
    assert "没有超期件" not in read("dues", "filling")


def test_a_live_figure_without_a_value_says_that_there_is_no_data() -> None:
    city, address = chengdu(), Address("appeal.mailbox.count", CITY)
    calm = sample_snapshot(city, "filling")
    cells = {**calm.cells, address: Cell(num=None, freshness=Freshness.LIVE)}
    drawn = PANELS["channels"].render(replace(calm, cells=cells), view_of(city=city))
    assert "尚无数据" in text(drawn)


def test_an_unknown_usual_draws_no_ticks_along_the_ground() -> None:
    snapshot = sample_snapshot(chengdu(), "live")
    hours = replace(snapshot.hours[CITY], usual=(0.0,) * 24)
    zero = replace(snapshot, hours={**snapshot.hours, CITY: hours})
    view = view_of(surface="embed")
    ticks = [
        str(PANELS["received_today"].render(one, view)).count("'stroke-width': '2'")
        for one in (snapshot, zero)
    ]
    assert ticks[0] - ticks[1] == 24

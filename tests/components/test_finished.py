"""The wall of a city whose data is finished, and of one that delivers cases only."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from centre.domain.places import CITY
from centre.domain.status import Freshness
from centre.metrics.registry import METRICS
from centre.snapshots.cells import Address, Cell, Snapshot
from components.colours import colours
from components.desk.overview import tiles
from components.lead import lead
from components.panels import PANELS
from components.rich import text_of
from components.view import View
from tests.components.drawn import text
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
    return text(PANELS[panel].render(snapshot, view or view_of()))


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


DAYLESS = ("wall_foot", "channels", "what", "by_channel", "when", "dues", "received_today")


def test_a_finished_city_never_says_today() -> None:
    known = sample_snapshot(san_francisco(), "history")
    for lang, word in (("zh", "今日"), ("en", "today")):
        for panel in (*DAYLESS, "headlines", "lead", "city_map", "where", "desk_units"):
            assert word not in read(panel, known, view_of(lang)).lower(), (panel, lang)
    tile = PANELS["desk_tile"]
    for metric in (RECEIVED, "appeal.backlog.count"):
        drawn = text(tile.render(known, replace(view_of(), key=metric)))
        assert "今日" not in drawn


def test_the_foot_says_how_far_the_data_go_and_when_they_were_read() -> None:
    known = sample_snapshot(san_francisco(), "history")
    fetched = known.city_now + timedelta(days=2000, minutes=3)
    cell = replace(known.cell(RECEIVED), as_of=fetched)
    later = replace(known, cells={**known.cells, Address(RECEIVED, CITY): cell})
    words = read("wall_foot", later)
    assert "数据截至 2019年6月29日 23:07" in words
    assert "读取于 2024年12月19日 22:10" in words


def test_few_days_are_named_where_thirty_are_meant() -> None:
    city = san_francisco()
    known = sample_snapshot(city, "history")
    cells = {address: cell for address, cell in known.cells.items() if address.window == "now"}
    average = Address("appeal.received.daily_avg", CITY)
    four = {**cells, average: replace(cells[average], num=9132.0, den=4.0)}
    words = read("headlines", replace(known, cells=four))
    assert "近 4 日日均 2,283" in " ".join(words.split())
    assert "仅有 4 天数据，不作同期比较" in words
    assert "近 4 日" in read("work", replace(known, cells=four))


def test_a_city_without_due_times_has_no_verdict_on_them() -> None:
    known = sample_snapshot(san_francisco(), "history")
    dues = {code: replace(due, lapses_today=None, overdue=None) for code, due in known.dues.items()}
    words = read("dues", replace(known, dues=dues))
    assert "无时限数据" in words and "在办最多的单位" in words
    assert words.count("—") == 2 and "没有超期件" not in words
    most = max((due.open for code, due in dues.items() if code != CITY))
    assert f"<b>{most:,}</b>" in words


def test_where_nothing_is_overdue_the_panel_shows_what_lapses_next() -> None:
    known = sample_snapshot(chengdu(), "calm")
    dues = {code: replace(due, overdue=0) for code, due in known.dues.items()}
    words = read("dues", replace(known, dues=dues), at_home())
    assert "没有超期件 · 今日到期最多的单位" in words
    dues = {code: replace(due, overdue=0, lapses_today=0) for code, due in known.dues.items()}
    assert "没有超期件 · 在办最多的单位" in read("dues", replace(known, dues=dues), at_home())


def test_a_file_is_filled_in_percent() -> None:
    known = sample_snapshot(san_francisco(), "history")
    half = replace(known, filled_days=40, total_days=100, fill_unit="percent")
    words = read("wall_head", half)
    assert "回填 40 %" in words and "天" not in words
    assert "天" not in read("headlines", half)


def thin(idle: int) -> Snapshot:
    """Finished data on whose last day the first `idle` units had nothing."""
    known = sample_snapshot(san_francisco(), "history")
    codes = [unit.code for unit in san_francisco().units][:idle]
    none = {Address(RECEIVED, code): replace(known.cell(RECEIVED, code), num=0.0) for code in codes}
    return replace(known, cells={**known.cells, **none})


def test_a_city_that_ends_on_a_thin_day_shows_its_last_thirty() -> None:
    city, snapshot = san_francisco(), thin(34)  # of 66
    shown = colours(snapshot, view_of())
    assert shown.days == 30 and "近 30 日受理件数" in read("city_map", snapshot)
    code = city.units[0].code
    expected = sum(snapshot.series[RECEIVED, code].num[1:])
    assert shown.areas[code].received == expected
    assert shown.areas[code].words == f"{expected:,.0f}"
    assert "Received in 30 days" in read("city_map", snapshot, view_of("en"))


def test_a_day_on_which_half_of_the_units_had_some_is_shown_itself() -> None:
    assert colours(thin(33), view_of()).days == 0
    assert "近 30 日" not in read("city_map", thin(33))


def test_a_short_period_is_named_by_its_days() -> None:
    snapshot = thin(60)
    line = replace(snapshot.series[RECEIVED, CITY], num=(None,) * 26 + (3.0,) * 4)
    short = replace(snapshot, series={**snapshot.series, (RECEIVED, CITY): line})
    assert "近 5 日受理件数" in read("city_map", short)


def test_a_living_city_shows_today_however_quiet_it_is() -> None:
    known = sample_snapshot(chengdu(), "calm")
    none = {
        address: replace(cell, num=0.0)
        for address, cell in known.cells.items()
        if address.metric == RECEIVED and address.window == "now"
    }
    night = replace(known, cells={**known.cells, **none})
    assert colours(night, at_home()).days == 0


def test_a_lead_without_a_usual_compares_with_nothing() -> None:
    known = sample_snapshot(san_francisco(), "history")
    now = {address: cell for address, cell in known.cells.items() if address.window == "now"}
    one = lead(replace(known, cells=now), view_of())
    assert text_of(one.numbers) == f"受理 {known.cell(RECEIVED).num:,.0f} 件"
    assert "此前 30 日" in text_of(one.note)
    assert "没有平常值，不判断突增" in read("alerts", replace(known, cells=now))


def test_of_finished_data_no_source_is_said_to_have_been_checked() -> None:
    assert "中断" not in read("alerts", sample_snapshot(san_francisco(), "history"))


def test_the_tiles_of_the_desk_are_figures_that_the_city_has() -> None:
    words = text(tiles(without_follow_ups(), replace(view_of(), surface="desk"), PANELS))
    assert "满意率" not in words and "办结量" in words and "日均受理量" in words
    home = replace(at_home(), surface="desk")
    assert "群众满意率" in text(tiles(sample_snapshot(chengdu(), "calm"), home, PANELS))

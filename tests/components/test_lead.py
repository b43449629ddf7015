"""The sentence that a wall leads with says no more than is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from centre.domain.places import CITY
from centre.domain.status import Freshness
from centre.metrics.registry import METRICS
from centre.snapshots.cells import NO_CELL, Address
from components.lead import lead
from components.panels import PANELS
from components.rich import text_of
from components.view import View
from tests.samples import NOW, RECEIVED, chengdu, sample_snapshot


def test_nothing_is_calm_while_history_is_filled_in() -> None:
    view = View(lang="zh", surface="wall", city=chengdu(), metrics=METRICS)
    snapshot = replace(sample_snapshot(chengdu(), "calm"), filled_days=12)
    assert snapshot.cell(RECEIVED, CITY, "usual").value is not None
    said = lead(snapshot, view)
    assert said.tone == "unknown"
    assert "12/35" in text_of(said.note)


def test_a_calm_sentence_says_which_units_it_could_judge() -> None:
    view = View(lang="zh", surface="wall", city=chengdu(), metrics=METRICS)
    calm = sample_snapshot(chengdu(), "calm")
    assert "满 30 件的单位均低于平常的 1.5 倍" in text_of(lead(calm, view).note)
    night = {
        address: replace(cell, num=3.0) if address.metric == RECEIVED else cell
        for address, cell in calm.cells.items()
    }
    said = text_of(lead(replace(calm, cells=night), view).note)
    assert "各单位均未满 30 件，暂不判断突增" in said


def test_nothing_is_calm_before_anything_has_come() -> None:
    calm = sample_snapshot(chengdu(), "calm")
    unheard = replace(calm, cells={**calm.cells, Address(RECEIVED, CITY): NO_CELL})
    view = View(lang="zh", surface="wall", city=chengdu(), metrics=METRICS)
    said = lead(unheard, view)
    assert (said.tone, said.words) == ("unknown", "尚无数据")
    assert "0/22 个中心在线" in str(PANELS["wall_head"].render(unheard, view))


def test_the_head_counts_who_is_there_whatever_the_alerts_say() -> None:
    calm = sample_snapshot(chengdu(), "calm")
    cell = replace(calm.cell(RECEIVED), present=20, missing=("510129", "510117"))
    fewer = replace(calm, cells={**calm.cells, Address(RECEIVED, CITY): cell})
    view = View(lang="zh", surface="wall", city=chengdu(), metrics=METRICS)
    assert "20/22 个中心在线" in str(PANELS["wall_head"].render(fewer, view))


def test_what_is_behind_its_promise_is_said_before_calm() -> None:
    view = View(lang="zh", surface="wall", city=chengdu(), metrics=METRICS)
    stale = sample_snapshot(chengdu(), "stale")
    said = lead(stale, view)
    assert (said.tone, said.words, said.numbers) == (
        "watch",
        "部分数据未更新，",
        "最早截至 11:20",
    )
    assert "数据最早截至 11:20" in str(PANELS["wall_foot"].render(stale, view))
    calm = sample_snapshot(chengdu(), "calm")
    late = replace(calm.sources[0], state=Freshness.LATE, as_of=NOW - timedelta(minutes=9))
    said = lead(replace(calm, sources=(late, *calm.sources[1:])), view)
    assert (said.tone, said.numbers) == ("watch", "最早截至 13:58")


def test_a_day_with_a_missed_target_is_not_called_calm() -> None:
    for city, tone, words in (
        (chengdu(), "good", "今日平稳："),
        (chengdu(True), "watch", "1 项未达目标："),
    ):
        view = View(lang="zh", surface="wall", city=city, metrics=METRICS)
        said = lead(sample_snapshot(city, "calm"), view)
        assert (said.tone, text_of(said.words)) == (tone, words)


def test_the_hours_of_a_silent_unit_are_hatched_and_have_no_bars() -> None:
    view = View(lang="zh", surface="wall", city=chengdu(), metrics=METRICS)
    down = sample_snapshot(chengdu(), "down")
    code = lead(down, view).unit
    full = replace(down.hours[code], today=(*(9.0,) * 24,))
    drawn = str(PANELS["lead"].render(replace(down, hours={**down.hours, code: full}), view))
    assert drawn.count("url(#hatch)") == 1
    assert drawn.count("'fill': 'var(--seq4)'") == 14  # silent since 13:25
    assert "url(#hatch)" not in str(PANELS["lead"].render(sample_snapshot(chengdu()), view))


def test_a_missed_target_is_said_with_what_is_known_of_it() -> None:
    missed = sample_snapshot(chengdu(True), "target")
    view = View(lang="zh", surface="wall", city=chengdu(True), metrics=METRICS)
    said = lead(missed, view)
    assert text_of([said.words, said.numbers]) == "诉求解决率：83.94 %，目标 85 %"
    assert text_of(said.note).startswith("近 30 日，差 1.06 点 · 差距来自")
    bare = replace(missed, cells={})
    assert text_of(lead(bare, replace(view, city=chengdu())).note) == "近 30 日"

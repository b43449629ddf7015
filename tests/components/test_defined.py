"""A line and a figure say by which definition they stand where it is not everywhere the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import plotly.graph_objects as go
import pytest

from centre.domain.places import CITY
from centre.metrics.metric import Spell
from centre.metrics.registry import METRICS
from centre.snapshots.cells import Series, Snapshot
from centre.snapshots.figures import figure_id, point_query
from components import codes
from components.cards import card, line, line_words
from components.charts.figures import trend
from components.charts.spark import bridged, spark
from components.charts.svg import markup
from components.defined import breaks, of_line, since, spans
from components.panels.headline import PANEL
from components.text import LANGS
from components.view import View
from tests.pages.reading import text
from tests.samples import chengdu, sample_snapshot

RATE = METRICS["appeal.satisfaction_rate"]
CHANGE = date(2019, 1, 1)
CUT = Series(
    first=date(2018, 12, 30),
    num=(4, 5, 9, 8),
    den=(5, 6, 10, 10),
    breaks=(CHANGE,),
    versions=(1, 2),
    seq=7,
)
PLAIN = replace(CUT, breaks=(), versions=(2,))
BOTH = (Spell(1, date(2018, 12, 30)), Spell(2, CHANGE))


def view(lang: str = "zh", key: str = "") -> View:
    return View(lang=lang, surface="desk", city=chengdu(), metrics=METRICS, key=key)


def with_line(series: Series) -> Snapshot:
    snapshot = sample_snapshot(chengdu(), "calm")
    return replace(snapshot, series={**snapshot.series, (RATE.id, CITY): series})


def test_a_figure_says_that_its_period_spans_a_change() -> None:
    assert spans("zh", 2, BOTH) == (
        "时段内口径有变：2019年1月1日起由第 1 版改为第 2 版。此数全部按第 2 版计算。"
    )
    assert "from 1 Jan 2019 version 2 in place of 1" in spans("en", 2, BOTH)


def test_a_figure_says_that_another_definition_was_in_force() -> None:
    assert spans("zh", 2, BOTH[:1]) == "此时段当时所用为第 1 版口径，此数按第 2 版计算。"


def test_a_figure_by_the_only_definition_of_its_period_says_nothing() -> None:
    assert spans("zh", 2, BOTH[1:]) == spans("zh", 2, ()) == ""


def test_a_definition_says_its_time() -> None:
    old, new = RATE.earlier[0], RATE
    assert since("zh", old, new) == "第 1 版，2018-01-01 至 2018-12-31"
    assert since("zh", new, None) == "第 2 版，自 2019-01-01 起"


@pytest.mark.parametrize("lang", LANGS)
def test_a_line_says_in_words_where_it_is_cut(lang: str) -> None:
    assert of_line(CUT) == BOTH
    assert breaks(lang, CUT) and breaks(lang, CUT) in line_words(view(lang), RATE, CUT)
    assert breaks(lang, PLAIN) == breaks(lang, None) == ""


def test_a_spark_is_cut_where_the_definition_changes() -> None:
    cut, plain = (
        markup(spark(bridged(one), label="", cuts=one.cuts).drawing) for one in (CUT, PLAIN)
    )
    assert (cut.count("<path"), plain.count("<path")) == (2, 1)
    assert ('class="cut"' in cut, 'class="cut"' in plain) == (True, False)


def test_a_line_is_not_bridged_across_a_change() -> None:
    empty = replace(CUT, num=(4, 0, 9, 8), den=(5, 0, 10, 10))
    assert bridged(empty)[1] is None
    assert bridged(replace(empty, breaks=(), versions=()))[1] is not None


@pytest.mark.parametrize("lang", LANGS)
def test_a_trend_is_two_lines_with_an_edge_and_the_version_on_either_side(lang: str) -> None:
    drawn = trend(CUT, surface="desk", lang=lang, words="")
    go.Figure(drawn)
    assert [one["x"] for one in drawn["data"]] == [
        ["2018-12-30", "2018-12-31"],
        ["2019-01-01", "2019-01-02"],
    ]
    assert [one["x0"] for one in drawn["layout"]["shapes"]] == ["2018-12-31T12:00"]
    notes = [(one["xanchor"], one["text"]) for one in drawn["layout"]["annotations"]]
    assert [side for side, _ in notes] == ["right", "left"]
    assert "1" in notes[0][1] and "2" in notes[1][1]


def test_a_trend_under_one_definition_is_one_line() -> None:
    drawn = trend(PLAIN, surface="desk", lang="zh", words="")
    assert len(drawn["data"]) == 1
    assert drawn["layout"]["shapes"] == drawn["layout"]["annotations"] == []


def test_a_card_says_that_its_30_days_span_a_change() -> None:
    shown = card(with_line(CUT), view(), RATE)
    assert "时段内口径有变" in text(shown)
    assert "口径" not in text(card(with_line(PLAIN), view(), RATE))
    assert 'class="cut"' in markup(line(with_line(CUT), view(), RATE, CITY).drawing)


def test_a_point_is_named_by_the_definition_of_its_day() -> None:
    for day, version in ((date(2018, 12, 31), 1), (CHANGE, 2)):
        asked = point_query(RATE.id, CITY, day)
        assert codes.point(view(), RATE.id, CITY, CUT, day) == figure_id(asked, version, 7)


def test_the_table_of_a_cut_line_has_the_version_of_each_day() -> None:
    assert PANEL.table is not None
    table = PANEL.table(with_line(CUT), view(key=RATE.id))
    assert len(table.columns) == 3
    assert [text(row[2]) for row in table.rows] == [
        "第 1 版口径",
        "第 1 版口径",
        "第 2 版口径",
        "第 2 版口径",
    ]
    assert len(PANEL.table(with_line(PLAIN), view(key=RATE.id)).columns) == 2

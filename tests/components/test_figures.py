"""Plotly figures are plain dicts that plotly accepts, and SVG is escaped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import plotly.graph_objects as go
import pytest

from centre.snapshots.cells import Hours, Series
from components.charts.bars import Row, name_width, ranking, shortened
from components.charts.figures import Figure, Today, trend
from components.charts.hours import hour_bars, hour_words
from components.charts.multiples import Small, small_multiples
from components.charts.spark import bridged, spark
from components.charts.svg import drawing, markup, node
from components.text import LANGS

HOURS = Hours(today=(1, 2, None, *(5,) * 10, *(None,) * 11), usual=(3.0,) * 24)
SERIES = Series(first=date(2026, 5, 17), num=(10, None, 30), den=(20, 20, 40))


def _figures() -> dict[str, Figure]:
    rows = [Row(name="<b>甲", value=5, usual=4), Row(name="乙", value=3, is_warm=True)]
    small = Small(name="甲", hours=HOURS, today=53, usual=None, is_warm=True)
    today = Today(value=12, usual=14)
    return {
        "ranking": ranking(rows, surface="wall", words="甲 5"),
        "no rows": ranking([], surface="desk", words=""),
        "trend": trend(SERIES, surface="desk", lang="zh", words="…", today=today, target=0.85),
        "a trend of nothing": trend(None, surface="desk", lang="en", words="…"),
        "multiples": small_multiples([small, small, small], surface="wall", words="…"),
    }


@pytest.mark.parametrize("name", list(_figures()))
def test_plotly_accepts_every_figure(name: str) -> None:
    figure = _figures()[name]
    assert isinstance(figure, dict)
    go.Figure(figure)


@pytest.mark.parametrize("name", list(_figures()))
def test_every_figure_says_the_same_in_words(name: str) -> None:
    assert "words" in _figures()[name]["layout"]["meta"]


def test_a_missing_day_breaks_the_line() -> None:
    line = trend(SERIES, surface="desk", lang="zh", words="")["data"][0]
    assert line["y"] == [0.5, None, 0.75]
    assert line["connectgaps"] is False


def test_today_stands_in_its_own_lane() -> None:
    figure = trend(SERIES, surface="desk", lang="zh", words="", today=Today(value=12, usual=14))
    assert [one.get("xaxis", "x") for one in figure["data"]] == ["x", "x2", "x2"]
    assert figure["layout"]["xaxis"]["domain"][1] < figure["layout"]["xaxis2"]["domain"][0]


def test_names_from_outside_cannot_use_the_tags_of_plotly() -> None:
    texts = [note["text"] for note in _figures()["ranking"]["layout"]["annotations"]]
    assert "&lt;b&gt;甲" in texts


def test_a_long_name_is_cut_to_its_room() -> None:
    assert shortened("Candlestick Point SRA", 8) == "Candlestick P…"
    assert shortened("锦江区", 8) == "锦江区"


def test_small_multiples_share_one_scale() -> None:
    low = Small(name="乙", hours=replace(HOURS, today=(1,) * 24), today=24, usual=None)
    high = Small(name="甲", hours=replace(HOURS, today=(90,) * 24), today=2160, usual=None)
    layout = small_multiples([low, high], surface="wall", words="")["layout"]
    assert layout["yaxis"]["range"] == layout["yaxis2"]["range"]


@pytest.mark.parametrize("lang", LANGS)
def test_hours_say_their_peak_and_sum(lang: str) -> None:
    words = hour_words(HOURS, lang, "锦江")
    assert "5" in words and "53" in words
    assert hour_words(None, lang, "锦江") != words


def test_the_running_hour_is_paler() -> None:
    text = markup(hour_bars(HOURS, lang="zh", name="").drawing)
    assert text.count('fill-opacity="0.45"') == 1


def test_an_hour_far_above_its_usual_is_warm() -> None:
    warm = markup(hour_bars(HOURS, lang="zh", name="", warm_above=1.5).drawing)
    assert warm.count("var(--bad)") == 10


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)


def test_svg_text_and_attributes_are_escaped() -> None:
    evil = '"><script>alert(1)</script>'
    text = markup(drawing(10, 10, node("text", evil, fill=evil), label=evil).drawing)
    parser = _Tags()
    parser.feed(text)
    assert parser.tags == ["svg", "text"]


def test_a_spark_of_nothing_draws_no_line_at_zero() -> None:
    text = markup(spark((None, None), label="无数据").drawing)
    assert "path" not in text and 'aria-label="无数据"' in text


def test_a_gap_in_a_spark_is_two_lines() -> None:
    assert markup(spark((1, 2, None, 2, 3), label="").drawing).count("<path") == 2


def test_a_day_without_a_case_is_bridged_and_a_day_without_data_is_not() -> None:
    series = Series(first=date(2026, 5, 17), num=(5, 0, 7, None, 9), den=(10, 0, 10, None, 10))
    drawn = bridged(series)
    assert (drawn[0], drawn[2:]) == (0.5, (0.7, None, 0.9))
    assert drawn[1] == pytest.approx(0.6)


def test_a_long_latin_name_is_measured_by_its_letters() -> None:
    assert name_width("wwww") > 2 * name_width("iiii")
    assert name_width("锦江区") == 3
    assert shortened("Empowerment Congress North Area", 10) == "Empowerment Co…"
    assert shortened("Illinois", 10) == "Illinois"

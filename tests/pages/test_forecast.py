"""The card of what will lapse, and the bands of open cases beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from centre.metrics.forecast import Forecast, amount, forecast
from centre.metrics.registry import METRICS
from centre.snapshots.figures import due_query, figure_id
from components.desk.forecast import card
from components.view import View
from tests.pages.reading import sent, text
from tests.samples import chengdu, sample_snapshot

FOUND = forecast([0.5, 0.6, 2.5], [-1.0] * 10 + [0.9] * 90 + [3.0] * 100)


def drawn(found: Forecast, lang: str = "zh", **words: Any) -> Any:
    snapshot = replace(sample_snapshot(chengdu(), "live"), **words)
    return card(snapshot, View(city=chengdu(), lang=lang, metrics=METRICS), "510104", found)


def test_each_number_is_a_figure_of_the_snapshot_that_is_shown() -> None:
    tree = drawn(FOUND, seq=7)
    marked = sent(tree).decode()
    for clock in ("ahead_1", "ahead_all", "expected_3", "expected_all"):
        assert figure_id(due_query("510104", clock), 0, 7) in marked
    assert amount(FOUND, "ahead_all") == 3


@pytest.mark.parametrize(
    ("lang", "method"),
    [("zh", "按近 28 天的办理节奏估计"), ("en", "By the pace of the last 28 days")],
)
def test_the_card_says_how_it_is_reckoned(lang: str, method: str) -> None:
    assert method in text(drawn(FOUND, lang))


def test_what_cannot_be_estimated_is_a_dash_and_says_why() -> None:
    words = text(drawn(forecast([0.5, 2.5], [-1.0] * 5)))
    assert "第 1 个工作日内 1 —" in words
    assert "五个工作日合计 2 —" in words
    assert "不足 30 件时不作估计" in words


def test_days_of_a_year_without_announced_holidays_are_said_to_be_provisional() -> None:
    december = datetime(2026, 12, 30, 1, tzinfo=UTC)
    assert "放假安排尚未公布" in text(drawn(FOUND, city_now=december))
    assert "放假安排尚未公布" not in text(drawn(FOUND))


def test_a_unit_whose_cases_have_no_due_times_has_no_forecast() -> None:
    assert drawn(forecast([], [])) is None

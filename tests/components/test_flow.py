"""Received and closed of 30 days: what the drawing says stands in its table."""

from __future__ import annotations

import pytest

from centre.metrics.registry import METRICS
from components.desk.trend import flow_figure, flow_table
from components.rich import text_of
from components.text import LANGS
from components.view import View
from tests.samples import chengdu, sample_snapshot


@pytest.mark.parametrize("lang", LANGS)
def test_the_sums_that_the_drawing_says_stand_in_its_table(lang: str) -> None:
    snapshot = sample_snapshot(chengdu(), "filling")  # the first days are not there yet
    view = View(lang=lang, surface="desk", city=chengdu(), metrics=METRICS)
    words = flow_figure(snapshot, view, "city")["layout"]["meta"]["words"]
    rows = {
        text_of(row[0]): [text_of(cell) for cell in row[1:]]
        for row in flow_table(snapshot, view).rows
    }
    sums = rows["合计" if lang == "zh" else "Sum"]
    assert len(sums) == 2
    assert all(one in words for one in sums)

"""What a figure says to a pointer where no click opens it: its code and its three clocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from centre.domain.places import CITY
from centre.metrics.registry import METRICS
from centre.snapshots.cells import Address
from components.panels import PANELS
from components.view import View
from tests.samples import NOW, RECEIVED, chengdu, sample_snapshot


@pytest.mark.parametrize("surface", ["wall", "embed"])
def test_the_title_of_a_figure_says_its_code_and_its_three_clocks(surface: str) -> None:
    seen = sample_snapshot(chengdu(), "calm")
    at = Address(RECEIVED, CITY)
    known = replace(
        seen.cells[at],
        as_of=NOW,
        event_at=NOW - timedelta(minutes=3),
        received_at=NOW + timedelta(minutes=1),
    )
    seen = replace(seen, cells={**seen.cells, at: known})
    view = View(lang="zh", surface=surface, city=chengdu(), metrics=METRICS)
    drawn = PANELS["received_today"].render(seen, view)
    (title,) = (one for one in titles(drawn) if "f00d" in one and "截至" in one)
    assert title == "数字编号 f00d；截至 14:07，最新事件 14:04，收到 14:08"


def titles(tree: Any) -> Iterator[str]:
    if isinstance(tree, list | tuple):
        for one in tree:
            yield from titles(one)
    elif hasattr(tree, "to_plotly_json"):
        props = tree.to_plotly_json()["props"]
        if props.get("title"):
            yield props["title"]
        yield from titles(props.get("children"))

"""What a figure says to a pointer where no click opens it: its code and its three clocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from centre.domain.places import CITY
from centre.metrics.registry import METRICS
from centre.snapshots.cells import Address, Snapshot
from components.panels import PANELS
from components.view import View
from tests.samples import NOW, RECEIVED, chengdu, sample_snapshot


@pytest.mark.parametrize("surface", ["wall", "embed"])
def test_the_title_of_a_figure_says_its_code_and_its_three_clocks(surface: str) -> None:
    seen, view = told(surface)
    drawn = PANELS["received_today"].render(seen, view)
    (title,) = (one for one in titles(drawn) if "f00d" in one and "截至" in one)
    assert title == f"数字编号 f00d；{CLOCKS}"


@pytest.mark.parametrize("surface", ["wall", "embed"])
@pytest.mark.parametrize("panel", ["dues", "by_channel"])
def test_counts_of_open_cases_and_channels_say_the_clocks_of_their_cases(
    panel: str, surface: str
) -> None:
    shown = [one for one in titles(PANELS[panel].render(*told(surface))) if "数字编号" in one]
    assert len([one for one in shown if one.endswith(f"；{CLOCKS}")]) >= 3


CLOCKS = "截至 14:07，最新事件 14:04，收到 14:08"


def told(surface: str) -> tuple[Snapshot, View]:
    """A calm city whose appeals have three clocks."""
    seen = sample_snapshot(chengdu(), "calm")
    at = Address(RECEIVED, CITY)
    known = replace(
        seen.cells[at],
        as_of=NOW,
        event_at=NOW - timedelta(minutes=3),
        received_at=NOW + timedelta(minutes=1),
    )
    seen = replace(seen, cells={**seen.cells, at: known})
    return seen, View(lang="zh", surface=surface, city=chengdu(), metrics=METRICS)


def titles(tree: Any) -> Iterator[str]:
    if isinstance(tree, list | tuple):
        for one in tree:
            yield from titles(one)
    elif hasattr(tree, "to_plotly_json"):
        props = tree.to_plotly_json()["props"]
        if props.get("title"):
            yield props["title"]
        yield from titles(props.get("children"))

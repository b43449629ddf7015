"""The heads of finished data say its last day, and of a play its day and time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from centre.metrics.registry import METRICS
from centre.snapshots.cells import Snapshot
from components.panels import PANELS
from components.rich import text_of
from components.view import View
from tests.samples import sample_snapshot, san_francisco

EVENING = datetime(2018, 1, 1, 2, 40, tzinfo=UTC)  # 18:40 of the last day of 2017


def finished(adapter: str) -> Snapshot:
    """San Francisco at that moment, from sources of an adapter."""
    snapshot = sample_snapshot(san_francisco())
    sources = tuple(replace(one, adapter=adapter) for one in snapshot.sources)
    return replace(snapshot, city_now=EVENING, clock="latest", sources=sources)


@pytest.mark.parametrize("panel", ["wall_head", "desk_head"])
@pytest.mark.parametrize(
    ("lang", "adapter", "words"),
    [
        ("zh", "file_drop", "历史数据 截至 2017年12月31日"),
        ("zh", "replay", "历史回放 2017年12月31日 18:40"),
        ("en", "replay", "Replay: 31 Dec 2017, 18:40"),
    ],
)
def test_a_head_says_until_when(panel: str, lang: str, adapter: str, words: str) -> None:
    view = View(lang=lang, surface="wall", city=san_francisco(), metrics=METRICS)
    said = text_of(PANELS[panel].render(finished(adapter), view))
    assert words in said
    assert ("18:40" in said) is ("18:40" in words)

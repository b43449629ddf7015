"""The sentence that a wall leads with says no more than is known."""

from __future__ import annotations

from dataclasses import replace

from centre.domain.places import CITY
from centre.metrics.registry import METRICS
from components.lead import lead
from components.view import View
from tests.samples import RECEIVED, chengdu, sample_snapshot


def test_nothing_is_calm_while_history_is_filled_in() -> None:
    view = View(lang="zh", surface="wall", city=chengdu(), metrics=METRICS)
    snapshot = replace(sample_snapshot(chengdu(), "calm"), filled_days=12)
    assert snapshot.cell(RECEIVED, CITY, "usual").value is not None
    said = lead(snapshot, view)
    assert said.tone == "unknown"
    assert "12/35" in said.note

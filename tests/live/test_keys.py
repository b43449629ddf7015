"""A slot that no page places is refused: each would be drawn each second for whoever invents it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from centre.metrics.registry import METRICS
from components.desk.tiles import TILES
from components.keys import takes
from components.panels import PANELS
from components.view import View
from tests.tiny import CITY
from tests.web import snapshot

VIEW = View(city=CITY, metrics=METRICS)


@pytest.mark.parametrize(
    ("panel", "key", "is_taken"),
    [
        ("headline", TILES[0], True),
        ("headline", f"north~{TILES[0]}", True),
        ("headline", f"north~{TILES[0]}~x", False),
        ("headline", "no.such.metric", False),
        ("desk_tile", "", True),
        ("desk_tile", "nowhere~" + TILES[0], False),
        ("desk_ranks", "category~north", True),
        ("desk_ranks", "colour", False),
        ("desk_count", "open", True),
        ("desk_count", "closed", False),
        ("desk_units", "-received", True),
        ("desk_units", "-colour", False),
        ("desk_source", "north", True),
        ("desk_source", "nobody", False),
        ("desk_flow", "unassigned", True),
        ("dues", "x1", False),
        ("lead", "", True),
    ],
)
def test_a_panel_takes_what_pages_place_and_nothing_else(
    panel: str, key: str, is_taken: bool
) -> None:
    assert takes(PANELS[panel], snapshot(1), replace(VIEW, key=key)) is is_taken

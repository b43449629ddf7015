"""Map tiles come from the address in the settings, from no other, and by default from none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import dash_leaflet as dl
import pytest
from dash.development.base_component import Component

from app import wire
from centre.api.headers import content_policy
from centre.settings import Settings
from components.panels import PANELS
from tests.samples import chengdu, sample_snapshot

TILES = "https://{s}.tiles.example/{z}/{x}/{y}.png"


def shown(folder: Path, tiles_url: str | None) -> Component:
    """The city's map on the desk of a process with this setting."""
    run = wire(replace(Settings.from_env({"STATE": str(folder)}), tiles_url=tiles_url), None, {})
    run.bus.close()
    run.engine.dispose()
    drawn: Component = PANELS["city_map"].render(sample_snapshot(chengdu(), "live"), run.view())
    return drawn


def test_the_setting_reaches_the_map_and_its_inset(tmp_path: Path) -> None:
    drawn = shown(tmp_path, TILES)
    parts = list(drawn._traverse())
    assert [one.url for one in parts if isinstance(one, dl.TileLayer)] == [TILES, TILES]
    maps = [one for one in parts if isinstance(one, dl.Map)]
    assert all("on-tiles" in one.className for one in maps)  # what lies below shows through


def test_without_the_setting_there_are_no_tiles(tmp_path: Path) -> None:
    parts = list(shown(tmp_path, None)._traverse())
    assert [one for one in parts if isinstance(one, dl.TileLayer)] == []
    assert "on-tiles" not in str(parts)


@pytest.mark.parametrize(
    ("tiles_url", "images"),
    [
        (None, "img-src 'self' data: blob:"),
        ("/tiles/{z}/{x}/{y}.png", "img-src 'self' data: blob:"),
        (TILES, "img-src 'self' data: blob: https://*.tiles.example"),
        ("http://10.0.0.7:8080/{z}/{x}/{y}", "img-src 'self' data: blob: http://10.0.0.7:8080"),
    ],
)
def test_images_may_come_from_the_host_of_the_tiles_alone(
    tiles_url: str | None, images: str
) -> None:
    parts = content_policy((), tiles_url, framed=False).decode().split("; ")
    assert images in parts
    assert "connect-src 'self'" in parts

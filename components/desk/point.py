"""Where a case lies: the outline of its unit and a dot, without tiles and without another host."""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, radians
from typing import Any

from dash import html

from centre.domain.places import City
from centre.domain.records import Case
from components.charts.svg import drawing, node, path
from components.desk import states
from components.marks import plain
from components.tags import data
from components.text import t
from components.view import View

WIDTH, HEIGHT, EDGE = 480.0, 240.0, 14.0
Ring = list[tuple[float, float]]


def point_map(view: View, one: Case) -> Any:
    """A small map; the coordinates alone where the unit has no outline; nothing without a point."""
    if one.lon is None or one.lat is None:
        return None
    words = t(view.lang, "case.point_words", lon=f"{one.lon:.5f}", lat=f"{one.lat:.5f}")
    rings = list(outline(view.city, one.unit))
    picture = [_drawn(rings, one.lon, one.lat, words)] if rings else []
    return states.card(
        t(view.lang, "case.point"), *picture, note=plain("text", words), class_name="point-card"
    )


def outline(city: City, code: str) -> Iterator[Ring]:
    """The outer rings of a unit's polygons, as (lon, lat)."""
    boundaries: Any = city.boundaries or {}
    for feature in boundaries.get("features", ()):
        if str(feature.get("id")) != code:
            continue
        shape = feature["geometry"]
        many = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        for polygon in many:
            yield [(float(lon), float(lat)) for lon, lat, *_ in polygon[0]]


def _drawn(rings: list[Ring], lon: float, lat: float, words: str) -> Any:
    shrink = cos(radians(lat))
    points = [*((x * shrink, y) for ring in rings for x, y in ring), (lon * shrink, lat)]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    low, high = min(y for _, y in points), max(y for _, y in points)
    scale = min(
        (WIDTH - 2 * EDGE) / max(right - left, 1e-6), (HEIGHT - 2 * EDGE) / max(high - low, 1e-6)
    )
    shift = (WIDTH - (right - left) * scale) / 2

    def place(x: float, y: float) -> tuple[float, float]:
        return shift + (x * shrink - left) * scale, EDGE + (high - y) * scale

    shapes = [
        node(
            "path",
            d=path([place(x, y) for x, y in ring]) + "Z",
            fill="var(--seq1)",
            stroke="var(--text3)",
        )
        for ring in rings
    ]
    x, y = place(lon, lat)
    halo = node("circle", cx=x, cy=y, r=9, fill="none", stroke="var(--bad)", stroke_width=2)
    dot = node("circle", cx=x, cy=y, r=4.5, fill="var(--bad)")
    picture = drawing(WIDTH, HEIGHT, *shapes, halo, dot, label=words, class_="point-map")
    return html.Div(picture, **data(drawn="words"))  # its two numbers stand beside it

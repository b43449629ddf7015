"""Where the names of a map stand, so that no two touch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from math import cos, radians
from typing import Any

from centre.domain.places import City
from components.boundaries import Point, box_of, polygon_codes
from components.charts.bars import name_width
from components.colours import short_name

LINE_TALL = 46.0
"""A label's height in px: two lines of 20 px."""
TALL = {"areas": 556.0, "inset": 218.0}
"""The height in px that labels are laid out for: the wall's."""


def labels_of(city: City, lang: str, codes: Iterable[str], part: str) -> dict[str, Any]:
    """A point for each unit with a polygon: its name, and where it stands."""
    wanted = frozenset(codes) & polygon_codes(city)
    places = label_points(city, wanted, lang, part)
    points = [
        {
            "type": "Feature",
            "id": unit.code,
            "properties": {"name": short_name(unit, lang)},
            "geometry": {"type": "Point", "coordinates": list(places[unit.code])},
        }
        for unit in city.units
        if unit.code in places
    ]
    return {"type": "FeatureCollection", "features": points}


def label_points(city: City, codes: frozenset[str], lang: str, part: str) -> dict[str, Point]:
    """(lon, lat) of the labels, moved up or down by a few px where two would touch."""
    everywhere = frozenset(unit.code for unit in city.units) if part == "areas" else codes
    (south, _), (north, _) = box_of(city, everywhere)
    down = TALL[part] / (north - south)
    across = down * cos(radians((north + south) / 2))
    labels = [
        _Label(code=unit.code, x=unit.label[0] * across, y=-unit.label[1] * down, wide=wide)
        for unit in city.units
        if unit.label and unit.code in codes
        for wide in (20 * name_width(short_name(unit, lang)),)
    ]
    for _ in range(12):  # a few rounds settle a chain of neighbours
        for one, other in combinations(labels, 2):
            one.part_from(other)
    return {one.code: (one.x / across, -one.y / down) for one in labels}


@dataclass(slots=True, kw_only=True)
class _Label:
    code: str
    x: float
    y: float
    wide: float

    def part_from(self, other: _Label) -> None:
        """Move both apart, up and down, when they touch."""
        overlap = LINE_TALL - abs(self.y - other.y)
        if abs(self.x - other.x) < (self.wide + other.wide) / 2 and overlap > 0:
            upper, lower = (self, other) if self.y <= other.y else (other, self)
            upper.y -= overlap / 2
            lower.y += overlap / 2

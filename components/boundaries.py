"""Polygons of a city: who has one, and the corners of some of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from centre.domain.places import City, Unit

Point = tuple[float, float]
Box = tuple[Point, Point]
"""South-west and north-east corner as (lat, lon)."""


def features_of(city: City) -> list[dict[str, Any]]:
    """The features of the boundaries; none for a city without."""
    boundaries: Any = city.boundaries or {}
    return list(boundaries.get("features", ()))


def touch(one: Box, other: Box) -> bool:
    """Whether two boxes share a point."""
    return all(one[0][at] <= other[1][at] and other[0][at] <= one[1][at] for at in (0, 1))


def polygon_codes(city: City) -> frozenset[str]:
    """Units that have a polygon."""
    return frozenset(str(one["id"]) for one in features_of(city))


def without_polygon(city: City) -> tuple[Unit, ...]:
    """Units that are tiles beside the map."""
    drawn = polygon_codes(city)
    return tuple(unit for unit in city.units if unit.code not in drawn)


def box_of(city: City, codes: frozenset[str]) -> Box:
    """The corners of some units' polygons."""
    points = [
        point
        for one in features_of(city)
        if str(one["id"]) in codes
        for point in points_of(one["geometry"])
    ]
    return corners(points)


def corners(points: list[Point]) -> Box:
    """The box round some (lon, lat)."""
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    return (min(lats), min(lons)), (max(lats), max(lons))


def points_of(geometry: Mapping[str, Any]) -> list[tuple[float, float]]:
    """Every (lon, lat) of a Polygon or MultiPolygon, whatever its depth."""
    found: list[tuple[float, float]] = []
    waiting = [geometry["coordinates"]]
    while waiting:
        one = waiting.pop()
        if one and isinstance(one[0], (int, float)):
            found.append((one[0], one[1]))
        else:
            waiting.extend(one)
    return found

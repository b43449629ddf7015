"""boundaries.geojson: polygons whose feature id is a unit's code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from centre.citypack.finding import Complaint, Finding, did_you_mean

_DEPTH = {"Polygon": 1, "MultiPolygon": 2}
"""Levels of lists above the ring."""


def boundary_findings(
    file: Path, boundaries: Mapping[str, Any], codes: Sequence[str]
) -> list[Finding]:
    """Everything wrong with the polygons; a unit without one is a tile, and fine."""
    return [
        Finding(file=file, key=key, problem=problem, remedy=remedy)
        for key, problem, remedy in _complaints(boundaries, codes)
    ]


def _complaints(boundaries: Mapping[str, Any], codes: Sequence[str]) -> Iterator[Complaint]:
    features = boundaries.get("features")
    if boundaries.get("type") != "FeatureCollection" or not isinstance(features, list):
        yield "", "not a FeatureCollection", "export it as a GeoJSON FeatureCollection"
        return
    seen: set[object] = set()
    for index, feature in enumerate(features):
        yield from _feature(f"features[{index}]", feature, codes, seen)


def _feature(
    key: str, feature: object, codes: Sequence[str], seen: set[object]
) -> Iterator[Complaint]:
    if not isinstance(feature, dict):
        yield key, "not a feature", "export it as a GeoJSON FeatureCollection"
        return
    code = feature.get("id")
    if not isinstance(code, str) or code not in codes:
        yield f"{key}.id", f'no unit "{code}"', did_you_mean(str(code), codes)
    elif code in seen:
        yield f"{key}.id", f'"{code}" stands twice', "join its polygons to one MultiPolygon"
    else:
        seen.add(code)
    yield from _geometry(f"{key}.geometry", feature.get("geometry"))


def _geometry(key: str, geometry: object) -> Iterator[Complaint]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in _DEPTH:
        yield key, f"{kind} cannot be drawn as an area", "write a Polygon or MultiPolygon"
        return
    rings = list(_rings(geometry.get("coordinates"), _DEPTH[kind], f"{key}.coordinates"))
    if not rings:
        yield f"{key}.coordinates", "no rings", "take the feature out: the unit becomes a tile"
    for place, ring in rings:
        yield from _ring(place, ring)


def _rings(given: object, depth: int, key: str) -> Iterator[tuple[str, object]]:
    for index, part in enumerate(given if isinstance(given, list) else ()):
        if depth == 1:
            yield f"{key}[{index}]", part
        else:
            yield from _rings(part, depth - 1, f"{key}[{index}]")


def _ring(key: str, ring: object) -> Iterator[Complaint]:
    if not isinstance(ring, list) or not all(map(_is_point, ring)):
        yield key, "has a point that is no [lon, lat] in degrees", "export it in WGS-84"
    elif len(ring) < 4:
        yield key, f"a ring of {len(ring)} points", "a ring needs four, the last equal to the first"
    elif ring[0] != ring[-1]:
        yield key, "the ring is not closed", "repeat the first point at the end"


def _is_point(given: object) -> bool:
    return (
        isinstance(given, list)
        and len(given) >= 2
        and all(isinstance(one, int | float) for one in given)
        and -180 <= given[0] <= 180
        and -90 <= given[1] <= 90
    )

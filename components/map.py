"""The map of the city: dash-leaflet; polygons and labels are coloured by `hideout`.

Polygons travel once, with the page. What moves is one small table {code: step, words, tone}: see
assets/map.js. Units without polygon are squares beside it; the inner city is an inset. There is no
picture below but where TILES_URL names one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import dash_leaflet as dl
from dash import html

from centre.domain.places import City
from centre.snapshots.cells import Snapshot
from components.boundaries import box_of, corners, features_of, points_of, touch
from components.charts.svg import drawing, node
from components.colours import Area, Colours
from components.map_labels import labels_of
from components.marks import plain
from components.slots import slot
from components.tags import aria
from components.text import t
from components.view import View


def hideout(shown: Colours, snapshot: Snapshot, links: str = "") -> dict[str, Any]:
    """What assets/map.js needs: a step, a text and a tone for every unit."""
    areas = {
        code: {"step": one.step, "words": one.words, **_tone(one)}
        for code, one in shown.areas.items()
    }
    pulse = [
        f"{one.unit}:{one.kind}:{one.since.isoformat() if one.since else ''}"
        for one in snapshot.alerts
        if one.kind == "surge"
    ]
    return {"areas": areas, "pulse": pulse, **({"links": links} if links else {})}


def _tone(one: Area) -> dict[str, str]:
    if one.is_down or one.received is None:
        return {"tone": "down"}
    return {"tone": "bad"} if one.is_alert else {}


def map_view(panel: str, view: View, table: Mapping[str, Any]) -> Any:
    """The map and its inset. `table` is `hideout`; ids are parts of the panel's slot."""
    city = view.city
    everywhere = [unit.code for unit in city.units]
    inner = [unit.code for unit in city.units if unit.inset]
    main = _leaflet(panel, view, table, everywhere, part="areas", frame=inner)
    if not inner:
        return html.Div(main, className="map-main")
    small = _leaflet(panel, view, table, inner, part="inset")
    name = html.Span(t(view.lang, "map.inset"), className="inset-name")
    return html.Div([main, html.Div([small, name], className="inset")], className="map-main")


def _leaflet(
    panel: str,
    view: View,
    table: Mapping[str, Any],
    codes: Iterable[str],
    *,
    part: str,
    frame: Iterable[str] = (),
) -> Any:
    """One leaflet map of some units, fitted to them."""
    city, wanted, framed = view.city, frozenset(codes), frozenset(frame)
    is_inset = part == "inset"
    labels = labels_of(city, view.lang, wanted - framed, part)
    layers = [
        dl.TileLayer(url=view.tiles) if view.tiles else None,
        dl.GeoJSON(
            id=slot(panel, view.key, part),
            data=_polygons(city, wanted if is_inset else frozenset()),
            hideout=table,
            style={"variable": "rongzhi.map.area"},
            onEachFeature={"variable": "rongzhi.map.raise"},
            interactive=view.surface == "desk",
        ),
        _frame(city, framed) if framed else None,
        dl.GeoJSON(
            id=slot(panel, view.key, f"{part}_labels"),
            data=labels,
            hideout=table,
            pointToLayer={"variable": "rongzhi.map.label"},
        ),
    ]
    return dl.Map(
        [layer for layer in layers if layer is not None],
        bounds=box_of(city, wanted),
        boundsOptions={"padding": [4, 4]},
        className=_class_name(view, is_inset),
        **_still(view.surface == "desk" and not is_inset),
    )


def _class_name(view: View, is_inset: bool) -> str:
    name = "inset-map" if is_inset else "leaflet-map"
    return f"{name} on-tiles" if view.tiles else name


def _still(is_interactive: bool) -> dict[str, Any]:
    """Nobody touches a wall; at the desk the map moves, but never by the scrolling of the page."""
    moves = {"dragging": is_interactive, "doubleClickZoom": is_interactive}
    never = ("scrollWheelZoom", "boxZoom", "keyboard", "attributionControl", "touchZoom")
    return {
        **moves,
        **dict.fromkeys(never, False),
        "zoomControl": is_interactive,
        "zoomSnap": 0,
        "trackViewport": False,  # with bounds alone it reads a centre that is not there
        "zoomAnimation": False,
        "fadeAnimation": False,
    }


def _polygons(city: City, near: frozenset[str]) -> dict[str, Any]:
    """The features with nothing but their code; with `near` only those that touch its box."""
    features = features_of(city)
    if near:
        (south, west), (north, east) = box_of(city, near)
        features = [
            one
            for one in features
            if touch(corners(points_of(one["geometry"])), ((south, west), (north, east)))
        ]
    bare = [
        {
            "type": "Feature",
            "id": one["id"],
            "properties": {"dim": True} if near and str(one["id"]) not in near else {},
            "geometry": one["geometry"],
        }
        for one in features
    ]
    return {"type": "FeatureCollection", "features": bare}


def _frame(city: City, codes: frozenset[str]) -> Any:
    """Where the inset lies."""
    return dl.Rectangle(
        bounds=box_of(city, codes),
        pathOptions={"fill": False, "color": "var(--text)", "weight": 1.5, "dashArray": "5 4"},
        pane="shadowPane",  # over the polygons, which come later, and under the names
        interactive=False,
    )


def tiles(areas: Iterable[Area], *, class_name: str = "tiles") -> Any:
    """Units as squares of the same colours."""
    return html.Div([tile(one) for one in areas], className=class_name)


def tile(one: Area) -> Any:
    """One unit as a square."""
    state = "down" if one.is_down or one.received is None else "bad" if one.is_alert else ""
    return html.Div(
        [html.Span(one.name, className="unit-name"), html.B(one.words)],
        className=f"unit-tile step-{one.step} ink-{2 if one.step > 4 else 1} {state}".strip(),
        title=one.name,
    )


def legend(shown: Colours, lang: str) -> Any:
    """The steps in numbers, highest first, and the hatch; that alone where nothing has a step."""
    entries = [
        html.Div([html.I(className=f"swatch step-{step}"), plain("axis", words)])
        for step, words in shown.legend
        if any(one.step for one in shown.areas.values())
    ]
    none = html.Div([html.I(className="swatch hatched"), html.Span(t(lang, "map.no_data"))])
    return html.Div([*entries, none], className="map-legend", **aria(hidden="true"))


@lru_cache
def hatch() -> Any:
    """The pattern that polygons, tiles and lines of silent units are filled with."""
    ground = node("rect", width=9, height=9, fill="var(--surface)")
    stroke = node("rect", width=3, height=9, fill="var(--text3)")
    pattern = node(
        "pattern",
        ground,
        stroke,
        id="hatch",
        width=9,
        height=9,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    return drawing(1, 1, node("defs", pattern), class_="patterns")

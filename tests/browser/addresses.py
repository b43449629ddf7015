"""Every address a reader can come to: the pages of the registry and the routes, with real ids."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

import dash

from app import create_app
from centre.metrics.metric import Shape
from centre.metrics.registry import METRICS
from components.panels import PANELS
from tests.browser.serve import Centre
from tests.web import settings

UNITS = ("510117", "5101tf")
"""One with an outline on the map and one without."""


def addresses(centre: Centre, folder: Path) -> dict[str, list[str]]:
    """Page -> path and query of each state of it; KeyError for one whose ids nobody has taught it.

    A panel alone and its table are each a page.
    """
    templates, routes = _registered(folder)
    known = _known(centre)
    pages = {one: _filled(one, known) for one in templates}
    routed = [one for route in routes for one in _ROUTED[route]()]
    for address in routed:
        pages.setdefault(address.split("?")[0], []).append(address)
    return pages


def _registered(folder: Path) -> tuple[list[str], list[str]]:
    """Templates of Dash's pages, and the routes that answer HTML."""
    dash.page_registry.clear()  # other tests of this process bring pages of their own
    app = create_app(settings(folder))
    pages = [page["path_template"] or page["path"] for page in dash.page_registry.values()]
    schema = app.server.openapi()["paths"]
    routes = [
        path
        for path, verbs in schema.items()
        if "text/html"
        in verbs.get("get", {}).get("responses", {}).get("200", {}).get("content", ())
    ]
    return pages, routes


def _known(centre: Centre) -> Mapping[str, Sequence[str]]:
    """Real values of what a page's address names: page path -> values of its variable."""
    case = centre.get("/api/v1/cases", limit="1").json()["cases"][0]
    shapes: dict[Shape, str] = {}
    for one in METRICS.values():
        shapes.setdefault(one.shape, one.id)
    return {
        "/district/<code>": [*UNITS, "unassigned"],
        "/metric/<id>": [*shapes.values(), "channel.12345.connect_rate"],
        "/case/<id>": [quote(f"{case['source']}:{case['key']}")],
        "/figure/<id>": [],  # those found on the way: test_every_number
    }


_MORE = {
    "/metric/<id>": ["?by=day", f"?unit={UNITS[0]}", "?by=channel"],
    "/cases": ["?status=open", f"?unit={UNITS[0]}&text=nothing-like-this", "?limit=25"],
    "/sources": [f"?source={UNITS[0]}"],
    "/quality": [f"?source={UNITS[0]}"],
    "/": ["?sort=-overdue"],
}
"""Further states of a page that have numbers of their own."""


def _filled(template: str, known: Mapping[str, Sequence[str]]) -> list[str]:
    if "<" not in template:
        return [template, *(f"{template}{more}" for more in _MORE.get(template, ()))]
    paths = [re.sub(r"<\w+>", value, template) for value in known[template]]
    return [*paths, *(f"{paths[0]}{more}" for more in _MORE.get(template, ()) if paths)]


def _embedded() -> list[str]:
    return [
        f"/embed/{panel.id}?{key}{table}"
        for panel in PANELS.values()
        if panel.embeddable
        for key in _keys(panel.id)
        for table in ("", *(("&table=1",) if panel.table else ()))
    ]


def _keys(panel: str) -> list[str]:
    if panel == "headline":
        rate = "appeal.resolution_rate"
        return ["key=appeal.received.count", f"key={UNITS[0]}~{rate}", f"key={rate}"]
    return ["key=", f"key={UNITS[0]}"]


def _tables() -> list[str]:
    """Those that no drawing of the other pages leads to are looked at as well."""
    return [
        f"/table/{panel.id}?{key}"
        for panel in PANELS.values()
        if panel.table
        for key in _keys(panel.id)[:1]
    ]


_ROUTED = {"/embed/{panel}": _embedded, "/table/{panel}": _tables}

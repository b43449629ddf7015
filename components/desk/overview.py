"""The overview of a city: figures, map, 30 days, units, what and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dash import html

from centre.domain.places import CITY
from centre.snapshots.cells import Snapshot
from components.cards import having_data
from components.desk import ranks, states
from components.desk.tiles import COUNT, TILES
from components.desk.units import sort_of
from components.slots import place
from components.text import t
from components.view import Panel, View
from components.words import said

Panels = Mapping[str, Panel]


def overview(snapshot: Snapshot, view: View, panels: Panels, *, sort: str | None) -> Any:
    """The whole page; every part is live."""
    lang = view.lang
    put = placer(snapshot, view, panels)
    order = sort_of(sort)
    problems = [] if order else [said(view, "desk.bad_sort", value=str(sort)[:80])]
    flow = states.card(t(lang, "trend.title"), put("desk_flow"), note=said(view, "trend.note"))
    first = [
        html.Section(put("city_map"), className="box map-card"),
        flow,
        ranked(snapshot, view, panels, "category"),
    ]
    second = [
        units_card(snapshot, view, panels, order or ""),
        ranked(snapshot, view, panels, "channel"),
    ]
    return [
        states.notice(lang, problems),
        tiles(snapshot, view, panels),
        html.Div(first, className="row three"),
        html.Div(second, className="row two"),
    ]


def ranked(snapshot: Snapshot, view: View, panels: Panels, dim: str, unit: str = CITY) -> Any:
    """The card of today's cases by category or channel, of the city or of a unit."""
    key = dim if unit == CITY else f"{dim}~{unit}"
    return states.card(
        t(view.lang, f"ranks.{dim}"),
        placer(snapshot, view, panels)("desk_ranks", key),
        note=ranks.note(snapshot, view.lang),
    )


def placer(snapshot: Snapshot, view: View, panels: Panels) -> Any:
    """put(panel, key): a live panel of this page."""

    def put(panel: str, key: str = "", class_name: str = "") -> Any:
        return place(panels[panel], snapshot, replace(view, key=key), class_name)

    return put


def tiles(snapshot: Snapshot, view: View, panels: Panels, unit: str = CITY) -> Any:
    """The first six figures that the city has, of it or of a unit."""
    put = placer(snapshot, view, panels)
    shown = [metric.id for metric in having_data(snapshot, view, TILES, COUNT)]
    keys = [one if unit == CITY else f"{unit}~{one}" for one in shown]
    return html.Section([put("desk_tile", key) for key in keys], className="kpis")


def units_card(snapshot: Snapshot, view: View, panels: Panels, order: str) -> Any:
    """All units in a table, in the asked order."""
    put = placer(snapshot, view, panels)
    return states.card(
        t(view.lang, "units.title"),
        put("desk_units", order),
        note=t(view.lang, "units.note"),
        class_name="units-card",
    )


def all_units(snapshot: Snapshot, view: View, panels: Panels, *, sort: str | None) -> Any:
    """The page of all units."""
    order = sort_of(sort)
    problems = [] if order else [said(view, "desk.bad_sort", value=str(sort)[:80])]
    return [states.notice(view.lang, problems), units_card(snapshot, view, panels, order or "")]


def crumb(view: View) -> tuple[str, str]:
    """全市, which leads to the overview."""
    return view.city.unit_name(CITY, view.lang), "/"

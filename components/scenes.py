"""The wall: a head, two scenes of the same rows, a foot. Which scenes are seen is CSS's choice.

At 16:9 one scene, at 32:9 both side by side, on a telephone the first, stacked and condensed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dash import html

from centre.snapshots.cells import Snapshot
from components.panels import PANELS
from components.slots import place
from components.tags import aria
from components.text import t
from components.view import Panel, View

Put = Callable[[str, str], Any]
"""Draws a panel in its slot, under a class name."""


def wall(snapshot: Snapshot, view: View, panels: Mapping[str, Panel] = PANELS) -> Any:
    """The whole screen, drawn from one snapshot; every part is a live slot."""

    def put(panel: str, class_name: str) -> Any:
        return place(panels[panel], snapshot, view, class_name)

    scenes = [
        _scene(view, _overview(put), "overview"),
        _scene(view, _detail(put), "detail"),
    ]
    stage = [
        put("wall_head", "row-head"),
        html.Div(scenes, className="scenes"),
        put("wall_foot", "row-foot"),
    ]
    return html.Main(
        html.Div(stage, className="stage"),
        className=f"wall lang-{view.lang}",
        lang="en" if view.lang == "en" else "zh-CN",
        **aria(label=t(view.lang, "wall.label")),
    )


def _overview(put: Put) -> list[Any]:
    side = [put("alerts", "alerts-slot"), put("dues", "dues-slot")]
    main = [
        put("headlines", "headlines-slot"),
        put("city_map", "map-slot"),
        html.Div(side, className="side"),
    ]
    return [
        put("lead", "row-lead"),
        html.Div(main, className="row-main"),
        put("channels", "row-band"),
    ]


def _detail(put: Put) -> list[Any]:
    main = [put(one, f"{one}-slot") for one in ("when", "where", "what")]
    return [
        put("work", "row-lead"),
        html.Div(main, className="row-main"),
        put("by_channel", "row-band"),
    ]


def _scene(view: View, rows: list[Any], name: str) -> Any:
    label = aria(label=t(view.lang, f"wall.scene_{name}"))
    return html.Div(rows, className=f"scene scene-{name}", role="region", **label)

"""The one place that makes the ids of live components, and the containers that carry them."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.snapshots.cells import Snapshot
from components.tags import data
from components.view import Panel, View


def slot(panel: str, key: str = "", part: str = "") -> dict[str, str]:
    """The id of a live component: of a panel's container, or of a named part within it."""
    return {"slot": panel, "key": key, "part": part}


def slot_name(panel: str, key: str = "", *, surface: str = "desk") -> str:
    """How the browser asks the stream for a slot: "headline:510104:wall"."""
    return f"{panel}:{key}:{surface}"


def place(panel: Panel, snapshot: Snapshot, view: View, class_name: str = "") -> Any:
    """A panel's container, drawn from the snapshot and kept live by assets/live.js.

    What is shown of the past stands still; only assets/film.js moves it.
    """
    name = slot_name(panel.id, view.key, surface=view.surface)
    return html.Div(
        panel.render(snapshot, view),
        id=slot(panel.id, view.key),
        className=f"slot {class_name}".strip(),
        **(data(slot=name) if view.at is None else {"data-past-slot": name}),
    )

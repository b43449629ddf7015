"""Received and closed of 30 days, live; `key` is a unit or ""."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from centre.domain.places import CITY, Name
from centre.snapshots.cells import Snapshot
from components.desk.trend import flow, flow_figure, flow_table, legend_of
from components.view import Panel, View

ID = "desk_flow"


def render(snapshot: Snapshot, view: View) -> Any:
    """The chart and its legend."""
    return flow(snapshot, view, ID)


def update(snapshot: Snapshot, view: View) -> Mapping[str, Mapping[str, Any]]:
    """The figure moves, and what is said of its days."""
    return {
        "figure": {"figure": flow_figure(snapshot, view, view.key or CITY)},
        "legend": {"children": legend_of(snapshot, view, ID)},
    }


PANEL = Panel(
    id=ID,
    title=Name(zh="受理与办结", en="Flow"),
    render=render,
    update=update,
    table=flow_table,
)

"""One figure as a tile of the desk; `key` is a metric id, "unit~metric", or "" for received."""

from __future__ import annotations

from typing import Any

from centre.domain.places import Name
from centre.snapshots.cells import Snapshot
from components.desk.tiles import tile
from components.keys import is_figure
from components.panels.headline import address
from components.view import Panel, View

RECEIVED = "appeal.received.count"


def render(snapshot: Snapshot, view: View) -> Any:
    """The tile. Raises KeyError for a metric that is not there."""
    unit, metric = address(view.key or RECEIVED)
    return tile(snapshot, view, view.metrics[metric], unit)


PANEL = Panel(id="desk_tile", title=Name(zh="指标块", en="Tile"), render=render, takes=is_figure)

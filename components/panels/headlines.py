"""The four figures of the wall: received, resolved, satisfied, on time."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.domain.places import Name
from centre.snapshots.cells import Snapshot
from components.cards import card, having_data
from components.view import Panel, View

SHOWN = (
    "appeal.received.count",
    "appeal.resolution_rate",
    "appeal.satisfaction_rate",
    "appeal.on_time_rate",
    # for cities that ask nobody whether it was resolved
    "appeal.closed.count",
    "appeal.reply_workdays.mean",
)


def render(snapshot: Snapshot, view: View) -> Any:
    """Four cards, one below the other."""
    metrics = having_data(snapshot, view, SHOWN, 4)
    return html.Div([card(snapshot, view, one) for one in metrics], className="headlines")


PANEL = Panel(id="headlines", title=Name(zh="主要指标", en="Headline figures"), render=render)

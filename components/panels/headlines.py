"""The four figures of the wall: received, resolved, satisfied, on time; or what there is."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.domain.places import Name
from centre.snapshots.cells import Snapshot
from components.cards import AVERAGE, card, having_data
from components.view import Panel, View

SHOWN = (
    "appeal.received.count",
    "appeal.resolution_rate",
    "appeal.satisfaction_rate",
    "appeal.on_time_rate",
    # for cities that ask nobody whether it was resolved, or promise no time
    "appeal.closed.count",
    "appeal.backlog.count",
    "appeal.reply_workdays.mean",
    AVERAGE,
)
COUNT = 4


def render(snapshot: Snapshot, view: View) -> Any:
    """Four cards, one below the other."""
    metrics = having_data(snapshot, view, SHOWN, COUNT)
    is_alone = all(one.id != AVERAGE for one in metrics)
    cards = [card(snapshot, view, one, has_average=is_alone) for one in metrics]
    return html.Div(cards, className="headlines")


PANEL = Panel(id="headlines", title=Name(zh="主要指标", en="Headline figures"), render=render)

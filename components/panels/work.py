"""How the work goes: dispatched, closed, and what comes back, in one band."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.domain.places import Name
from centre.snapshots.cells import Snapshot
from components.panels.channels import figures
from components.view import Panel, View

SHOWN = (
    "appeal.dispatched.count",
    "appeal.closed.count",
    "appeal.overdue_rate",
    "appeal.reopen_rate",
    "appeal.repeat_rate",
    # where cases have no such stages
    "appeal.backlog.count",
    "appeal.received.daily_avg",
    "channel.mobile.count",
)


def render(snapshot: Snapshot, view: View) -> Any:
    """Five figures."""
    return html.Section(figures(snapshot, view, SHOWN, 5), className="channels work")


PANEL = Panel(id="work", title=Name(zh="办理过程", en="Handling"), render=render)

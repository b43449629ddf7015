"""What the heads say of finished data: until when it goes, or at which moment a play of it is."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.snapshots.cells import Snapshot
from components.marks import plain
from components.text import clock, full_day, t
from components.view import View

PLAYED = "replay"
"""The adapter whose sources have a clock of their own."""


def until(snapshot: Snapshot, view: View) -> Any:
    """The last day; while a recording is played, its day and time."""
    day = full_day(view.lang, snapshot.city_now.astimezone(view.city.tz).date())
    if not any(one.adapter == PLAYED for one in snapshot.sources):
        return html.Span(t(view.lang, "date.historic", day=day), className="historic")
    at = clock(snapshot.city_now, view.city.tz)
    words = t(view.lang, "date.played", day=day, at=at)
    return html.Span(plain("date", words), className="historic")

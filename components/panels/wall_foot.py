"""The last line of the wall: as of when, what the windows are, what the map is not."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.domain.places import CITY, Name
from centre.snapshots.cells import Snapshot
from components.text import t
from components.view import Panel, View
from components.words import as_of


def render(snapshot: Snapshot, view: View) -> Any:
    """Left the data, right the reservations."""
    at = snapshot.cell("appeal.received.count", CITY).as_of
    left = [t(view.lang, "foot.as_of", at=as_of(snapshot, view, at)), t(view.lang, "foot.windows")]
    dot = t(view.lang, "mark.dot")
    return html.Footer(
        [
            html.Span(dot.join(left), className="foot-data"),
            html.Span(className="grow"),
            html.Span(dot.join(_reservations(snapshot, view)), className="foot-notes"),
        ],
        className="wall-foot",
    )


def _reservations(snapshot: Snapshot, view: View) -> list[str]:
    city, lang = view.city, view.lang
    notes = [t(lang, "foot.synthetic")] if snapshot.synthetic else []
    notes.append(t(lang, "foot.boundaries" if city.boundaries else "foot.no_boundaries"))
    if city.review_number:
        notes.append(t(lang, "foot.review", number=city.review_number))
    return notes


PANEL = Panel(id="wall_foot", title=Name(zh="说明", en="Notes"), render=render)

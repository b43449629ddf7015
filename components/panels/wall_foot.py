"""The last line of the wall: as of when, what the windows are, what the map is not."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.domain.places import CITY, Name
from centre.snapshots.cells import Snapshot
from components.covered import lacking
from components.lead import oldest_behind
from components.marks import plain
from components.notes import all_words
from components.rich import Words, joined
from components.text import full_day, t
from components.view import Panel, View
from components.words import as_of, said

NAMED = 3
"""Missing units named in the foot; the alert list names them all."""


NOTES = 1
"""Notes on the data told in the foot: a wall has no pointer that could ask the mark for them."""


def render(snapshot: Snapshot, view: View) -> Any:
    """Left the data, right the reservations."""
    notes = _reservations(snapshot, view)
    left = [*_times(snapshot, view), _noted(snapshot, view), _missing(snapshot, view)]
    return html.Footer(
        [
            html.Span(joined(view.lang, "mark.dot", left), className="foot-data"),
            html.Span(className="grow"),
            html.Span(joined(view.lang, "mark.dot", notes), className="foot-notes"),
        ],
        className="wall-foot",
    )


def _noted(snapshot: Snapshot, view: View) -> Any:
    """What is said of the data; where nothing is, what the windows of the figures are."""
    words = all_words(snapshot, view, NOTES)
    if not words:
        return said(view, "foot.windows")
    return plain("text", t(view.lang, "quality.mark_words", words=words))


def _missing(snapshot: Snapshot, view: View) -> Words:
    """缺双流区、大邑县（平常约占 6.1 %），合计未含: who is not in the totals of today."""
    cell = snapshot.cell("appeal.received.count", CITY)
    gone = lacking(view, cell, cell.figure, NAMED) if cell.present else []
    comma = t(view.lang, "mark.comma")
    return [*gone, comma, t(view.lang, "coverage.not_in_total")] if gone else []


def _times(snapshot: Snapshot, view: View) -> list[str]:
    """As of when, the oldest when some is behind; of finished data its last record, and when it
    was read."""
    read_at = as_of(snapshot, view, snapshot.cell("appeal.received.count", CITY).as_of)
    if snapshot.clock != "latest" or snapshot.seq == 0:
        oldest = oldest_behind(snapshot)
        if oldest is None:
            return [t(view.lang, "foot.as_of", at=read_at)]
        return [t(view.lang, "foot.oldest", at=as_of(snapshot, view, oldest))]
    end = snapshot.city_now.astimezone(view.city.tz)
    last = f"{full_day(view.lang, end.date())} {end:%H:%M}"
    return [t(view.lang, "foot.as_of", at=last), t(view.lang, "foot.read_at", at=read_at)]


def _reservations(snapshot: Snapshot, view: View) -> Words:
    city, lang = view.city, view.lang
    notes: Words = [t(lang, "foot.synthetic")] if snapshot.synthetic else []
    notes.append(t(lang, "foot.boundaries" if city.boundaries else "foot.no_boundaries"))
    if city.review_number:
        notes.append(plain("id", t(lang, "foot.review", number=city.review_number)))
    return notes


PANEL = Panel(id="wall_foot", title=Name(zh="说明", en="Notes"), render=render)

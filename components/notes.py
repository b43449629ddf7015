"""注: a small mark beside a figure whose data somebody has said something about."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.domain.notes import Note, touching
from centre.domain.periods import day_start
from centre.domain.places import CITY
from centre.metrics.metric import Metric
from centre.metrics.window import window
from centre.snapshots.cells import Snapshot
from components.tags import aria, data
from components.text import join, t
from components.view import View


def note_mark(
    snapshot: Snapshot, view: View, metric: Metric, unit: str = CITY, *, is_series: bool = False
) -> Any:
    """The mark with the words of the notes; None where nobody has said anything.

    Of the period that the figure shows now, or (`is_series`) of the days of its line.
    """
    found = notes_on(snapshot, view, metric, unit, is_series=is_series) if snapshot.notes else ()
    if not found:
        return None
    words = join(view.lang, (one.words(view.lang) for one in found))
    said = t(view.lang, "quality.mark_words", words=words)
    return html.Span(
        t(view.lang, "quality.mark"),
        className="note-mark",
        title=said,
        role="img",
        **aria(label=said),
        **data(plain="text"),
    )


def notes_on(
    snapshot: Snapshot, view: View, metric: Metric, unit: str, *, is_series: bool
) -> tuple[Note, ...]:
    """The notes on the data of a figure."""
    start, end = window(metric, snapshot.city_now, view.city.tz)
    series = snapshot.series.get((metric.id, unit)) if is_series else None
    if series is not None:
        start = min(start, day_start(series.first, view.city.tz))
    units = tuple(view.city.by_code) if unit == CITY else (unit,)
    units_of = {one.id: one.unit for one in snapshot.sources}
    return touching(snapshot.notes, units, start, end, units_of=units_of)

"""注: a small mark beside a figure whose data somebody has said something about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from dash import html

from centre.domain.notes import Note
from centre.domain.periods import complete_days, day_start, local_day
from centre.domain.places import CITY
from centre.metrics.metric import Metric
from centre.metrics.noted import Noted
from centre.metrics.window import window
from centre.snapshots.cells import Series, Snapshot
from components.tags import aria, data
from components.text import join, t
from components.view import View

RECEIVED = "appeal.received.count"
"""What hours, shares and clocks of open cases are of: today, to this moment."""


def note_mark(
    snapshot: Snapshot, view: View, metric: Metric, unit: str = CITY, *, is_series: bool = False
) -> Any:
    """The mark with the words of the notes; None where nobody has said anything.

    Of the period that the figure shows now, or (`is_series`) of the days of its line.
    """
    if not snapshot.notes:
        return None
    start, end = window(metric, snapshot.city_now, view.city.tz)
    series = snapshot.series.get((metric.id, unit)) if is_series else None
    if series is not None:
        start = min(start, day_start(series.first, view.city.tz))
    return period_mark(snapshot, view, unit, start, end)


def today_mark(snapshot: Snapshot, view: View, unit: str = "") -> Any:
    """The mark of what is counted today: hours, categories, channels, open cases."""
    return note_mark(snapshot, view, view.metrics[RECEIVED], unit or CITY)


def period_mark(snapshot: Snapshot, view: View, unit: str, start: datetime, end: datetime) -> Any:
    """The mark of a figure of [start, end)."""
    return mark_of(snapshot, view, noted(snapshot, view).on(unit, start, end), unit)


def noted(snapshot: Snapshot, view: View) -> Noted:
    """What a snapshot knows to be said of its data."""
    units_of = {one.id: one.unit for one in snapshot.sources}
    return Noted(notes=snapshot.notes, city=view.city, units_of=units_of)


def mark_of(snapshot: Snapshot, view: View, found: Sequence[Note], unit: str) -> Any:
    """The mark with the words of these notes on a figure of the unit; None for none."""
    if not found:
        return None
    words = words_of(snapshot, view, found, unit)
    said = t(view.lang, "quality.mark_words", words=words)
    return html.Span(
        t(view.lang, "quality.mark"),
        className="note-mark",
        title=said,
        role="img",
        **aria(label=said),
        **data(plain="text"),
    )


def period_words(snapshot: Snapshot, view: View, unit: str, start: datetime, end: datetime) -> str:
    """What is said of the data of a figure of [start, end); "" where nothing is."""
    return words_of(snapshot, view, noted(snapshot, view).on(unit, start, end), unit)


def day_words(snapshot: Snapshot, view: View, unit: str, day: date) -> str:
    """What is said of the data of one local day."""
    if not snapshot.notes:
        return ""
    start, end = (day_start(one, view.city.tz) for one in (day, day + timedelta(days=1)))
    return period_words(snapshot, view, unit, start, end)


def all_words(snapshot: Snapshot, view: View, most: int) -> str:
    """What is said of the data of today and of the 30 days before it, newest data first."""
    if not snapshot.notes:
        return ""
    end = max(snapshot.city_now, window(view.metrics[RECEIVED], snapshot.city_now, view.city.tz)[1])
    start = day_start(complete_days(end, view.city.tz).first, view.city.tz)
    found = noted(snapshot, view).on(CITY, start, end)
    words = words_of(snapshot, view, found[:most], CITY)
    return (
        t(view.lang, "quality.and_more", words=words, count=len(found)) if found[most:] else words
    )


def days_told(snapshot: Snapshot, view: View, unit: str, series: Series | None) -> dict[date, str]:
    """The days of a line of which something is said, and what."""
    if series is None or not snapshot.notes:
        return {}
    days = [series.first + timedelta(days=at) for at in range(len(series.num))]
    told = ((day, day_words(snapshot, view, unit, day)) for day in days)
    return {day: words for day, words in told if words}


def hour_words(snapshot: Snapshot, view: View, unit: str, hour: int) -> str:
    """What is said of the data of one local hour of today."""
    if not snapshot.notes:
        return ""
    start = day_start(local_day(snapshot.city_now, view.city.tz), view.city.tz)
    at = start + timedelta(hours=hour)
    return period_words(snapshot, view, unit, at, at + timedelta(hours=1))


def words_of(snapshot: Snapshot, view: View, found: Iterable[Note], unit: str) -> str:
    """What notes say, each with whose data it is where the figure is of more than that."""
    return join(view.lang, (_words(snapshot, view, one, unit) for one in found))


def _words(snapshot: Snapshot, view: View, one: Note, unit: str) -> str:
    source = next((each for each in snapshot.sources if each.id == one.source), None)
    about = one.unit or (source.unit if source else None)
    said = one.words(view.lang)
    if about is None or about == unit:
        return said
    name = view.city.unit_name(about, view.lang)
    return said if said.startswith(name) else f"{name}{t(view.lang, 'mark.colon')}{said}"


def before(found: Any, number: Any) -> Any:
    """A number of a table with its mark to the left, so that the digits stay in line."""
    if not found:
        return number
    return [found, " ", *(number if isinstance(number, list) else [number])]

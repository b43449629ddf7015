"""The tile of one figure at the desk: name, value, line, what it compares with."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from centre.domain.places import CITY
from centre.domain.status import Freshness
from centre.metrics.metric import Metric
from centre.snapshots.cells import Due, Snapshot
from components import codes
from components.ages import ageing
from components.cards import line, title, value
from components.changes import change
from components.covered import withheld
from components.desk import links
from components.desk.about import about
from components.desk.ratio import more_or_less
from components.marks import coverage, figure, status
from components.marks import plain as plain_number
from components.notes import note_mark
from components.past import then_now
from components.rich import rich
from components.tags import data
from components.text import DASH, number, t
from components.twin import drawn as drawn_twin
from components.view import View
from components.words import (
    age_words,
    gap_words,
    is_drawn,
    plain,
    published_words,
    said_rich,
    target_words,
)

RECEIVED, BACKLOG = "appeal.received.count", "appeal.backlog.count"

LEAD = 3
"""Of the words of a change: against when, and by how much; the ratio has no room."""

TILES = (
    RECEIVED,
    BACKLOG,
    "appeal.on_time_rate",
    "appeal.reply_workdays.mean",
    "appeal.satisfaction_rate",
    "appeal.resolution_rate",
    # for cities that know less of their cases
    "appeal.closed.count",
    "appeal.on_time_closed_rate",
    "appeal.received.daily_avg",
    "channel.mobile.count",
)
COUNT = 6


def tile(snapshot: Snapshot, view: View, metric: Metric, unit: str = CITY) -> Any:
    """One figure of the city or a unit."""
    cell = snapshot.cell(metric.id, unit)
    name = dcc.Link(title(view, metric), href=links.metric(metric.id, unit))
    drawn = html.Div(
        [
            value(snapshot, view, cell, metric, is_link=False),
            drawn_twin(view, line(snapshot, view, metric, unit), "headline", key(metric, unit)),
        ],
        className="tile-body",
    )
    return html.Div(
        [
            html.Div(
                [
                    html.Div([name, coverage(cell, view), note_mark(snapshot, view, metric, unit)]),
                    _aside(snapshot, view, metric, unit),
                ],
                className="tile-name",
            ),
            about(snapshot, view, metric, unit, drawn),
            html.Div(
                then_now(view, metric, unit, cell.value) or _notes(snapshot, view, metric, unit),
                className="tile-foot",
            ),
        ],
        className=f"kpi is-{cell.freshness}",
        **data(state=str(cell.freshness), **ageing(snapshot, cell, unit)),
    )


def key(metric: Metric, unit: str) -> str:
    """How the panel of one figure is asked for it."""
    return f"{unit}~{metric.id}"


def _aside(snapshot: Snapshot, view: View, metric: Metric, unit: str) -> Any:
    """Right of the name: its age when not live, else how it stands."""
    cell = snapshot.cell(metric.id, unit)
    if cell.freshness is not Freshness.LIVE:
        is_gone = cell.freshness in (Freshness.DOWN, Freshness.MISSING)
        tone = "unknown" if cell.freshness in (Freshness.STALE, Freshness.MISSING) else "watch"
        said = plain_number("date", age_words(snapshot, view, cell))
        return status("down" if is_gone else "late", [said], tone)
    if metric.id == RECEIVED:
        return more_or_less(snapshot, view, unit)
    if metric.id == BACKLOG:
        return _overdue(snapshot, view, unit)
    return _against_target(snapshot, view, metric, unit)


def _overdue(snapshot: Snapshot, view: View, unit: str) -> Any:
    due = snapshot.dues.get(unit)
    if due is None or due.overdue is None:
        return None
    count = number(view.lang, due.overdue)
    shown = figure(view, codes.due(unit, due, "overdue"), count, is_link=False)
    words = rich(view.lang, "desk.overdue", number=shown)
    shape = "bad" if due.overdue else "good"
    return dcc.Link(status(shape, words), href=links.cases(unit=unit, status="overdue"))


def _against_target(snapshot: Snapshot, view: View, metric: Metric, unit: str) -> Any:
    if metric.id not in view.city.targets or snapshot.cell(metric.id, unit).value is None:
        words = t(view.lang, "target.none") if metric.is_rate else ""
        return html.Span(words, className="weak")
    short = gap_words(snapshot, view, metric, unit)
    return status("watch", short) if short else status("good", t(view.lang, "target.met"))


def _notes(snapshot: Snapshot, view: View, metric: Metric, unit: str) -> list[Any]:
    cell = snapshot.cell(metric.id, unit)
    changed = change(snapshot, view, metric, unit)
    left: Any = changed if metric.is_rate else changed[:LEAD]
    if not is_drawn(cell):
        last = figure(view, cell.figure, plain(metric, cell.value, view.lang))
        left = rich(view.lang, "desk.last_value", value=last) if cell.value is not None else DASH
        left = withheld(view, cell, cell.figure) or left
    elif metric.id == RECEIVED:
        usual = snapshot.cell(RECEIVED, unit, "usual")
        shown = figure(view, usual.figure, number(view.lang, usual.value))
        left = rich(view.lang, "chart.usual_at", value=shown) if usual.value else left
    elif metric.id == BACKLOG and unit in snapshot.dues:
        left = _lapses(view, unit, snapshot.dues[unit])
    elif metric.id in view.city.targets:
        left = target_words(view, metric)
    return [html.Span(left), _beside(snapshot, view, metric, unit)]


def _lapses(view: View, unit: str, due: Due) -> Any:
    if due.lapses_today is None:
        return t(view.lang, "dues.undated")
    count = number(view.lang, due.lapses_today)
    shown = figure(view, codes.due(unit, due, "lapses_today"), count)
    return said_rich(view, "desk.lapses", number=shown)


def _beside(snapshot: Snapshot, view: View, metric: Metric, unit: str) -> Any:
    """Right below: the city's figure beside a unit's, the published one beside the city's."""
    if unit == CITY:
        words = published_words(view, metric, "target.published_short")
        return html.Span(words, className="reference")
    city = snapshot.cell(metric.id)
    shown = figure(view, city.figure, plain(metric, city.value, view.lang), is_link=False)
    words = rich(view.lang, "desk.city_value", value=shown)
    return dcc.Link([*words, coverage(city, view)], href=links.metric(metric.id))

"""The tile of one figure at the desk: name, value, line, what it compares with."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from centre.domain.places import CITY
from centre.domain.status import Freshness
from centre.metrics.metric import Metric
from centre.snapshots.cells import Snapshot
from components.ages import ageing
from components.cards import line, title, value
from components.desk import links
from components.desk.about import about
from components.desk.ratio import more_or_less
from components.marks import coverage, status
from components.tags import data
from components.text import DASH, number, t
from components.view import View
from components.words import (
    age_words,
    change,
    gap,
    gap_words,
    is_drawn,
    plain,
    published_words,
    said,
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
        [value(cell, metric, view.lang), line(snapshot, view, metric, unit)], className="tile-body"
    )
    return html.Div(
        [
            html.Div(
                [html.Div([name, coverage(cell, view)]), _aside(snapshot, view, metric, unit)],
                className="tile-name",
            ),
            about(snapshot, view, metric, unit, drawn),
            html.Div(_notes(snapshot, view, metric, unit), className="tile-foot"),
        ],
        className=f"kpi is-{cell.freshness}",
        **data(figure=cell.figure, state=str(cell.freshness), **ageing(snapshot, cell, unit)),
    )


def _aside(snapshot: Snapshot, view: View, metric: Metric, unit: str) -> Any:
    """Right of the name: its age when not live, else how it stands."""
    cell = snapshot.cell(metric.id, unit)
    if cell.freshness is not Freshness.LIVE:
        is_gone = cell.freshness in (Freshness.DOWN, Freshness.MISSING)
        tone = "unknown" if cell.freshness in (Freshness.STALE, Freshness.MISSING) else "watch"
        return status("down" if is_gone else "late", age_words(snapshot, view, cell), tone)
    if metric.id == RECEIVED:
        return more_or_less(snapshot, view, unit)
    if metric.id == BACKLOG:
        return _overdue(snapshot, view, unit)
    return _against_target(view, metric, cell.value)


def _overdue(snapshot: Snapshot, view: View, unit: str) -> Any:
    due = snapshot.dues.get(unit)
    if due is None or due.overdue is None:
        return None
    words = t(view.lang, "desk.overdue", number=number(view.lang, due.overdue))
    shape = "bad" if due.overdue else "good"
    return dcc.Link(status(shape, words), href=links.cases(unit=unit, status="overdue"))


def _against_target(view: View, metric: Metric, shown: float | None) -> Any:
    if metric.id not in view.city.targets or shown is None:
        words = t(view.lang, "target.none") if metric.is_rate else ""
        return html.Span(words, className="weak")
    short = gap(view, metric, shown)
    if short is None:
        return status("good", t(view.lang, "target.met"))
    return status("watch", gap_words(view, metric, short))


def _notes(snapshot: Snapshot, view: View, metric: Metric, unit: str) -> list[Any]:
    cell = snapshot.cell(metric.id, unit)
    changed = change(snapshot, view, metric, unit)
    left: Any = changed if metric.is_rate else changed[:LEAD]
    if not is_drawn(cell):
        last = plain(metric, cell.value, view.lang)
        left = t(view.lang, "desk.last_value", value=last) if cell.value is not None else DASH
    elif metric.id == RECEIVED:
        usual = snapshot.cell(RECEIVED, unit, "usual").value
        left = t(view.lang, "chart.usual_at", value=number(view.lang, usual)) if usual else left
    elif metric.id == BACKLOG and unit in snapshot.dues:
        today = snapshot.dues[unit].lapses_today
        words = said(view, "desk.lapses", number=number(view.lang, today))
        left = t(view.lang, "dues.undated") if today is None else words
    elif metric.id in view.city.targets:
        left = target_words(view, metric)
    return [html.Span(left), _beside(snapshot, view, metric, unit)]


def _beside(snapshot: Snapshot, view: View, metric: Metric, unit: str) -> Any:
    """Right below: the city's figure beside a unit's, the published one beside the city's."""
    if unit == CITY:
        words = published_words(view, metric, "target.published_short")
        return html.Span(words, className="reference")
    city = snapshot.cell(metric.id)
    words = t(view.lang, "desk.city_value", value=plain(metric, city.value, view.lang))
    return dcc.Link([words, coverage(city, view)], href=links.metric(metric.id))

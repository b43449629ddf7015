"""Received and closed of 30 days as a plotly dict, today in a lane of its own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dash import html

from centre.domain.places import CITY
from centre.snapshots.cells import Series, Snapshot
from components import codes
from components.charts.figures import Figure, Today, stretches, trend
from components.charts.graph import graph
from components.charts.noted import noted
from components.charts.svg import drawing, node
from components.defined import breaks
from components.marks import figure as mark_figure
from components.marks import plain
from components.notes import day_words, days_told, note_mark
from components.slots import slot
from components.table import Table
from components.tags import data
from components.text import DASH, number, t
from components.theme import palette
from components.twin import twin_link
from components.view import View
from components.words import said

RECEIVED, CLOSED = "appeal.received.count", "appeal.closed.count"
SATURDAY = 5


def flow_figure(snapshot: Snapshot, view: View, unit: str) -> Figure:
    """Received as a line, closed dashed, week-ends shaded."""
    received, closed = (snapshot.series.get((one, unit)) for one in (RECEIVED, CLOSED))
    now, usual = snapshot.cell(RECEIVED, unit), snapshot.cell(RECEIVED, unit, "usual")
    figure = trend(
        received,
        surface=view.surface,
        lang=view.lang,
        words=_words(view, unit, received, closed),
        today=Today(value=now.value, usual=usual.value, words=said(view, "chart.today")),
    )
    figure["data"][1:1] = _dashed(closed, view)
    figure["layout"]["shapes"] = [*figure["layout"]["shapes"], *_week_ends(received)]
    figure["layout"]["yaxis"]["rangemode"] = "tozero"
    told = days_told(snapshot, view, unit, received)
    return noted(figure, told, surface=view.surface, lang=view.lang)


def _dashed(series: Series | None, view: View) -> list[dict[str, Any]]:
    tone = palette(view.surface)
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": days,
            "y": values,
            "line": {"color": tone.text3, "width": 2, "dash": "dot"},
            "connectgaps": False,
            "hovertemplate": "%{x|%Y-%m-%d}  %{y}<extra></extra>",
        }
        for days, values in stretches(series)
    ]


def _days(series: Series | None) -> list[date]:
    return [series.first + timedelta(days=at) for at in range(len(series.num))] if series else []


def _week_ends(series: Series | None) -> list[dict[str, Any]]:
    return [
        {
            "type": "rect",
            "layer": "below",
            "xref": "x",
            "yref": "paper",
            "x0": f"{day - timedelta(days=1)}T12:00",
            "x1": f"{day}T12:00",
            "y0": 0,
            "y1": 1,
            "line": {"width": 0},
            "fillcolor": "rgba(128,144,160,0.13)",
        }
        for day in _days(series)
        if day.weekday() >= SATURDAY
    ]


def _words(view: View, unit: str, received: Series | None, closed: Series | None) -> str:
    sums = [
        number(view.lang, sum(one for one in series.values if one is not None)) if series else "—"
        for series in (received, closed)
    ]
    name = view.city.unit_name(unit, view.lang)
    said = t(view.lang, "trend.words", unit=name, received=sums[0], closed=sums[1])
    cut = (breaks(view.lang, one) for one in (received, closed))
    return t(view.lang, "mark.semicolon").join(filter(None, (said, *cut)))


def legend(view: View, link: Any = None) -> Any:
    """What the two lines and the bar are; `link` at its end."""
    solid = node("line", x1=0, x2=20, y1=5, y2=5, stroke="var(--spark)", stroke_width=2.5)
    dotted = node(
        "line",
        x1=0,
        x2=20,
        y1=5,
        y2=5,
        stroke="var(--text3)",
        stroke_width=2,
        stroke_dasharray="3 3",
    )
    tick = node("line", x1=0, x2=20, y1=5, y2=5, stroke="var(--text)", stroke_width=2)
    signs = ((solid, "trend.received"), (dotted, "trend.closed"), (tick, "trend.usual"))
    shown = [html.Span([drawing(20, 10, sign), said(view, key)]) for sign, key in signs]
    return html.Div([*shown, html.Span(link)], className="legend-line")


def legend_of(snapshot: Snapshot, view: View, panel: str) -> Any:
    """The legend with the way to the table, and what is said of the data of these days."""
    metric, unit = view.metrics[RECEIVED], view.key or CITY
    said = note_mark(snapshot, view, metric, unit, is_series=True)
    return legend(view, [said, " ", twin_link(view, panel, view.key, is_shown=True)])


def flow(snapshot: Snapshot, view: View, panel: str) -> Any:
    """The chart with its legend; the figure is a live part of the panel."""
    figure = flow_figure(snapshot, view, view.key or CITY)
    return html.Div(
        [
            html.Div(legend_of(snapshot, view, panel), id=slot(panel, view.key, "legend")),
            graph(figure, id=slot(panel, view.key, "figure")),
        ],
        className="flow",
        **data(drawn=""),
    )


def flow_table(snapshot: Snapshot, view: View) -> Table:
    """Received and closed by day and in all; then today, and what was usual to this minute."""
    unit, lang = view.key or CITY, view.lang
    lines = [(one, snapshot.series.get((one, unit))) for one in (RECEIVED, CLOSED)]
    days = _days(lines[0][1] or lines[1][1])
    rows = [
        (day.isoformat(), *(_point(view, unit, metric, line, day) for metric, line in lines))
        for day in days
    ]
    in_all = (_total(view, unit, metric, line) for metric, line in lines)
    rows.append((t(lang, "when.sum"), *in_all))
    last = [
        (said(view, key), *(_cell(snapshot, view, metric, unit, window) for metric, _ in lines))
        for key, window in (("chart.today", "now"), ("trend.usual", "usual"))
    ]
    heads = (t(lang, "embed.day"), said(view, "trend.received"), said(view, "trend.closed"))
    told = [day_words(snapshot, view, unit, day) for day in days]
    if not any(told):
        return Table(columns=heads, rows=(*rows, *last))
    days_noted = [
        (*row, plain("text", words)) for row, words in zip(rows, (*told, ""), strict=True)
    ]
    today = snapshot.city_now.astimezone(view.city.tz).date()
    now = (*last[0], plain("text", day_words(snapshot, view, unit, today)))
    return Table(
        columns=(*heads, t(lang, "metric_csv.note")), rows=(*days_noted, now, (*last[1], ""))
    )


def _point(view: View, unit: str, metric: str, line: Series | None, day: date) -> Any:
    at = (day - line.first).days if line else -1
    if line is None or not 0 <= at < len(line.num):
        return DASH
    shown = number(view.lang, line.values[at])
    return mark_figure(view, codes.point(view, metric, unit, line, day), shown)


def _total(view: View, unit: str, metric: str, line: Series | None) -> Any:
    """All days of a line together."""
    known = {
        codes.point(view, metric, unit, line, day): value
        for day, value in zip(_days(line), line.values if line else (), strict=True)
        if line and value is not None
    }
    shown = number(view.lang, sum(known.values())) if known else DASH
    return mark_figure(view, " ".join(known), shown, how="sum")


def _cell(snapshot: Snapshot, view: View, metric: str, unit: str, window: str) -> Any:
    cell = snapshot.cell(metric, unit, window)
    return mark_figure(view, cell.figure, number(view.lang, cell.value))

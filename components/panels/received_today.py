"""Appeals received today, hour by hour beside the usual day; `key` is a unit or ""."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.domain.places import CITY, Name
from centre.metrics.later_counts import hour_name
from centre.snapshots.cells import Cell, Hours, Snapshot
from components import codes
from components.cards import value
from components.changes import change
from components.charts.hours import hour_bars
from components.charts.svg import Svg, drawing, node
from components.covered import lacking, withheld
from components.marks import demo, figure, mark, missing_tone, plain
from components.notes import hour_words, today_mark
from components.past import count_now
from components.table import Table
from components.tags import aria
from components.text import number, t
from components.twin import drawn
from components.view import Panel, View
from components.words import age_words, is_drawn, said

ID = "received_today"
METRIC = "appeal.received.count"


def render(snapshot: Snapshot, view: View) -> Any:
    """Figure, change, coverage and bars; the page round it says as of when."""
    unit = view.key or CITY
    metric, cell = view.metrics[METRIC], snapshot.cell(METRIC, unit)
    name = _title(view, unit)
    return html.Section(
        [
            html.Div(
                [
                    html.H2([name, today_mark(snapshot, view, unit)]),
                    demo(view.lang) if snapshot.synthetic else None,
                ],
                className="figure-head",
            ),
            value(snapshot, view, cell, metric),
            html.P(change(snapshot, view, metric, unit), className="change")
            if is_drawn(cell)
            else None,
            _covered(snapshot, view, cell),
            _legend(view.lang),
            drawn(view, _bars(snapshot, view, unit, name), ID, view.key),
        ],
        className=f"figure is-{cell.freshness}",
        **aria(label=name),
    )


def _bars(snapshot: Snapshot, view: View, unit: str, name: str) -> Svg:
    return hour_bars(snapshot.hours.get(unit), lang=view.lang, name=name)


def _title(view: View, unit: str) -> str:
    name = said(view, "embed.received_today")
    if unit == CITY:
        return name
    return f"{view.city.unit_name(unit, view.lang)}{t(view.lang, 'mark.dot')}{name}"


def _covered(snapshot: Snapshot, view: View, cell: Cell) -> Any:
    """◐ 21/22 个中心在线，缺大邑县（平常约占 4.1 %），合计未含; its age where the figure is old."""
    old = age_words(snapshot, view, cell)
    if old:
        shape, age = "down" if not is_drawn(cell) else "late", plain("date", old)
        return html.P([mark(shape), age], className="covered")
    if not cell.missing:
        return None
    words = t(view.lang, "coverage.all_online", present=cell.present, expected=cell.expected)
    there = html.B(figure(view, cell.figure, words, how="coverage", is_link=False))
    if cell.withheld:
        why = withheld(view, cell, cell.figure)
        return html.P([mark("partial", "watch"), html.B(why)], className="covered")
    comma, gone = t(view.lang, "mark.comma"), lacking(view, cell, cell.figure)
    said = [*gone, comma, t(view.lang, "coverage.not_in_total")] if gone else []
    tone = missing_tone(cell, view)
    return html.P([mark("partial", tone), there, comma if said else "", *said], className="covered")


def _legend(lang: str) -> Any:
    box = drawing(12, 12, node("rect", width=12, height=12, fill="var(--seq5)"))
    tick = drawing(
        16, 12, node("line", x1=0, x2=16, y1=6, y2=6, stroke="var(--text)", stroke_width=2)
    )
    pale = drawing(
        12, 12, node("rect", width=12, height=12, fill="var(--seq5)", fill_opacity="0.45")
    )
    words = ("chart.this_hour", "chart.usual", "chart.running")
    entries = [
        html.Span([sign, t(lang, key)]) for sign, key in zip((box, tick, pale), words, strict=True)
    ]
    return html.Div(entries, className="legend")


def table(snapshot: Snapshot, view: View) -> Table:
    """24 rows: hour, today, usual."""
    hours = snapshot.hours.get(view.key or CITY)
    columns = tuple(said(view, f"embed.{key}") for key in ("hour", "today", "usual"))
    if hours is None:
        return Table(columns=columns, rows=())
    rows = tuple(_hour(view, hours, hour) for hour in range(24))
    told = [hour_words(snapshot, view, view.key or CITY, hour) for hour in range(24)]
    if not any(told):
        return Table(columns=columns, rows=rows)
    noted = tuple((*row, plain("text", words)) for row, words in zip(rows, told, strict=True))
    return Table(columns=(*columns, t(view.lang, "metric_csv.note")), rows=noted)


def _hour(view: View, hours: Hours, hour: int) -> tuple[Any, ...]:
    lang, (today, usual) = view.lang, (hours.today[hour], hours.usual[hour])
    now = figure(view, codes.hour(view, view.key, hours, hour), number(lang, today))
    then = figure(view, codes.hour(view, view.key, hours, hour, "usual"), number(lang, usual, 1))
    changed = count_now(view, hour_name(hour), view.key or CITY, today)
    return plain("date", t(lang, "date.hour", hour=hour)), [now, changed] if changed else now, then


PANEL = Panel(
    id=ID,
    title=Name(zh="今日受理群众诉求", en="Appeals received today"),
    render=render,
    table=table,
    embeddable=True,
)

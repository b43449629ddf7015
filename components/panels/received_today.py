"""Appeals received today, hour by hour beside the usual day; `key` is a unit or ""."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.domain.places import CITY, Name
from centre.snapshots.cells import Cell, Snapshot
from components.cards import value
from components.charts.hours import hour_bars
from components.charts.svg import drawing, node
from components.marks import demo, mark
from components.table import Table
from components.tags import aria, data
from components.text import number, t
from components.view import Panel, View
from components.words import age_words, change, is_drawn, missing_names, said

METRIC = "appeal.received.count"


def render(snapshot: Snapshot, view: View) -> Any:
    """Figure, change, coverage and bars; the page round it says as of when."""
    unit = view.key or CITY
    metric, cell = view.metrics[METRIC], snapshot.cell(METRIC, unit)
    name = _title(view, unit)
    return html.Section(
        [
            html.Div(
                [html.H2(name), demo(view.lang) if snapshot.synthetic else None],
                className="figure-head",
            ),
            value(cell, metric, view.lang),
            html.P(change(snapshot, view, metric, unit), className="change")
            if is_drawn(cell)
            else None,
            _covered(snapshot, view, cell),
            _legend(view.lang),
            hour_bars(snapshot.hours.get(unit), lang=view.lang, name=name),
        ],
        className=f"figure is-{cell.freshness}",
        **data(figure=cell.figure),
        **aria(label=name),
    )


def _title(view: View, unit: str) -> str:
    name = said(view, "embed.received_today")
    if unit == CITY:
        return name
    return f"{view.city.unit_name(unit, view.lang)}{t(view.lang, 'mark.dot')}{name}"


def _covered(snapshot: Snapshot, view: View, cell: Cell) -> Any:
    """◐ 21/22 个中心在线，暂缺大邑县，合计未含; the age when the figure itself is old."""
    old = age_words(snapshot, view, cell)
    if old:
        return html.P([mark("down" if not is_drawn(cell) else "late"), old], className="covered")
    if cell.present >= cell.expected:
        return None
    there = t(view.lang, "coverage.all_online", present=cell.present, expected=cell.expected)
    names = missing_names(view, cell.missing)
    gone = t(view.lang, "coverage.not_included", names=names) if names else ""
    comma = t(view.lang, "mark.comma") if gone else ""
    return html.P([mark("partial", "watch"), html.B(there), comma, gone], className="covered")


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
    lang, hours = view.lang, snapshot.hours.get(view.key or CITY)
    columns = tuple(said(view, f"embed.{key}") for key in ("hour", "today", "usual"))
    if hours is None:
        return Table(columns=columns, rows=())
    rows = tuple(
        (t(lang, "date.hour", hour=hour), number(lang, today), number(lang, usual, 1))
        for hour, (today, usual) in enumerate(zip(hours.today, hours.usual, strict=True))
    )
    return Table(columns=columns, rows=rows)


PANEL = Panel(
    id="received_today",
    title=Name(zh="今日受理群众诉求", en="Appeals received today"),
    render=render,
    table=table,
    embeddable=True,
)

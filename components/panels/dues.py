"""The clocks of open cases: due today, overdue, open; and the units with most overdue."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.domain.places import CITY, Name
from centre.snapshots.cells import Due, Snapshot
from components.charts.bars import Row, ranking
from components.charts.figures import Figure
from components.charts.graph import graph
from components.marks import mark
from components.text import compact, number, t
from components.view import Panel, View
from components.words import as_of, is_drawn, is_filling

TOP = 5
FULL_BELOW = 100_000


def render(snapshot: Snapshot, view: View) -> Any:
    """Three numbers and a ranking."""
    total = snapshot.dues.get(view.key or CITY)
    note = html.Span(_clock(snapshot, view), className="note")
    numbers = html.Div(
        [
            _number(view, "lapses_today", total.lapses_today if total else None, "watch"),
            _number(view, "overdue", total.overdue if total else None, "bad"),
            _number(view, "open", total.open if total else None, ""),
        ],
        className="due-numbers",
    )
    return html.Section(
        [html.H3([t(view.lang, "dues.title"), note]), numbers, *_ranking(snapshot, view)],
        className="dues",
    )


def _clock(snapshot: Snapshot, view: View) -> str:
    """工作日计时; when nothing new arrives, of when the open cases are."""
    cell = snapshot.cell("appeal.received.count", view.key or CITY)
    if is_filling(snapshot):
        done = {"filled": snapshot.filled_days, "total": snapshot.total_days}
        return t(view.lang, "filling.so_far", **done)
    if is_drawn(cell) or cell.as_of is None:
        return t(view.lang, "dues.note")
    return t(view.lang, "dues.note_old", at=as_of(snapshot, view, cell.as_of))


def _number(view: View, key: str, count: float | None, shape: str) -> Any:
    """A mark only where there is something to mark."""
    sign = mark(shape) if shape and count else None
    label = html.Div([sign, t(view.lang, f"dues.{key}")], className="due-label")
    return html.Div([html.Div(_short(view, count), className="due-number"), label])


def _short(view: View, count: float | None) -> str:
    """In full as long as three of them fit side by side."""
    return (compact if count and count >= FULL_BELOW else number)(view.lang, count)


def _ranking(snapshot: Snapshot, view: View) -> list[Any]:
    if not snapshot.dues:
        return []
    rows = most_overdue(snapshot, view)
    if not rows and is_filling(snapshot):
        return []  # what is overdue lies in the days to come
    if not rows:
        return [html.P(t(view.lang, "dues.none_overdue"), className="caption")]
    caption = html.Div(t(view.lang, "dues.top"), className="caption")
    return [caption, graph(figure(view, rows), class_name="due-ranking")]


def most_overdue(snapshot: Snapshot, view: View) -> list[Row]:
    """The five, most first."""
    units: list[tuple[str, Due]] = [
        (unit.code, snapshot.dues[unit.code])
        for unit in view.city.units
        if unit.code in snapshot.dues
    ]
    ordered = sorted(units, key=lambda one: (-(one[1].overdue or 0), one[0]))
    return [
        Row(name=view.city.unit_name(code, view.lang), value=due.overdue or 0)
        for code, due in ordered[:TOP]
        if due.overdue
    ]


def figure(view: View, rows: list[Row]) -> Figure:
    """Bars with the words of the same."""
    named = t(view.lang, "mark.list").join(f"{row.name} {row.value:,.0f}" for row in rows)
    words = t(view.lang, "dues.chart", list=named)
    return ranking(rows, surface=view.surface, words=words)


PANEL = Panel(id="dues", title=Name(zh="办理时限", en="Deadlines"), render=render)

"""The clocks of open cases: due today, overdue, open; and where most of them are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import html

from centre.domain.places import CITY, Name
from centre.metrics.later_counts import due_name
from centre.snapshots.cells import Due, Snapshot
from components import codes
from components.charts.bars import Row, ranking
from components.charts.figures import Figure
from components.charts.graph import graph
from components.desk.clocks import three_clocks
from components.marks import coverage, mark
from components.marks import figure as figure_of
from components.notes import today_mark
from components.past import count_now
from components.table import Table
from components.text import compact, number, t
from components.twin import drawn
from components.view import Panel, View
from components.words import (
    as_of,
    category_name,
    filled,
    is_drawn,
    is_filling,
    old_words,
    said,
)

TOP, TOP_ALONE = 5, 8
FULL_BELOW = 100_000


def render(snapshot: Snapshot, view: View) -> Any:
    """Three numbers and a ranking."""
    note = html.Span(_clock(snapshot, view), className="note")
    numbers = html.Div(
        [
            _number(snapshot, view, "lapses_today", "watch"),
            _number(snapshot, view, "overdue", "bad"),
            _number(snapshot, view, "open", ""),
        ],
        className="due-numbers",
    )
    cell = snapshot.cell(codes.RECEIVED, view.key or CITY)
    noted = today_mark(snapshot, view, view.key)
    heading = [t(view.lang, "dues.title"), " ", coverage(cell, view), noted]
    return html.Section(
        [html.H3([*heading, note]), numbers, *_ranking(snapshot, view)],
        className="dues is-old" if old_words(snapshot, view, view.key or CITY) else "dues",
    )


def _clock(snapshot: Snapshot, view: View) -> Any:
    """工作日计时; when nothing new arrives, of when the open cases are; or that none is timed."""
    total = snapshot.dues.get(view.key or CITY)
    if total is not None and total.overdue is None:
        return t(view.lang, "dues.undated")
    cell = snapshot.cell("appeal.received.count", view.key or CITY)
    if is_filling(snapshot):
        return filled(snapshot, view.lang, "filling.so_far")
    if is_drawn(cell) or cell.as_of is None:
        return t(view.lang, "dues.note")
    return t(view.lang, "dues.note_old", at=as_of(snapshot, view, cell.as_of))


def _number(snapshot: Snapshot, view: View, key: str, shape: str) -> Any:
    """A mark only where there is something to mark; in its title the clocks of its cases."""
    due = snapshot.dues.get(view.key or CITY)
    clocks = three_clocks(snapshot, view, snapshot.cell(codes.RECEIVED, view.key or CITY))
    count: int | None = getattr(due, key, None)
    id_ = codes.due(view.key, due, key) if due else ""
    sign = mark(shape) if shape and count else None
    label = html.Div([sign, said(view, f"dues.{key}")], className="due-label")
    shown = figure_of(view, id_, _short(view, count), class_name="due-number", note=clocks)
    changed = count_now(view, due_name(key), view.key or CITY, count)
    return html.Div([shown, label, changed])


def _short(view: View, count: float | None) -> str:
    """In full as long as three of them fit side by side."""
    return (compact if count and count >= FULL_BELOW else number)(view.lang, count)


def _ranking(snapshot: Snapshot, view: View) -> list[Any]:
    """What is overdue; where nothing is, what lapses next, what is open, what comes in."""
    if not snapshot.dues:
        return []
    offered: list[tuple[str, list[Row]]] = [("top", most(snapshot, view, _overdue))]
    if not is_filling(snapshot):  # what is overdue may lie in the days to come
        offered += [
            ("top_today", most(snapshot, view, _lapsing)),
            ("top_open", most(snapshot, view, _open)),
            ("top_category", _categories(snapshot, view)),
        ]
    key, rows = next((one for one in offered if one[1]), ("", []))
    if not rows:
        return []
    caption = html.Div(_caption(snapshot, view, key), className="caption")
    is_old = bool(old_words(snapshot, view, view.key or CITY))
    drawing = graph(figure(view, rows, is_old=is_old), class_name=f"due-ranking rows-{len(rows)}")
    return [caption, drawn(view, drawing, "dues", view.key)]


def _caption(snapshot: Snapshot, view: View, key: str) -> str:
    words = said(view, f"dues.{key}")
    due = snapshot.dues.get(view.key or CITY)  # of the city none where too many units are missing
    if due is None or due.overdue != 0:
        return words
    return t(view.lang, "mark.dot").join([t(view.lang, "dues.none_overdue"), words])


def _overdue(due: Due) -> int:
    return due.overdue or 0


def _lapsing(due: Due) -> int:
    return due.lapses_today or 0


def _open(due: Due) -> int:
    return due.open


def most(snapshot: Snapshot, view: View, of: Callable[[Due], int]) -> list[Row]:
    """The units with most, the largest first; as many as there is room for."""
    units = [(unit.code, snapshot.dues.get(unit.code)) for unit in view.city.units]
    known = [(code, of(due)) for code, due in units if due is not None and of(due)]
    ordered = sorted(known, key=lambda one: (-one[1], one[0]))
    return [
        Row(name=view.city.unit_name(code, view.lang), value=count)
        for code, count in ordered[: _room(snapshot)]
    ]


def _room(snapshot: Snapshot) -> int:
    """The alerts above take their place from the ranking."""
    return TOP if len(snapshot.alerts) > 1 else TOP_ALONE


def _categories(snapshot: Snapshot, view: View) -> list[Row]:
    shares = snapshot.shares.get(("category", view.key or CITY), ())
    known = [(category_name(view, one.key), one.today) for one in shares]
    return [Row(name=name, value=count) for name, count in known if count][: _room(snapshot)]


def figure(view: View, rows: list[Row], *, is_old: bool = False) -> Figure:
    """Bars with the words of the same."""
    named = t(view.lang, "mark.list").join(f"{row.name} {row.value:,.0f}" for row in rows)
    return ranking(rows, surface=view.surface, words=named, is_old=is_old)


def table(snapshot: Snapshot, view: View) -> Table:
    """Open cases of every unit by clock, and what came in by category: what rankings draw."""
    heads = tuple(said(view, f"dues.{key}") for key in _CLOCKS)
    units = [(code, snapshot.dues.get(code)) for code in (CITY, *view.city.by_code)]
    rows = [
        (view.city.unit_name(code, view.lang), *(_cell(view, code, due, key) for key in _CLOCKS))
        for code, due in units
        if due is not None
    ]
    return Table(columns=(t(view.lang, "where.unit"), *heads), rows=tuple(rows))


_CLOCKS = ("lapses_today", "overdue", "open")


def _cell(view: View, code: str, due: Due, key: str) -> Any:
    amount = getattr(due, key)
    shown = figure_of(view, codes.due(code, due, key), number(view.lang, amount))
    changed = count_now(view, due_name(key), code, amount)
    return [shown, changed] if changed else shown


PANEL = Panel(id="dues", title=Name(zh="办理时限", en="Deadlines"), render=render, table=table)

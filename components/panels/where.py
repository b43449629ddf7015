"""Where: the units in a ranking of received, beside their usual, open, overdue and on-time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dash import html

from centre.domain.places import CITY, UNASSIGNED, Name
from centre.snapshots.cells import Cell, Due, Snapshot
from components import codes
from components.colours import METRIC, RATIO_BOUNDS, ratio, step_of
from components.marks import coverage, figure, plain
from components.notes import before, note_mark
from components.table import Table
from components.text import DASH, number, percent, t
from components.view import Panel, View
from components.words import is_drawn, old_words

ON_TIME = "appeal.on_time_rate"
SHOWN = 24
"""As many rows as a wall scene holds at 18 px; on the desk all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    code: str
    name: str
    cells: tuple[Any, ...]  # received, ratio, open, overdue, on time
    step: int
    old: str = ""  # 截至 13:25, where the row is not of now
    badge: Any = None  # ◐ 20/22 where units are missing from it


def render(snapshot: Snapshot, view: View) -> Any:
    """A table; the ratio carries the map's colour."""
    rows = _rows(snapshot, view)
    shown = rows if view.surface == "desk" or len(rows) <= SHOWN else rows[: SHOWN - 1]
    rest = len(rows) - len(shown)
    old = old_words(snapshot, view, CITY)
    note = html.Span(old or t(view.lang, "where.note"), className="note")
    body = [_line(row, is_dated=not old) for row in shown]
    if rest:
        words = plain("list", t(view.lang, "where.rest", count=rest))
        body.append(html.Tr([html.Td(words, colSpan="6")], className="rest"))
    return html.Section(
        [
            html.H3([t(view.lang, "where.title"), note]),
            html.Table([html.Thead(html.Tr(_heads(view))), html.Tbody(body)]),
        ],
        className="where",
    )


def _heads(view: View) -> list[Any]:
    return [html.Th(words, scope="col") for words in _columns(view)]


def _columns(view: View) -> tuple[str, ...]:
    keys = ("unit", "received", "ratio", "open", "overdue", "on_time")
    return tuple(t(view.lang, f"where.{key}") for key in keys)


def _line(row: _Row, *, is_dated: bool) -> Any:
    """`is_dated`: a silent unit says since when; not where the title says it of all."""
    received, share, *others = row.cells
    heat = f"heat step-{row.step} ink-{2 if row.step > 4 else 1}" if row.step else "heat"
    return html.Tr(
        [
            html.Th(_named(row), scope="row"),
            *(
                [html.Td(row.old, colSpan="2")]
                if row.old and is_dated
                else [html.Td(html.B(received)), html.Td(html.Span(share, className=heat))]
            ),
            *(html.Td(one) for one in others),
        ],
        className=f"{'total' if row.code == CITY else ''} {'is-old' if row.old else ''}".strip(),
    )


def _named(row: _Row) -> Any:
    return [row.name, " ", row.badge] if row.badge else row.name


def _rows(snapshot: Snapshot, view: View) -> list[_Row]:
    codes = [unit.code for unit in view.city.units]
    if snapshot.cell(METRIC, UNASSIGNED).value:
        codes.append(UNASSIGNED)
    cells = {code: snapshot.cell(METRIC, code) for code in codes}
    # A silent unit's last number is no rank among those of now.
    received = {code: one.value or 0 if is_drawn(one) else -1 for code, one in cells.items()}
    ordered = sorted(codes, key=lambda code: (-received[code], code))
    return [_row(snapshot, view, CITY), *(_row(snapshot, view, code) for code in ordered)]


def _row(snapshot: Snapshot, view: View, code: str) -> _Row:
    cell, share, due = snapshot.cell(METRIC, code), ratio(snapshot, code), snapshot.dues.get(code)
    on_time, same = snapshot.cell(ON_TIME, code), snapshot.compared(METRIC, code, "usual")[0]
    received = number(view.lang, cell.value if is_drawn(cell) else None)
    cells = (
        _noted(snapshot, view, METRIC, code, figure(view, cell.figure, received)),
        figure(view, same.figure, number(view.lang, share), against="usual", how="share"),
        _due(view, code, due, "open"),
        _due(view, code, due, "overdue"),
        _noted(snapshot, view, ON_TIME, code, _rate(view, on_time)),
    )
    name = t(view.lang, "where.total") if code == CITY else view.city.unit_name(code, view.lang)
    step = 0 if share is None or code == CITY else step_of(share, RATIO_BOUNDS)
    old = "" if is_drawn(cell) else old_words(snapshot, view, code)
    badge = coverage(cell, view) if code == CITY else None
    return _Row(code=code, name=name, cells=cells, step=step, old=old, badge=badge)


def _noted(snapshot: Snapshot, view: View, metric: str, code: str, number: Any) -> Any:
    return before(note_mark(snapshot, view, view.metrics[metric], code), number)


def _rate(view: View, cell: Cell) -> Any:
    return figure(view, cell.figure, percent(view.lang, cell.value, 1))


def _due(view: View, code: str, due: Due | None, clock: str) -> Any:
    if due is None:
        return DASH
    return figure(view, codes.due(code, due, clock), number(view.lang, getattr(due, clock)))


def table(snapshot: Snapshot, view: View) -> Table:
    """The same rows, all of them."""
    rows = tuple((_named(row), *row.cells) for row in _rows(snapshot, view))
    return Table(columns=_columns(view), rows=rows)


PANEL = Panel(
    id="where",
    title=Name(zh="各单位受理与办理", en="Units, received and handled"),
    render=render,
    table=table,
    embeddable=True,
)

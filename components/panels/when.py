"""When: the day of the busiest units hour by hour, side by side on one scale."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.domain.places import CITY, Name
from centre.snapshots.cells import Hours, Snapshot
from components import codes
from components.charts.graph import graph
from components.charts.multiples import Small, small_multiples
from components.colours import METRIC
from components.marks import figure as figure_of
from components.marks import plain
from components.notes import today_mark
from components.table import Table
from components.text import number, t
from components.twin import drawn
from components.view import Panel, View
from components.words import is_drawn, old_words, said

SHOWN = 12
"""Two columns of six fit a wall scene."""


def render(snapshot: Snapshot, view: View) -> Any:
    """Twelve small days; those with an alert come first and warm."""
    many = [_small(snapshot, view, code) for code in _codes(snapshot, view)]
    is_usual = any(one.usual is not None for one in many)
    old = old_words(snapshot, view, CITY)
    note = old or t(view.lang, "when.note" if is_usual else "when.note_no_usual")
    heading = [t(view.lang, "when.title"), " ", today_mark(snapshot, view)]
    title = html.H3([*heading, html.Span(note, className="note")])
    if not many:
        return html.Section([title, html.P("—", className="quiet")], className="when")
    words = t(view.lang, "mark.semicolon").join(_words(view, one) for one in many)
    figure = small_multiples(many, surface=view.surface, words=words)
    axis = html.Div(
        [plain("axis", t(view.lang, "when.hour", hour=one)) for one in (0, 12, 23)] * 2,
        className="when-axis",
    )
    return html.Section([title, drawn(view, graph(figure), "when"), axis], className="when")


def _codes(snapshot: Snapshot, view: View) -> list[str]:
    surging = {one.unit for one in snapshot.alerts if one.kind == "surge"}
    units = [unit.code for unit in view.city.units if unit.code in snapshot.hours]
    ordered = sorted(
        units,
        key=lambda code: (code not in surging, -(snapshot.cell(METRIC, code).value or 0), code),
    )
    return ordered[:SHOWN]


def _small(snapshot: Snapshot, view: View, code: str) -> Small:
    cell, is_old = snapshot.cell(METRIC, code), bool(old_words(snapshot, view, code))
    until = cell.as_of if is_old and cell.as_of else snapshot.city_now
    hour = until.astimezone(view.city.tz).hour
    hours = snapshot.hours[code]
    return Small(
        name=view.city.unit_name(code, view.lang),
        hours=_known_until(hours, hour) if is_old else hours,
        running=hour,
        today=cell.value if is_drawn(cell) else None,
        is_old=is_old,
        usual=snapshot.cell(METRIC, code, "usual").value,
        is_warm=any(one.kind == "surge" and one.unit == code for one in snapshot.alerts),
    )


def _known_until(hours: Hours, hour: int) -> Hours:
    """After a unit fell silent nothing is known of its hours: no line at zero."""
    unknown = (None,) * (len(hours.today) - hour - 1)
    return Hours(today=(*hours.today[: hour + 1], *unknown), usual=hours.usual)


def _words(view: View, one: Small) -> str:
    today, usual = number(view.lang, one.today), number(view.lang, one.usual)
    return said(view, "when.label", unit=one.name, today=today, usual=usual)


def table(snapshot: Snapshot, view: View) -> Table:
    """Every unit of the drawing: its sums of today and usual, then hour by hour."""
    shown = _codes(snapshot, view)
    names = (view.city.unit_name(code, view.lang) for code in shown)
    heads = [f"{name} {said(view, key)}" for name in names for key in _TODAY_USUAL]
    sums = [_sum(snapshot, view, code, window) for code in shown for window in _WINDOWS]
    hours = [plain("date", t(view.lang, "when.hour", hour=at)) for at in range(24)]
    rows = [(name, *_at(snapshot, view, shown, at)) for at, name in enumerate(hours)]
    return Table(
        columns=(t(view.lang, "embed.hour"), *heads),
        rows=((t(view.lang, "when.sum"), *sums), *rows),
    )


_TODAY_USUAL, _WINDOWS = ("embed.today", "embed.usual"), ("now", "usual")


def _sum(snapshot: Snapshot, view: View, code: str, window: str) -> Any:
    cell = snapshot.cell(METRIC, code, window)
    return figure_of(view, cell.figure, number(view.lang, cell.value))


def _at(snapshot: Snapshot, view: View, shown: list[str], at: int) -> list[Any]:
    cells = []
    for code in shown:
        hours = snapshot.hours[code]
        for window, amount, digits in (("now", hours.today[at], 0), ("usual", hours.usual[at], 1)):
            words = number(view.lang, amount, digits)
            cells.append(figure_of(view, codes.hour(view, code, hours, at, window), words))
    return cells


PANEL = Panel(id="when", title=Name(zh="何时", en="When"), render=render, table=table)

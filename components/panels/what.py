"""What: today's categories in a ranking, a tick at their usual."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.domain.places import CITY, Name
from centre.metrics.later_counts import share_name
from centre.snapshots.cells import Share, Snapshot
from components import codes
from components.charts.bars import Row, ranking
from components.charts.graph import graph
from components.marks import coverage
from components.marks import figure as figure_of
from components.notes import today_mark
from components.past import count_now
from components.table import Table
from components.text import number, t
from components.twin import drawn
from components.view import Panel, View
from components.words import category_name, old_words, said

SHOWN = 12
WARM_ABOVE, WARM_FROM = 1.5, 30
"""As a surge of a unit: at least 30, and half as much again as usual."""


def render(snapshot: Snapshot, view: View) -> Any:
    """A ranking of the twelve largest."""
    every = snapshot.shares.get(("category", view.key or CITY), ())
    shares = [one for one in every if one.today is not None][:SHOWN]
    is_usual = any(one.usual is not None for one in shares)
    old = old_words(snapshot, view, view.key or CITY)
    note = old or said(view, "what.note" if is_usual else "what.note_no_usual")
    cell = snapshot.cell(codes.RECEIVED, view.key or CITY)
    noted = today_mark(snapshot, view, view.key)
    heading = [t(view.lang, "what.title"), " ", coverage(cell, view), noted]
    title = html.H3([*heading, html.Span(note, className="note")])
    if not shares:
        words = said(view, "age_note.missing" if every else "what.none")
        none = html.P(words, className="quiet-note")
        return html.Section([title, none], className="what")
    rows = [_row(view, one) for one in shares]
    words = t(view.lang, "mark.semicolon").join(_words(view, row) for row in rows)
    figure = ranking(rows, surface=view.surface, words=words, width=544, is_old=bool(old))
    drawing = graph(figure, class_name=f"rows-{len(rows)}")
    return html.Section([title, drawn(view, drawing, "what", view.key)], className="what")


def _row(view: View, one: Share) -> Row:
    today = one.today or 0.0  # what nobody said is not among the rows
    is_warm = one.usual is not None and today >= WARM_FROM and today > WARM_ABOVE * one.usual
    return Row(name=category_name(view, one.key), value=today, usual=one.usual, is_warm=is_warm)


def _words(view: View, row: Row) -> str:
    today, usual = number(view.lang, row.value), number(view.lang, row.usual)
    return t(view.lang, "what.label", name=row.name, today=today, usual=usual)


def table(snapshot: Snapshot, view: View) -> Table:
    """Every category with today and usual."""
    columns = (t(view.lang, "what.title"), said(view, "chart.today"), t(view.lang, "chart.usual"))
    shares = snapshot.shares.get(("category", view.key or CITY), ())
    rows = tuple(
        (
            category_name(view, one.key),
            _today(view, one),
            figure_of(view, _id(view, one, "usual"), number(view.lang, one.usual)),
        )
        for one in shares
    )
    return Table(columns=columns, rows=rows)


def _today(view: View, one: Share) -> Any:
    shown = figure_of(view, _id(view, one, "now"), number(view.lang, one.today))
    changed = count_now(view, share_name("category", one.key), view.key or CITY, one.today)
    return [shown, changed] if changed else shown


def _id(view: View, one: Share, window: str) -> str:
    return codes.share(view, "category", view.key, one, window)


PANEL = Panel(id="what", title=Name(zh="何事", en="What"), render=render, table=table)

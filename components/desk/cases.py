"""The list of cases: its table, its pages, and what is said when it is empty."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dash import dcc, html

from centre.domain.periods import local_day
from centre.domain.records import Case
from components.desk import links, states
from components.desk.clock import drawn, stage
from components.desk.filter_bar import actions, chips, label_of, value_of
from components.desk.filters import Filters
from components.desk.paging import Sheet
from components.desk.ranks import key_name
from components.desk.table import Column, table
from components.marks import plain
from components.tags import aria
from components.text import DASH, moment, number, t
from components.view import View

COLUMNS = (
    "key",
    "title",
    "unit",
    "street",
    "handler",
    "channel",
    "received_at",
    "due_at",
    "stage",
    "limit",
)


def results(view: View, filters: Filters, shown: Sheet, now: datetime) -> Any:
    """The table with what stands above and below it."""
    lang = view.lang
    head = html.Div(
        [
            html.H2(t(lang, "cases.found")),
            plain("list", total_words(lang, shown), class_name="note"),
            chips(view, filters),
            actions(view, export_url(filters, lang)),
        ],
        className="box-head",
    )
    body = case_table(view, shown.rows, now) if shown.rows else _empty(view, filters)
    return html.Section([head, body, _pager(view, filters, shown)], className="box case-list")


def total_words(lang: str, shown: Sheet) -> str:
    """第 51–100 件，共 38,460 件."""
    total = number(lang, shown.total)
    key = "cases.more_than" if shown.is_capped else "cases.total"
    whole = t(lang, key, total=total)
    if not shown.rows:
        return whole
    last = shown.first + len(shown.rows) - 1
    span = t(lang, "cases.span", first=number(lang, shown.first), last=number(lang, last))
    return f"{span}{t(lang, 'mark.comma')}{whole}"


def export_url(filters: Filters, lang: str) -> str:
    """The whole list as a file."""
    url = filters.first_page("/export/cases.csv", limit=None)
    return f"{url}{'&' if '?' in url else '?'}lang={lang}"


def case_table(view: View, rows: tuple[Case, ...], now: datetime, *, spare: bool = False) -> Any:
    """Cases in rows; `spare`: without what the page around it says already."""
    names = [name for name in COLUMNS if not (spare and name in ("unit", "channel"))]
    columns = [
        Column(words=t(view.lang, f"column.{name}"), class_name=_CSS.get(name, ""))
        for name in names
    ]
    cells = [[_CELLS[name](view, one, now) for name in names] for one in rows]
    return table(columns, cells, caption=t(view.lang, "cases.caption"), class_name="cases")


_CSS = {"title": "wide", "received_at": "num", "due_at": "num spare"} | dict.fromkeys(
    ("unit", "street", "handler", "channel", "stage"), "spare"
)  # spare: not on a telephone, where the clock comes first


def when(view: View, instant: datetime | None, now: datetime) -> str:
    """A time of the city, with its day when that is not today."""
    if instant is None:
        return DASH
    zone = view.city.tz
    return moment(view.lang, instant, zone, local_day(now, zone))


def _named(dim: str) -> Any:
    def cell(view: View, one: Case, _now: datetime) -> str:
        value = getattr(one, dim)
        return DASH if value is None else key_name(view, dim, value, one.unit)

    return cell


_CELLS: dict[str, Any] = {
    "key": lambda view, one, now: dcc.Link(plain("id", one.key), href=links.case(one)),
    "title": lambda view, one, now: plain(
        "text", one.title or key_name(view, "category", one.category or "")
    ),
    "unit": lambda view, one, now: dcc.Link(
        view.city.unit_name(one.unit, view.lang), href=links.district(one.unit)
    ),
    "street": _named("street"),
    "handler": _named("handler"),
    "channel": _named("channel"),
    "received_at": lambda view, one, now: when(view, one.received_at, now),
    "due_at": lambda view, one, now: when(view, one.due_at, now),
    "stage": lambda view, one, now: t(view.lang, f"stage.{stage(one, now)}"),
    "limit": lambda view, one, now: drawn(one, now, view.city, view.lang),
}


def _pager(view: View, filters: Filters, shown: Sheet) -> Any:
    lang = view.lang
    if not (shown.earlier or shown.later or filters.cursor or filters.before):
        return None
    first = filters.first_page() if filters.cursor or filters.before else None
    return html.Nav(
        [
            states.go(t(lang, "cases.first_page"), first, "page-link"),
            states.go(t(lang, "cases.earlier"), shown.earlier, "page-link"),
            states.go(t(lang, "cases.later"), shown.later, "page-link"),
        ],
        className="pager",
        **aria(label=t(lang, "cases.pages")),
    )


def _empty(view: View, filters: Filters) -> Any:
    """Which filters hide everything, each with a way to take it away, and all at once."""
    lang = view.lang
    if not filters.active:
        return states.empty(lang, "cases.none_at_all")
    away = [
        html.Li(dcc.Link(_without(view, filters, name), href=filters.without(name)))
        for name in filters.active
    ]
    clear = dcc.Link(t(lang, "cases.clear_all"), href="/cases")
    return states.empty(lang, "cases.none", html.Ul(away), clear)


def _without(view: View, filters: Filters, name: str) -> str:
    said = f"{label_of(view, name)} {value_of(view, filters, name, getattr(filters, name))}"
    return t(view.lang, "cases.take_away", filter=said)


def bad_page(view: View, filters: Filters, problem: str) -> Any:
    """The store could not read the query; a way back to its beginning."""
    again = dcc.Link(t(view.lang, "cases.first_page"), href=filters.first_page())
    return html.Section(
        states.empty(view.lang, "cases.bad_page", html.P(problem), again), className="box"
    )

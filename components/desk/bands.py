"""Open cases of a unit in bands by their clock: each with its count and its first cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dash import dcc, html
from sqlalchemy import Connection

from centre.domain.records import Case
from centre.domain.scope import Scope
from centre.store import queries
from components.desk import links, states
from components.desk.clock import drawn
from components.desk.filters import Filters, query
from components.desk.ranks import key_name
from components.desk.table import Column, table
from components.marks import plain
from components.text import number, t
from components.view import View
from components.words import said

BANDS = ("overdue", "due_today", "due_soon", "due_later", "stopped", "undated")
ROWS = 3
"""Cases shown in each band: what lapses today may not be hidden by what has lapsed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Open cases of one band of the clock: how many, and the first of them."""

    status: str
    total: int
    rows: tuple[Case, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where and when is read."""

    conn: Connection
    view: View
    code: str
    now: datetime
    scope: Scope


def bands(place: Place) -> tuple[Band, ...]:
    """The bands that hold any case; together all open cases."""
    found = (_band(place, status) for status in BANDS)
    return tuple(one for one in found if one.total)


def _band(place: Place, status: str) -> Band:
    filters = Filters(unit=place.code, status=status, order="due_at")
    asked = replace(query(filters, place.view.city, place.now), limit=ROWS)
    page = queries.slice(place.conn, asked, place.scope, at=place.view.at)
    return Band(status=status, total=page.total, rows=page.rows)


def open_cases(view: View, code: str, known: Sequence[Band], now: datetime) -> Any:
    """Open cases in bands by clock, each with its count and its first cases."""
    lang = view.lang
    every = dcc.Link(t(lang, "district.all_open"), href=links.cases(unit=code, status="open"))
    if not known:
        return states.card(t(lang, "district.open"), states.empty(lang, "district.none_open"))
    columns = [
        Column(words=t(lang, "district.band")),
        *(Column(words=t(lang, f"column.{one}"), class_name=css) for one, css in _COLUMNS),
    ]
    rows = [row for band in known for row in _band_rows(view, code, band, now)]
    drawn_table = table(columns, rows, caption=t(lang, "district.open"), class_name="cases")
    note = plain("list", t(lang, "district.open_note", count=ROWS))
    return states.card(
        t(lang, "district.open"), drawn_table, note=note, link=every, class_name="fits"
    )


_COLUMNS: Sequence[tuple[str, str]] = (
    ("limit", ""),
    ("key", ""),
    ("title", "wide"),
    ("street", ""),
    ("handler", ""),
)


def _band_rows(view: View, code: str, band: Band, now: datetime) -> list[list[Any]]:
    name = said(view, f"status.{band.status}")
    words = t(view.lang, "district.cases", number=number(view.lang, band.total))
    count = plain("list", words)
    link = dcc.Link(
        [html.Span(name, className="band-name"), " ", count],
        href=links.cases(unit=code, status=band.status, order="due_at"),
    )
    leads: list[Any] = [link, *[""] * len(band.rows)]
    return [[lead, *_case(view, one, now)] for lead, one in zip(leads, band.rows, strict=False)]


def _case(view: View, one: Case, now: datetime) -> list[Any]:
    return [
        drawn(one, now, view.city, view.lang),
        dcc.Link(plain("id", one.key), href=links.case(one)),
        plain("text", one.title or key_name(view, "category", one.category or "")),
        key_name(view, "street", one.street or "", one.unit),
        key_name(view, "handler", one.handler or ""),
    ]

"""The page of one unit: its figures beside the city's, streets, open cases by clock, neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dash import dcc, html
from sqlalchemy import Connection

from centre.domain.places import UNASSIGNED
from centre.domain.records import Case
from centre.domain.scope import Scope
from centre.metrics.evaluate import value
from centre.metrics.questions import Question, Value
from centre.metrics.window import window
from centre.snapshots.cells import Snapshot, SourceState
from centre.store import changes, queries
from components import codes
from components.desk import links, ranks, states
from components.desk.clock import drawn
from components.desk.filters import Filters, query
from components.desk.overview import Panels, placer, tiles
from components.desk.ranks import bar, key_name
from components.desk.table import Column, table
from components.marks import figure, plain
from components.text import number, percent, t
from components.view import View
from components.words import said

BANDS = ("overdue", "due_today", "due_soon", "due_later", "undated")
ROWS = 3
"""Cases shown in each band: what lapses today may not be hidden by what has lapsed."""

STREET_METRICS = (
    "appeal.received.count",
    "appeal.backlog.count",
    "appeal.on_time_rate",
    "appeal.resolution_rate",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Open cases of one band of the clock: how many, and the first of them."""

    status: str
    total: int
    rows: tuple[Case, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the store says of a unit."""

    now: datetime
    bands: tuple[Band, ...]
    streets: Mapping[str, Value]
    seq: int  # the change number that it was read at


def find(conn: Connection, view: View, code: str, snapshot: Snapshot, scope: Scope) -> Found:
    """Read what no snapshot carries: streets, and open cases by their clock."""
    now = snapshot.city_now
    place = _Place(conn=conn, view=view, code=code, now=now, scope=scope, sources=snapshot.sources)
    bands = [_band(place, status) for status in BANDS]
    streets = {one: _by_street(place, one) for one in STREET_METRICS}
    seq = view.at or changes.latest(conn)
    known = tuple(one for one in bands if one.total)
    return Found(now=now, bands=known, streets=streets, seq=seq)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where and when is read."""

    conn: Connection
    view: View
    code: str
    now: datetime
    scope: Scope
    sources: Sequence[SourceState]


def _band(place: _Place, status: str) -> Band:
    filters = Filters(unit=place.code, status=status, order="due_at")
    asked = replace(query(filters, place.view.city, place.now), limit=ROWS)
    page = queries.slice(place.conn, asked, place.scope, at=place.view.at)
    return Band(status=status, total=page.total, rows=page.rows)


def _by_street(place: _Place, metric: str) -> Value:
    city, one = place.view.city, place.view.metrics[metric]
    start, end = window(one, place.now, city.tz)
    asked = Question(metric=metric, unit=place.code, start=start, end=end, by="street")
    return value(
        place.conn,
        city,
        asked,
        place.scope,
        place.now,
        sources=place.sources,
        metrics=place.view.metrics,
    )


def district(
    snapshot: Snapshot, view: View, panels: Panels, *, code: str, found: Found | None
) -> Any:
    """The whole page; `found` None: the store could not be read."""
    put = placer(snapshot, view, panels)
    lang = view.lang
    return [
        tiles(snapshot, view, panels, code),
        html.Div(
            [
                html.Div(
                    [
                        states.card(
                            t(lang, "trend.title"),
                            put("desk_flow", code),
                            note=said(view, "trend.note"),
                        ),
                        _open(view, code, found) if found else states.broken(lang),
                    ],
                    className="stack",
                ),
                html.Div(
                    [
                        states.card(
                            t(lang, "ranks.category"),
                            put("desk_ranks", f"category~{code}"),
                            note=ranks.note(snapshot, lang),
                        ),
                        _source(snapshot, view, panels, code),
                        _neighbours(view, code),
                    ],
                    className="stack",
                ),
            ],
            className="row two",
        ),
        html.Div(
            [
                _streets(snapshot, view, code, found) if found else None,
                states.card(
                    t(lang, "ranks.channel"),
                    put("desk_ranks", f"channel~{code}"),
                    note=ranks.note(snapshot, lang),
                ),
            ],
            className="row two",
        ),
    ]


def _open(view: View, code: str, found: Found) -> Any:
    """Open cases in bands by clock, each with its count and its first cases."""
    lang = view.lang
    every = dcc.Link(t(lang, "district.all_open"), href=links.cases(unit=code, status="open"))
    if not found.bands:
        return states.card(t(lang, "district.open"), states.empty(lang, "district.none_open"))
    columns = [
        Column(words=t(lang, "district.band")),
        *(Column(words=t(lang, f"column.{one}"), class_name=css) for one, css in _COLUMNS),
    ]
    rows = [row for band in found.bands for row in _band_rows(view, code, band, found.now)]
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


def _streets(snapshot: Snapshot, view: View, code: str, found: Found) -> Any:
    lang = view.lang
    by = {metric: _Streets(one) for metric, one in found.streets.items()}
    received = by["appeal.received.count"]
    keys = sorted(
        {key for streets in by.values() for key in streets.groups},
        key=lambda key: (key == UNASSIGNED, -(received.amount(key) or 0.0), key),
    )
    if not keys:
        return states.card(t(lang, "district.streets"), states.empty(lang, "district.no_streets"))
    top = max((received.amount(key) or 0.0 for key in keys), default=0.0) or 1.0
    place = _Shown(view=view, code=code, seq=found.seq, by=by)
    rows = [_street(place, key, top) for key in keys]
    columns = [
        Column(words=t(lang, "field.street")),
        Column(words="", class_name="bar-cell"),
        *(Column(words=said(view, f"units.{one}"), is_number=True) for one in _STREET_WORDS),
    ]
    drawn_table = table(columns, rows, caption=t(lang, "district.streets"))
    return states.card(
        t(lang, "district.streets"), drawn_table, note=said(view, "district.streets_note")
    )


_STREET_WORDS = ("received", "open", "on_time", "resolution")


class _Streets:
    """A metric by the streets of a unit."""

    def __init__(self, found: Value) -> None:
        self.groups = {one.key: one for one in found.groups}
        self._is_there = found.num is not None

    def amount(self, key: str) -> float | None:
        """A street that a count does not name has had none; unknown where the unit is silent."""
        if not self._is_there:
            return None
        return (self.groups[key].num or 0.0) if key in self.groups else 0.0

    def rate(self, key: str) -> float | None:
        """Its value; None where nothing was counted."""
        return self.groups[key].value if key in self.groups else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """The streets of a unit, as they were read."""

    view: View
    code: str
    seq: int
    by: Mapping[str, _Streets]

    def told(self, metric: str, key: str, words: str) -> Any:
        """A number of a street with its code."""
        id_ = codes.group(self.view, metric, self.code, by="street", key=key, seq=self.seq)
        return figure(self.view, id_, words)


def _street(place: _Shown, key: str, top: float) -> list[Any]:
    view, (received, backlog, *rates) = place.view, STREET_METRICS
    counts = {one: place.by[one].amount(key) for one in (received, backlog)}
    return [
        dcc.Link(
            key_name(view, "street", key, place.code),
            href=links.cases(unit=place.code, street=key),
        ),
        bar(counts[received], None, top),
        *(place.told(one, key, number(view.lang, amount)) for one, amount in counts.items()),
        *(place.told(one, key, percent(view.lang, place.by[one].rate(key))) for one in rates),
    ]


def _source(snapshot: Snapshot, view: View, panels: Panels, code: str) -> Any:
    put = placer(snapshot, view, panels)
    if snapshot.source(code) is None:
        return None
    return states.card(t(view.lang, "district.source"), put("desk_source", code))


def _neighbours(view: View, code: str) -> Any:
    unit = view.city.by_code.get(code)
    if unit is None or not unit.neighbours:
        return None
    named = [
        html.Li(dcc.Link(view.city.unit_name(one, view.lang), href=links.district(one)))
        for one in unit.neighbours
    ]
    return states.card(t(view.lang, "district.neighbours"), html.Ul(named, className="inline"))

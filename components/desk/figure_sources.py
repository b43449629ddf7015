"""The sources of a figure with their three clocks, and who changed what is known last."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dash import dcc, html

from centre.domain.periods import local_day
from centre.snapshots.cells import SourceState
from components import codes
from components.desk import links, states
from components.desk.provenance import Provenance
from components.desk.source_rows import name as source_name
from components.desk.source_rows import state
from components.desk.table import Column, table
from components.marks import figure, plain
from components.text import DASH, moment, number, t
from components.view import View

COUNTS = ("sent", "stored", "duplicate", "rejected")


def sources(view: View, found: Provenance) -> Any:
    """Each source as it was then: clocks, adapter, version of its map, contact, counts."""
    lang, title = view.lang, t(view.lang, "figure.sources")
    if not found.sources:
        return states.card(title, html.P(t(lang, "figure.no_sources"), className="told-line"))
    columns = [
        Column(words=t(lang, "sources.name")),
        Column(words=t(lang, "sources.state")),
        Column(words=t(lang, "figure.event_at"), is_number=True),
        Column(words=t(lang, "figure.as_of"), is_number=True),
        Column(words=t(lang, "figure.received_at"), is_number=True),
        Column(words=t(lang, "figure.map"), class_name="spare"),
        Column(words=t(lang, "sources.contact"), class_name="spare"),
        *(Column(words=t(lang, f"sources.{one}"), is_number=True) for one in COUNTS),
    ]
    rows = [_row(view, found, one) for one in found.sources]
    note = plain("list", t(lang, "figure.count_sources", count=len(rows)))
    drawn = table(columns, rows, caption=title, class_name="sources")
    return states.card(title, drawn, note=note, class_name="fits")


def _row(view: View, found: Provenance, one: SourceState) -> list[Any]:
    times = (one.event_at, one.as_of, one.received_at)
    return [
        dcc.Link(plain("id", source_name(view, one)), href=links.source(one.id)),
        state(view.lang, one),
        *(when(view, found, at) for at in times),
        plain("code", f"{one.adapter} {one.map or DASH}", class_name="mono"),
        plain("id", one.contact or DASH),
        *(_count(view, found, one, count) for count in COUNTS),
    ]


def _count(view: View, found: Provenance, one: SourceState, count: str) -> Any:
    """Of a source that is seen as it was a moment before, the number is of that moment."""
    is_its = found.asked.query.get("source") == one.id and found.asked.query.get("count") == count
    id_ = str(found.code) if is_its else codes.count(one, count)
    words = number(view.lang, getattr(one, count))
    shown = figure(view, id_, words)
    if count == "rejected" and one.rejected:
        return dcc.Link(figure(view, id_, words, is_link=False), href=links.source(one.id))
    return shown


def when(view: View, found: Provenance, at: datetime | None) -> Any:
    """10:28, or with its day where that was another one."""
    if at is None:
        return DASH
    zone = view.city.tz
    words = moment(view.lang, at, zone, local_day(found.moment.now, zone))
    return html.Time(plain("date", words), title=at.astimezone(zone).isoformat(" ", "seconds"))


def handed(view: View, found: Provenance) -> Any:
    """The last deliveries until then that changed what is known."""
    lang, title = view.lang, t(view.lang, "figure.changes")
    if not found.handed:
        return states.card(title, html.P(t(lang, "figure.no_changes"), className="told-line"))
    named = {one.id: source_name(view, one) for one in found.sources}
    columns = [
        Column(words=t(lang, "figure.change"), is_number=True),
        Column(words=t(lang, "figure.received_at"), is_number=True),
        Column(words=t(lang, "figure.who")),
        *(Column(words=t(lang, f"sources.{one}"), is_number=True) for one in COUNTS),
    ]
    rows = [
        [
            plain("code", str(one.change)),
            when(view, found, one.at),
            dcc.Link(plain("id", named.get(one.source, one.source)), href=links.source(one.source)),
            *(plain("list", number(lang, getattr(one, count))) for count in COUNTS),
        ]
        for one in found.handed
    ]
    drawn = table(columns, rows, caption=title)
    return states.card(title, drawn, note=t(lang, "figure.newest_first"), class_name="fits")

"""The head of the desk: who is online, who is missing, demo or historical data, the clock."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from centre.domain.places import CITY
from centre.snapshots.cells import Snapshot
from components import codes
from components.covered import lacking
from components.historic import until
from components.lead_alerts import silent
from components.marks import demo, figure, mark, plain, status
from components.rich import rich
from components.tags import data
from components.text import clock, number, t
from components.view import View
from components.words import filled, missing_names

NAMED = 2
"""Silent centres named in the head; the sources page names them all."""


def head(snapshot: Snapshot, view: View) -> Any:
    """One line, right of the breadcrumb."""
    parts = [
        _filling(snapshot, view),
        _coverage(snapshot, view),
        demo(view.lang) if snapshot.synthetic else None,
        _time(snapshot, view),
    ]
    return html.Div([part for part in parts if part is not None], className="desk-head")


def _filling(snapshot: Snapshot, view: View) -> Any:
    if snapshot.filled_days >= snapshot.total_days:
        return None
    bar = html.Progress(value=str(snapshot.filled_days), max=str(snapshot.total_days))
    return html.Span([filled(snapshot, view.lang, "filling.short"), bar], className="filling")


def _coverage(snapshot: Snapshot, view: View) -> Any:
    """◐ 全市 21/22，缺大邑县; leads to the sources."""
    if snapshot.seq == 0:
        return status("none", t(view.lang, "app.starting"))
    expected, gone = len(view.city.centres), silent_centres(snapshot, view)
    counted = t(view.lang, "desk.coverage", present=expected - len(gone), expected=expected)
    words = plain("list", counted)
    if not gone:
        return dcc.Link([mark("good"), words], href="/sources", className="head-coverage")
    cell = snapshot.cell("appeal.received.count", CITY)
    missing = lacking(view, cell, cell.figure, NAMED) if cell.present else []
    missing = missing or rich(view.lang, "desk.lacking", names=missing_names(view, gone, NAMED))
    shown: list[Any] = [mark("down", "watch"), words, html.B(missing, className="watch")]
    return dcc.Link(shown, href="/sources", className="head-coverage")


def silent_centres(snapshot: Snapshot, view: View) -> tuple[str, ...]:
    """Codes of the centres that are down."""
    centres = {unit.code for unit in view.city.centres}
    return tuple(one.unit for one in silent(snapshot) if one.unit in centres)


def _time(snapshot: Snapshot, view: View) -> Any:
    if snapshot.clock == "latest":
        return until(snapshot, view)
    return html.Time(
        clock(snapshot.city_now, view.city.tz), className="clock", **data(clock="minute")
    )


def count(snapshot: Snapshot, view: View) -> Any:
    """A number of the navigation, by the view's key: units, open, metrics, sources."""
    return _COUNTS[view.key](snapshot, view) if view.key in _COUNTS else ""


def _open(snapshot: Snapshot, view: View) -> Any:
    total = snapshot.dues.get(CITY)
    if total is None:
        return ""
    id_ = codes.due(CITY, total, "open")
    return figure(view, id_, number(view.lang, total.open), is_link=False)


def _sources(snapshot: Snapshot, view: View) -> Any:
    there = [one for one in snapshot.sources if one.state in ("live", "late")]
    return plain("list", f"{len(there)}/{len(snapshot.sources)}") if snapshot.sources else ""


def is_count(_snapshot: Snapshot, view: View) -> bool:
    """Whether the view's key names a count."""
    return view.key in _COUNTS


_COUNTS = {
    "units": lambda _snapshot, view: plain("list", number(view.lang, len(view.city.centres))),
    "open": _open,
    "metrics": lambda _snapshot, view: plain("list", number(view.lang, len(view.metrics))),
    "sources": _sources,
}

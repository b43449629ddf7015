"""The page of one unit: its figures beside the city's, streets, open cases by clock, neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dash import dcc, html
from sqlalchemy import Connection

from centre.domain.places import UNASSIGNED
from centre.domain.scope import Scope
from centre.metrics.evaluate import value
from centre.metrics.forecast import Forecast, of_unit
from centre.metrics.questions import Question, Value
from centre.metrics.window import window
from centre.snapshots.cells import Snapshot, SourceState
from centre.store import changes
from components import codes
from components.desk import forecast, links, states
from components.desk.bands import Band, Place, bands, open_cases
from components.desk.drill import Drill
from components.desk.overview import Panels, placer, ranked, tiles
from components.desk.ranks import bar, key_name
from components.desk.table import Column, table
from components.marks import figure
from components.rich import rich
from components.text import number, percent, t
from components.view import View
from components.words import said

STREET_METRICS = (
    "appeal.received.count",
    "appeal.backlog.count",
    "appeal.on_time_rate",
    "appeal.resolution_rate",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the store says of a unit."""

    now: datetime
    bands: tuple[Band, ...]
    streets: Mapping[str, Value]
    ahead: Forecast
    seq: int  # the change number that it was read at


def find(conn: Connection, view: View, code: str, snapshot: Snapshot, scope: Scope) -> Found:
    """Read what no snapshot carries: streets, and open cases by their clock."""
    now = snapshot.city_now
    place = Place(conn=conn, view=view, code=code, now=now, scope=scope)
    return Found(
        now=now,
        bands=bands(place),
        streets={one: _by_street(place, one, snapshot.sources) for one in STREET_METRICS},
        ahead=of_unit(conn, view.city, code, now, scope, at=snapshot.seq),
        seq=view.at or changes.latest(conn),
    )


def _by_street(place: Place, metric: str, sources: Sequence[SourceState]) -> Value:
    city, one = place.view.city, place.view.metrics[metric]
    start, end = window(one, place.now, city.tz)
    asked = Question(metric=metric, unit=place.code, start=start, end=end, by="street")
    return value(
        place.conn,
        city,
        asked,
        place.scope,
        place.now,
        sources=sources,
        metrics=place.view.metrics,
        at=place.view.at,
    )


def district(
    snapshot: Snapshot, view: View, panels: Panels, *, code: str, found: Found | None
) -> Any:
    """The whole page; `found` None: the store could not be read."""
    put = placer(snapshot, view, panels)
    flow = states.card(
        t(view.lang, "trend.title"), put("desk_flow", code), note=said(view, "trend.note")
    )
    held = open_cases(view, code, found.bands, found.now) if found else states.broken(view.lang)
    beside = [
        ranked(snapshot, view, panels, "category", code),
        forecast.card(snapshot, view, code, found.ahead) if found else None,
        _source(snapshot, view, panels, code),
        _neighbours(view, code),
    ]
    last = [
        _streets(view, code, found) if found else None,
        ranked(snapshot, view, panels, "channel", code),
    ]
    return [
        tiles(snapshot, view, panels, code),
        states.columns([flow, held], beside, class_name="two"),
        html.Div(last, className="row two"),
    ]


def _streets(view: View, code: str, found: Found) -> Any:
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
    by_street = Drill(metric=view.metrics[STREET_METRICS[0]], unit=code, by="street")
    return states.card(
        t(lang, "district.streets"),
        drawn_table,
        note=said(view, "district.streets_note"),
        link=dcc.Link(t(lang, "drill.open"), href=by_street.url),
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

    def name(self, key: str) -> Any:
        """The street, or 未分配 with how many of today's cases name none."""
        received = STREET_METRICS[0]
        if key != UNASSIGNED:
            return key_name(self.view, "street", key, self.code)
        id_ = codes.group(self.view, received, self.code, by="street", key=key, seq=self.seq)
        amount = number(self.view.lang, self.by[received].amount(key))
        shown = figure(self.view, id_, amount, is_link=False)
        return rich(self.view.lang, "drill.unassigned", number=shown)

    def opened(self, key: str) -> str:
        """The next level of the drill-down."""
        here = Drill(metric=self.view.metrics[STREET_METRICS[0]], unit=self.code)
        below = here.narrowed("street", key) or here
        return replace(below, by=below.next_by(self.view.city) or "").url

    def told(self, metric: str, key: str, words: str) -> Any:
        """A number of a street with its code."""
        id_ = codes.group(self.view, metric, self.code, by="street", key=key, seq=self.seq)
        return figure(self.view, id_, words)


def _street(place: _Shown, key: str, top: float) -> list[Any]:
    view, (received, backlog, *rates) = place.view, STREET_METRICS
    counts = {one: place.by[one].amount(key) for one in (received, backlog)}
    return [
        dcc.Link(place.name(key), href=place.opened(key)),
        bar(counts[received], None, top),
        *(place.told(one, key, number(view.lang, amount)) for one, amount in counts.items()),
        *(place.told(one, key, percent(view.lang, place.by[one].rate(key))) for one in rates),
    ]


def _source(snapshot: Snapshot, view: View, panels: Panels, code: str) -> Any:
    if snapshot.source(code) is None:
        return None
    put = placer(snapshot, view, panels)
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

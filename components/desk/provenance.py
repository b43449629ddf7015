"""All that stands behind one figure: what a click on it, or its code typed at the desk, opens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from centre.domain.notes import Note, is_shown
from centre.domain.periods import day_start
from centre.domain.places import CITY, UNASSIGNED
from centre.domain.scope import Scope
from centre.metrics.asked import Asked
from centre.metrics.asking import Asking, Moment, Recalled
from centre.metrics.found import Finder, Found
from centre.metrics.metric import Metric
from centre.metrics.noted import Noted
from centre.metrics.recall import recall
from centre.metrics.sums import reads_cases
from centre.snapshots.cells import Snapshot, SourceState
from centre.snapshots.figures import FigureCode
from centre.store import queries
from centre.store.queries.deliveries import Handed, deliveries
from components.desk.behind import Listed, listed
from components.desk.filters import query as case_query
from components.view import View

HANDED = 6
"""Deliveries that are named as the last changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A list of cases and how many stand in it; `is_capped`: there are more than `count`."""

    listed: Listed
    href: str
    count: int
    is_capped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """A figure at its moment. `metric` None: open cases by clock, or rows of a source."""

    code: FigureCode
    asked: Asked
    metric: Metric | None
    moment: Moment
    then: Recalled
    today: Recalled  # the same question by what the screens know now
    sources: tuple[SourceState, ...]  # as they were then
    handed: tuple[Handed, ...]  # newest first
    behind: tuple[Behind, ...]
    notes: tuple[Note, ...]  # what people know about the data it is made of

    @property
    def is_reported(self) -> bool:
        """Whether sources deliver the figure (上报) instead of the cases it is made of (核算)."""
        return self.metric is not None and not reads_cases(self.metric)

    @property
    def origin(self) -> str:
        """ "computed" from cases, "reported" by sources, or rows "counted" as they came."""
        if "source" in self.asked.query or "ledger" in self.asked.query:
            return "counted"
        return "reported" if self.is_reported else "computed"

    @property
    def has_changed(self) -> bool:
        """Whether later data changed it."""
        return (self.then.num, self.then.den) != (self.today.num, self.today.den)


def find(
    conn: Connection,
    view: View,
    latest: Snapshot,
    code: FigureCode,
    scope: Scope,
    *,
    noted: Mapping[str, Any] | None = None,
) -> Provenance | None:
    """What stands behind a figure; None for an id that nothing was ever shown under.

    `latest`: what the screens show now; `noted`: the question, where it is not stored yet. Raise
    CannotAnswer where the asker may not see it.
    """
    found = Finder(
        conn=conn,
        city=view.city,
        metrics=view.metrics,
        latest=latest,
        scope=scope,
        noted=lambda _: noted,
    ).find(code)
    return None if found is None else _behind_it(found, latest)


def _behind_it(found: Found, latest: Snapshot) -> Provenance:
    asking, asked, then, code = found.asking, found.asked, found.then, found.code
    metric = asking.metric(asked) if asked.metric else None
    is_last = latest.seq <= code.seq
    sources = _sources(asking, asked, metric)
    return Provenance(
        code=code,
        asked=asked,
        metric=metric,
        moment=asking.moment,
        then=then,
        today=then if is_last else recall(asking.known_at(latest.seq), asked),
        sources=sources,
        handed=deliveries(asking.conn, [one.id for one in sources], code.seq, HANDED),
        behind=tuple(_behind(asking, listed(asked, metric, then, asking.city))),
        notes=_notes(asking, asked, then, latest),
    )


def _sources(asking: Asking, asked: Asked, metric: Metric | None) -> tuple[SourceState, ...]:
    """Those that the figure is made of, that may be seen."""
    known = [one for one in asking.moment.sources if asking.scope.allows_source(one.unit)]
    if "source" in asked.query:
        return tuple(one for one in known if one.id == asked.query["source"])
    if metric is not None and not reads_cases(metric):
        what = metric.num or metric.series or ""
        givers = queries.deliverers(asking.conn, what, at=asking.moment.at)
        return tuple(one for one in known if one.id in givers)
    if asked.unit in (CITY, UNASSIGNED):
        return tuple(known)
    own = tuple(one for one in known if one.unit == asked.unit)
    return own or tuple(one for one in known if one.unit is None)


def _behind(asking: Asking, lists: Iterable[Listed]) -> Iterable[Behind]:
    for one in lists:
        now = asking.moment.now
        asked = replace(case_query(one.filters, asking.city, now), limit=1)
        page = queries.slice(asking.conn, asked, asking.scope, at=asking.moment.at)
        today = queries.slice(asking.conn, asked, asking.scope)
        href = one.filters.url()
        if today.total != page.total:  # the list of then, not of what is known now
            href = f"{href}&at={asking.moment.seq}"
        yield Behind(listed=one, href=href, count=page.total, is_capped=page.is_capped)


def _notes(asking: Asking, asked: Asked, then: Recalled, latest: Snapshot) -> tuple[Note, ...]:
    """What is known by now, of the figure's own unit, day and hour."""
    end = then.end or asking.moment.now
    start = then.start or end - timedelta(microseconds=1)
    by, key = asked.query.get("by"), asked.query.get("key")
    if by == "day" and key:
        day = date.fromisoformat(key)
        days = (day_start(one, asking.city.tz) for one in (day, day + timedelta(days=1)))
        start, end = max(start, next(days)), min(end, next(days))
    known = Noted(
        notes=tuple(one for one in latest.notes if is_shown(one, asking.scope)),
        city=asking.city,
        units_of={one.id: one.unit for one in asking.moment.sources},
    )
    return known.on(key if by == "unit" and key else asked.unit, start, end)

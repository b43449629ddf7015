"""Figure ids of the numbers that a snapshot shows: the code under each, made in one place.

A cell carries its own. The other numbers have the seq since which they stand as they are shown.
"""

from __future__ import annotations

from datetime import date

from centre.domain.places import CITY
from centre.snapshots.cells import Due, Hours, Series, Share, SourceState
from centre.snapshots.figures import (
    count_query,
    due_query,
    figure_id,
    group_query,
    hour_query,
    ledger_query,
    point_query,
    share_query,
)
from components.view import View

RECEIVED = "appeal.received.count"
"""What the hours and the shares of a snapshot count."""

NO_VERSION = 0
"""Of a question about what is not a metric: open cases by clock, rows of a source."""


def point(view: View, metric: str, unit: str, series: Series, day: date) -> str:
    """One day of a line."""
    version = series.version_on(day) or view.metrics[metric].version
    return figure_id(point_query(metric, unit or CITY, day), version, series.seq)


def hour(view: View, unit: str, hours: Hours, number: int, window: str = "now") -> str:
    """Received in one local hour 0..23, today ("now") or usually ("usual")."""
    query = hour_query(RECEIVED, unit or CITY, number, window)
    return figure_id(query, view.metrics[RECEIVED].version, hours.seq)


def share(view: View, dim: str, unit: str, one: Share, window: str = "now") -> str:
    """Received today of one category or channel, or usually to this minute ("usual")."""
    query = share_query(RECEIVED, unit or CITY, dim, one.key, window)
    return figure_id(query, view.metrics[RECEIVED].version, one.seq)


def due(unit: str, one: Due, clock: str) -> str:
    """Open cases: "open", "lapses_today" or "overdue"."""
    return figure_id(due_query(unit or CITY, clock), NO_VERSION, one.seq)


def count(one: SourceState, what: str) -> str:
    """Rows of a source: "sent", "stored", "duplicate" or "rejected"."""
    return figure_id(count_query(one.id, what), NO_VERSION, one.seq)


def ledger(
    seq: int,
    name: str,
    *,
    source: str | None = None,
    unit: str | None = None,
    day: date | None = None,
) -> str:
    """How a source, a unit or the city delivers; "" where nothing is published yet."""
    query = ledger_query(name, source=source, unit=unit, day=day)
    return figure_id(query, NO_VERSION, seq) if seq else ""


def group(view: View, metric: str, unit: str, *, by: str, key: str, seq: int) -> str:
    """One row of a breakdown over the metric's own window, read at a seq."""
    return figure_id(group_query(metric, unit or CITY, by, key), view.metrics[metric].version, seq)

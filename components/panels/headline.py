"""One metric as a card: `key` is a metric id, or "unit~metric" for a unit."""

from __future__ import annotations

from typing import Any

from centre.domain.places import CITY, Name
from centre.snapshots.cells import Snapshot
from components.cards import card
from components.keys import is_figure
from components.table import Table
from components.text import t
from components.view import Panel, View
from components.words import plain


def address(key: str) -> tuple[str, str]:
    """(unit, metric id) of a key."""
    unit, tilde, metric = key.partition("~")
    return (unit, metric) if tilde else (CITY, key)


def render(snapshot: Snapshot, view: View) -> Any:
    """The card. Raises KeyError for a metric that is not there."""
    unit, metric = address(view.key)
    return card(snapshot, view, view.metrics[metric], unit)


def table(snapshot: Snapshot, view: View) -> Table:
    """The 30 days behind the line."""
    unit, key = address(view.key)
    metric = view.metrics[key]
    series = snapshot.series.get((key, unit))
    columns = (t(view.lang, "embed.day"), metric.name.of(view.lang))
    if series is None:
        return Table(columns=columns, rows=())
    days = (
        series.first.fromordinal(series.first.toordinal() + at) for at in range(len(series.num))
    )
    rows = tuple(
        (day.isoformat(), plain(metric, one, view.lang))
        for day, one in zip(days, series.values, strict=True)
    )
    return Table(columns=columns, rows=rows)


PANEL = Panel(
    id="headline",
    title=Name(zh="指标", en="Figure"),
    render=render,
    table=table,
    embeddable=True,
    takes=is_figure,
)

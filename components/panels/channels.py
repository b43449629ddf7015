"""Six further figures of appeals in one row."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.domain.places import CITY, Name
from centre.domain.status import Freshness
from centre.metrics.metric import Metric, Shape
from centre.snapshots.cells import Snapshot
from components.cards import age_status, having_data, value
from components.changes import short_change
from components.marks import coverage, plain
from components.notes import note_mark
from components.panels import headlines
from components.panels.by_channel import shares_of
from components.tags import data
from components.text import t
from components.view import Panel, View
from components.words import days_of_rates, is_drawn, published_words, said

SHOWN = (
    "appeal.mailbox.count",
    "channel.12345.calls",
    "channel.12345.connect_rate",
    "channel.mobile.count",
    "appeal.reply_workdays.mean",
    "appeal.direct_answer_rate",
    # where the first have no data, as in cities that deliver cases only
    "appeal.closed.count",
    "appeal.overdue_rate",
    "appeal.reopen_rate",
    "appeal.backlog.count",
    "appeal.dispatched.count",
    "appeal.repeat_rate",
    "appeal.on_time_closed_rate",
)
COUNT = 6


def render(snapshot: Snapshot, view: View) -> Any:
    """Name, number, and what the number is over or compares with.

    What stands among the headlines is not said twice; categories take the places that are left.
    """
    above = {one.id for one in having_data(snapshot, view, headlines.SHOWN, headlines.COUNT)}
    ids = tuple(one for one in SHOWN if one not in above)
    shown = figures(snapshot, view, ids, COUNT)
    rest = shares_of(snapshot, view, "category", COUNT - len(shown))
    return html.Section([*shown, *rest], className="channels")


def figures(snapshot: Snapshot, view: View, ids: tuple[str, ...], count: int) -> list[Any]:
    """The first `count` of those metrics that have data."""
    return [_figure(snapshot, view, one) for one in having_data(snapshot, view, ids, count)]


def _figure(snapshot: Snapshot, view: View, metric: Metric) -> Any:
    cell = snapshot.cell(metric.id, CITY)
    days = days_of_rates(snapshot)
    words = said(view, f"channels.{_window(metric)}", days=days)
    window = plain("date", words, class_name="weak")
    return html.Div(
        [
            html.Div(
                [
                    html.B(metric.name.of(view.lang)),
                    coverage(cell, view),
                    note_mark(snapshot, view, metric),
                ],
                className="channel-name",
            ),
            html.Div([value(snapshot, view, cell, metric), window], className="channel-value"),
            html.Div(_note(snapshot, view, metric), className="channel-note"),
        ],
        className=f"channel is-{cell.freshness}",
        **data(state=str(cell.freshness)),
    )


def _window(metric: Metric) -> str:
    if metric.shape is Shape.COUNT:
        return "today"
    return "now" if metric.shape in (Shape.STOCK, Shape.GAUGE) else "last_30"


def _note(snapshot: Snapshot, view: View, metric: Metric) -> list[Any]:
    """The age when the figure is old, else what the city published, else the change."""
    cell = snapshot.cell(metric.id, CITY)
    if cell.withheld:
        return [t(view.lang, "coverage.withheld_short")]
    if cell.value is None and cell.freshness is not Freshness.DOWN:
        return [t(view.lang, "age_note.missing")]
    if not is_drawn(cell):
        return [age_status(snapshot, view, cell)]
    reference = published_words(view, metric, "target.published_short")
    if reference is not None:
        return [reference]
    return short_change(snapshot, view, metric, CITY)


PANEL = Panel(id="channels", title=Name(zh="渠道与办理", en="Channels and work"), render=render)

"""The card of one figure: value, change, target, line, coverage, and its age when not live."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.domain.places import CITY
from centre.domain.status import Freshness
from centre.metrics.metric import Metric, Shape
from centre.snapshots.cells import Cell, Series, Snapshot
from components.ages import ageing
from components.changes import change
from components.charts.spark import bridged, spark
from components.charts.svg import Svg
from components.covered import lacking, withheld
from components.defined import breaks, of_line, spans
from components.desk.clocks import three_clocks
from components.marks import coverage, demo, figure, status
from components.marks import plain as plain_number
from components.notes import note_mark
from components.past import then_now
from components.rich import Words, rich
from components.tags import data
from components.text import age, t
from components.twin import drawn
from components.view import View
from components.words import (
    Split,
    age_of,
    age_words,
    as_of,
    days_of_rates,
    gap_words,
    is_drawn,
    is_filling,
    plain,
    published_words,
    said,
    split,
    target_words,
)

AVERAGED, AVERAGE = "appeal.received.count", "appeal.received.daily_avg"
"""The mean stands beside today's received, which has no target."""

_OF_NOW = (Shape.COUNT, Shape.STOCK, Shape.GAUGE)
"""Their figure is of today or of this moment: what was in force before does not touch it."""


def card(
    snapshot: Snapshot, view: View, metric: Metric, unit: str = CITY, *, has_average: bool = True
) -> Any:
    """One figure with everything that must be known about it.

    `has_average`: today's count has its mean beside it; not where that is a card of its own.
    """
    cell = snapshot.cell(metric.id, unit)
    aside = _aside(snapshot, view, metric, unit)
    if metric.id == AVERAGED and not has_average and cell.freshness is Freshness.LIVE:
        aside = None
    return html.Div(
        [
            html.Div([_name(snapshot, view, metric, unit), aside], className="card-head"),
            html.Div(
                [
                    value(snapshot, view, cell, metric),
                    drawn(
                        view, line(snapshot, view, metric, unit), "headline", f"{unit}~{metric.id}"
                    ),
                ],
                className="card-body",
            ),
            html.Div(
                then_now(view, metric, unit, cell.value) or _notes(snapshot, view, metric, unit),
                className="card-foot",
            ),
        ],
        className=f"card is-{cell.freshness}",
        **data(state=str(cell.freshness), **ageing(snapshot, cell, unit)),
    )


def having_data(snapshot: Snapshot, view: View, ids: tuple[str, ...], count: int) -> list[Metric]:
    """The first `count` metrics of a list that this city has figures for; 0 of 0 is none.

    While history is filled in it is not known what will come: then simply the first. A figure
    that is down keeps its place, for its cell keeps its last value.
    """
    known = [view.metrics[one] for one in ids if one in view.metrics]
    if snapshot.seq == 0 or is_filling(snapshot):
        return known[:count]
    filled = [one for one in known if snapshot.cell(one.id, CITY).value is not None]
    return (filled or known)[:count]


def value(
    snapshot: Snapshot, view: View, cell: Cell, metric: Metric, *, is_link: bool = True
) -> Any:
    """The number, cut at its decimal point; "—" when missing or down. Its title: its clocks."""
    shown = split(metric, cell.value if is_drawn(cell) else None, view.lang)
    clocks = three_clocks(snapshot, view, cell)
    return number_box(view, shown, cell.figure, is_link=is_link, note=clocks)


def number_box(view: View, shown: Split, id_: str, *, is_link: bool = True, note: str = "") -> Any:
    """Integer right, fraction left, on one base line; the unit small."""
    parts = [
        html.Span(shown.integer, className="int"),
        html.Span(shown.fraction, className="frac"),
        html.Span(shown.unit, className="unit"),
    ]
    return figure(view, id_, *parts, class_name="value", is_link=is_link, note=note)


def title(view: View, metric: Metric) -> str:
    """今日受理 for the count of today, else the metric's name."""
    if metric.id != AVERAGED:
        return metric.name.of(view.lang)
    return said(view, "kpi.received")


def line(snapshot: Snapshot, view: View, metric: Metric, unit: str) -> Svg:
    """The 30 days of a figure."""
    cell, series = snapshot.cell(metric.id, unit), snapshot.series.get((metric.id, unit))
    target = view.city.targets.get(metric.id)
    return spark(
        bridged(series) if series else (),
        label=line_words(view, metric, series),
        state=cell.freshness,
        is_partial=0 < cell.present < cell.expected,
        target=target.value if target and metric.is_rate else None,
        cuts=series.cuts if series else (),
    )


def line_words(view: View, metric: Metric, series: Series | None) -> str:
    """The 30 days in words, and where the definition changed within them."""
    name = metric.name.of(view.lang)
    known = [one for one in series.values if one is not None] if series else []
    if not known:
        return t(view.lang, "chart.trend_none", name=name)
    low, high, last = (plain(metric, one, view.lang) for one in (min(known), max(known), known[-1]))
    said = t(view.lang, "chart.trend", name=name, low=low, high=high, last=last)
    cut = breaks(view.lang, series)
    return t(view.lang, "mark.semicolon").join((said, cut)) if cut else said


def age_status(snapshot: Snapshot, view: View, cell: Cell) -> Any:
    """The age of a figure that is not live: a clock face when old, a hatch when gone."""
    shape = "down" if cell.freshness in (Freshness.DOWN, Freshness.MISSING) else "late"
    tone = "watch" if cell.freshness in (Freshness.DOWN, Freshness.LATE) else "unknown"
    if cell.expected > 1 and not cell.present:
        tone = "weak"  # when everything is silent, the sentence on top says it in colour
    return status(shape, [plain_number("date", age_words(snapshot, view, cell))], tone)


def _name(snapshot: Snapshot, view: View, metric: Metric, unit: str) -> Any:
    parts = [
        html.Span(title(view, metric), className="card-name"),
        coverage(snapshot.cell(metric.id, unit), view),
        note_mark(snapshot, view, metric, unit),
    ]
    if snapshot.synthetic and view.surface == "embed":
        parts.append(demo(view.lang))
    return html.Div([part for part in parts if part], className="card-title")


def _aside(snapshot: Snapshot, view: View, metric: Metric, unit: str) -> Any:
    """Right of the name: the age when not live, else the target, else what it compares with."""
    cell = snapshot.cell(metric.id, unit)
    if cell.freshness is not Freshness.LIVE:
        return html.Div(age_status(snapshot, view, cell), className="card-aside")
    return html.Div(_target(snapshot, view, metric, unit, cell), className="card-aside")


def _target(snapshot: Snapshot, view: View, metric: Metric, unit: str, cell: Cell) -> list[Any]:
    if metric.id in view.city.targets and cell.value is not None:
        short = gap_words(snapshot, view, metric, unit)
        met = t(view.lang, "target.met")
        judged = status("watch", short) if short else status("good", met)
        return [target_words(view, metric), judged]
    if metric.is_rate:
        return [html.Span(t(view.lang, "target.none"), className="weak")]
    return _average(snapshot, view, metric, unit)


def _average(snapshot: Snapshot, view: View, metric: Metric, unit: str) -> list[Any]:
    average = view.metrics.get(AVERAGE)
    cell = snapshot.cell(AVERAGE, unit)
    if metric.id != AVERAGED or average is None or cell.value is None:
        return []
    if is_filling(snapshot):
        return []  # of a few days it is no mean of thirty
    return [
        plain_number("date", t(view.lang, "change.average", days=days_of_rates(snapshot, unit))),
        html.B(figure(view, cell.figure, split(average, cell.value, view.lang).integer)),
    ]


def _notes(snapshot: Snapshot, view: View, metric: Metric, unit: str) -> list[Any]:
    """Under the number: the last value of a dead figure, else the change; the published value.

    A figure whose 30 days lie under another definition says so in the place of its change.
    """
    cell = snapshot.cell(metric.id, unit)
    if not is_drawn(cell):
        return [html.Span(_last_value(snapshot, view, metric, cell))]
    if cell.freshness is Freshness.STALE:
        silent_for = age(view.lang, age_of(snapshot, cell.as_of))
        return [plain_number("date", t(view.lang, "age_note.stale", age=silent_for))]
    other = spans(view.lang, metric.version, of_line(snapshot.series.get((metric.id, unit))))
    if other and metric.shape not in _OF_NOW:
        return [plain_number("date", other)]
    notes = [html.Span(change(snapshot, view, metric, unit), className="change")]
    reference = published_words(view, metric, "target.published_short") if unit == CITY else None
    if reference is not None:
        notes.append(html.Span(reference, className="reference"))
    return notes


def _last_value(snapshot: Snapshot, view: View, metric: Metric, cell: Cell) -> Words:
    if cell.withheld:
        return withheld(view, cell, cell.figure)
    if cell.value is None and not cell.missing:
        return []  # the head of the card says that there is nothing yet
    if cell.value is None:
        return lacking(view, cell, cell.figure)
    return rich(
        view.lang,
        "age_note.last",
        value=figure(view, cell.figure, plain(metric, cell.value, view.lang)),
        at=as_of(snapshot, view, cell.as_of),
    )

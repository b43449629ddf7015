"""One metric as a card: `key` is a metric id, or "unit~metric" for a unit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from centre.domain.places import CITY, Name
from centre.metrics.metric import Metric
from centre.snapshots.cells import Series, Snapshot
from components import codes
from components.cards import card
from components.keys import is_figure
from components.marks import figure
from components.marks import plain as plain_number
from components.notes import day_words
from components.table import Table
from components.text import join, t
from components.view import Panel, View
from components.words import is_today_so_far, plain, said


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
    columns: tuple[str, ...] = (t(view.lang, "embed.day"), metric.name.of(view.lang))
    if series is None:
        return Table(columns=columns, rows=())
    is_cut, told = bool(series.breaks), _told(snapshot, view, unit, series)
    days = (
        series.first.fromordinal(series.first.toordinal() + at) for at in range(len(series.num))
    )
    rows = [
        (
            day.isoformat(),
            figure(view, codes.point(view, key, unit, series, day), shown),
            *(_version(view, series.version_on(day)) if is_cut else ()),
            *((plain_number("text", told.get(day, "")),) if told else ()),
        )
        for day, one in zip(days, series.values, strict=True)
        for shown in (plain(metric, one, view.lang),)
    ]
    today = _today(snapshot, view, unit, metric)
    if is_cut:
        columns = (*columns, t(view.lang, "metric.version"))
        today = [(*row, *_version(view, metric.version)) for row in today]
    if told:
        columns = (*columns, t(view.lang, "metric_csv.note"))
        now = snapshot.city_now.astimezone(view.city.tz).date()
        words = plain_number("text", day_words(snapshot, view, unit, now))
        today = [(*row, words if at == 0 else "") for at, row in enumerate(today)]
    return Table(columns=columns, rows=(*rows, *today))


def _told(snapshot: Snapshot, view: View, unit: str, series: Series) -> dict[date, str]:
    """Of each day who is missing from it, that late data changed it, and what is said of it."""
    days = [series.first + timedelta(days=at) for at in range(len(series.num))]
    told = ((day, join(view.lang, _words(snapshot, view, unit, series, day))) for day in days)
    return {day: words for day, words in told if words}


def _words(snapshot: Snapshot, view: View, unit: str, series: Series, day: date) -> Iterator[str]:
    at = (day - series.first).days
    if at < len(series.missing) and series.missing[at]:
        names = join(view.lang, (view.city.unit_name(one, view.lang) for one in series.missing[at]))
        yield t(view.lang, "coverage.missing_names", names=names)
    if day in series.revised:
        yield t(view.lang, "coverage.revised")
    noted = day_words(snapshot, view, unit, day)
    if noted:
        yield noted


def _version(view: View, number: int | None) -> tuple[Any]:
    """By which definition a day of a line stands that changes its own."""
    return (plain_number("id", t(view.lang, "definition.short", version=number)),)


def _today(snapshot: Snapshot, view: View, unit: str, metric: Metric) -> list[tuple[Any, ...]]:
    """What a count's drawing has in the lane of its unfinished day."""
    if not is_today_so_far(metric):
        return []
    cells = (snapshot.cell(metric.id, unit, one) for one in ("now", "usual"))
    words = (said(view, "chart.today"), said(view, "trend.usual"))
    return [
        (name, figure(view, one.figure, plain(metric, one.value, view.lang)))
        for name, one in zip(words, cells, strict=True)
    ]


PANEL = Panel(
    id="headline",
    title=Name(zh="指标", en="Figure"),
    render=render,
    table=table,
    embeddable=True,
    takes=is_figure,
)

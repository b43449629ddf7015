"""The answer to a click on a figure: what is this, from where, how fresh."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from centre.domain.places import CITY
from centre.metrics.metric import Metric, Shape
from centre.snapshots.cells import Cell, Snapshot
from components.desk import links
from components.marks import mark
from components.tags import data
from components.text import DASH, clock, number, t
from components.view import View
from components.words import (
    age_words,
    as_of,
    missing_names,
    plain,
    published_words,
    said,
    target_words,
)

NAMED = 3


def about(snapshot: Snapshot, view: View, metric: Metric, unit: str, shown: Any) -> Any:
    """`shown` as something to open, with everything that must be known about it."""
    cell = snapshot.cell(metric.id, unit)
    lines = [
        line
        for line in (
            _definition(view, metric),
            _parts(view, metric, cell),
            _covered(view, cell),
            _clocks(snapshot, view, cell),
            _reference(view, metric, unit),
            _sources(snapshot, view, unit),
        )
        if line is not None
    ]
    place = view.city.unit_name(unit, view.lang)
    name = f"{metric.name.of(view.lang)}{t(view.lang, 'mark.dot')}{place}"
    pop = html.Div(
        [
            html.Div(html.B(name), className="pop-name"),
            html.Dl([part for line in lines for part in line]),
            html.Div(_further(snapshot, view, metric, unit), className="pop-links"),
        ],
        className="pop",
        **data(over="1"),
    )
    return html.Details(
        [html.Summary(shown, title=t(view.lang, "about.open")), pop], className="about closes"
    )


def _line(view: View, key: str, *words: Any) -> tuple[Any, Any]:
    return html.Dt(t(view.lang, f"about.{key}")), html.Dd([html.Div(one) for one in words if one])


def _definition(view: View, metric: Metric) -> tuple[Any, Any]:
    version = t(
        view.lang, "about.version", number=metric.version, day=metric.valid_from.isoformat()
    )
    return _line(view, "definition", metric.definition.of(view.lang), html.Small(version))


def _parts(view: View, metric: Metric, cell: Cell) -> tuple[Any, Any]:
    """分子 ÷ 分母 = value, and over which days."""
    window = html.Small(said(view, window_key(metric)))
    if cell.den is None:
        return _line(view, "count", html.B(plain(metric, cell.value, view.lang)), window)
    num, den = (amount(view.lang, one) for one in (cell.num, cell.den))
    words = [html.B(f"{num} ÷ {den}"), f" = {plain(metric, cell.value, view.lang)}"]
    return _line(view, "parts", words, window)


def amount(lang: str, value: float | None) -> str:
    """A sum: without decimals when it has none."""
    return number(lang, value, 0 if value is None or value == round(value) else 2)


def window_key(metric: Metric) -> str:
    """Which text says over which time its figure is."""
    if metric.shape is Shape.COUNT:
        return "about.today"
    return "about.moment" if metric.shape in (Shape.STOCK, Shape.GAUGE) else "about.days"


def _covered(view: View, cell: Cell) -> tuple[Any, Any] | None:
    if not cell.expected:
        return None
    words = t(view.lang, "coverage.short", present=cell.present, expected=cell.expected)
    if cell.present >= cell.expected:
        return _line(view, "coverage", [mark("good"), " ", words])
    names = t(view.lang, "coverage.missing_names", names=missing_names(view, cell.missing, NAMED))
    return _line(view, "coverage", [mark("partial"), " ", html.B(words), " ", names])


def _clocks(snapshot: Snapshot, view: View, cell: Cell) -> tuple[Any, Any]:
    published = clock(snapshot.published_at, view.city.tz)
    said = t(view.lang, "date.as_of", at=as_of(snapshot, view, cell.as_of))
    age = age_words(snapshot, view, cell) or t(view.lang, "state.live")
    shown = html.Small(t(view.lang, "about.published", at=published))
    return _line(view, "clock", [html.B(said), " ", age], shown)


def _reference(view: View, metric: Metric, unit: str) -> tuple[Any, Any] | None:
    target = (
        target_words(view, metric)
        if metric.id in view.city.targets
        else t(view.lang, "target.none")
    )
    known = published_words(view, metric) if unit == CITY else ""
    return _line(view, "reference", target, known)


def _sources(snapshot: Snapshot, view: View, unit: str) -> tuple[Any, Any]:
    mine = [one for one in snapshot.sources if unit in (CITY, one.unit)]
    refused = sum(one.rejected for one in mine)
    names = [(view.lang == "en" and one.en) or one.zh for one in mine[:1]] if unit != CITY else []
    words = t(
        view.lang, "about.source_counts", count=len(mine), rejected=number(view.lang, refused)
    )
    return _line(view, "sources", *names, words if mine else DASH)


def _further(snapshot: Snapshot, view: View, metric: Metric, unit: str) -> list[Any]:
    cases = links.behind(metric, snapshot.city_now, view.city.tz, unit)
    found = [dcc.Link(t(view.lang, "about.metric"), href=links.metric(metric.id, unit))]
    if cases:
        found.append(dcc.Link(t(view.lang, "about.cases"), href=cases))
    found.append(dcc.Link(t(view.lang, "about.refused"), href="/sources"))
    return found

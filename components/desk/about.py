"""The answer to a click on a figure: what is this, from where, how fresh."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from centre.domain.places import CITY
from centre.metrics.metric import Metric, Shape
from centre.snapshots.cells import Cell, Snapshot
from components import codes
from components.covered import lacking, withheld
from components.desk import links
from components.desk.clocks import other_clocks
from components.marks import figure, mark
from components.marks import plain as plain_number
from components.rich import Words, joined, rich
from components.tags import data
from components.text import DASH, clock, number, t
from components.view import View
from components.words import (
    age_words,
    as_of,
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
    return html.Dt(t(view.lang, f"about.{key}")), html.Dd(_told(words))


def _told(words: tuple[Any, ...]) -> list[Any]:
    return [html.Div(one) for one in words if one is not None]


def _definition(view: View, metric: Metric) -> tuple[Any, Any]:
    words = plain_number("text", metric.definition.of(view.lang))
    return _line(view, "definition", words, html.Small(version_words(view.lang, metric)))


def version_words(lang: str, metric: Metric) -> Any:
    """第 1 版，自 2018-01-01 起."""
    day = metric.valid_from.isoformat()
    return plain_number("id", t(lang, "about.version", number=metric.version, day=day))


def _parts(view: View, metric: Metric, cell: Cell) -> tuple[Any, Any]:
    """分子 ÷ 分母 = value, and over which days."""
    window = html.Small(said(view, window_key(metric)))
    if cell.den is None:
        count = figure(view, cell.figure, plain(metric, cell.value, view.lang))
        return _line(view, "count", html.B(count), window)
    whole = figure(view, cell.figure, plain(metric, cell.value, view.lang))
    words = [html.B(parts_words(view, cell.figure, cell.num, cell.den)), " = ", whole]
    return _line(view, "parts", words, window)


def parts_words(view: View, id_: str, num: float | None, den: float | None) -> Words:
    """1,234 ÷ 5,678: the sums that a figure is made of."""
    shown = (
        figure(view, id_, amount(view.lang, one), how=how)
        for how, one in (("num", num), ("den", den))
    )
    return joined(view.lang, "mark.divided", shown)


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
    short = t(view.lang, "coverage.short", present=cell.present, expected=cell.expected)
    words = figure(view, cell.figure, short, how="coverage", is_link=False)
    late = t(view.lang, "coverage.revised") if cell.revised else None
    if not cell.missing:
        return _line(view, "coverage", [mark("good"), " ", words], late)
    gone = lacking(view, cell, cell.figure, NAMED)
    why = withheld(view, cell, cell.figure)
    return _line(view, "coverage", [mark("partial"), " ", html.B(words), " ", *gone], why, late)


def _clocks(snapshot: Snapshot, view: View, cell: Cell) -> tuple[Any, Any]:
    published = clock(snapshot.published_at, view.city.tz)
    said = t(view.lang, "date.as_of", at=as_of(snapshot, view, cell.as_of))
    age = age_words(snapshot, view, cell) or t(view.lang, "state.live")
    shown = html.Small(t(view.lang, "about.published", at=published))
    others = html.Small(plain_number("date", other_clocks(snapshot, view, cell)))
    return _line(view, "clock", [html.B(said), " ", plain_number("date", age)], others, shown)


def _reference(view: View, metric: Metric, unit: str) -> tuple[Any, Any] | None:
    target = (
        target_words(view, metric)
        if metric.id in view.city.targets
        else t(view.lang, "target.none")
    )
    known = published_words(view, metric) if unit == CITY else None
    return _line(view, "reference", target, known)


def _sources(snapshot: Snapshot, view: View, unit: str) -> tuple[Any, Any]:
    mine = [one for one in snapshot.sources if unit in (CITY, one.unit)]
    refused = number(view.lang, sum(one.rejected for one in mine))
    names = [(view.lang == "en" and one.en) or one.zh for one in mine[:1]] if unit != CITY else []
    ids = " ".join(codes.count(one, "rejected") for one in mine)
    words = rich(
        view.lang,
        "about.source_counts",
        count=plain_number("list", str(len(mine))),
        rejected=figure(view, ids, refused, how="sum", is_link=False),
    )
    return _line(view, "sources", *names, words if mine else DASH)


def _further(snapshot: Snapshot, view: View, metric: Metric, unit: str) -> list[Any]:
    cases = links.behind(metric, snapshot.city_now, view.city.tz, unit)
    found = [dcc.Link(t(view.lang, "about.metric"), href=links.metric(metric.id, unit))]
    if cases:
        found.append(dcc.Link(t(view.lang, "about.cases"), href=cases))
    found.append(dcc.Link(t(view.lang, "about.refused"), href="/sources"))
    return found

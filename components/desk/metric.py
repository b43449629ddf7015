"""The page of a metric: what it means, its parts now, by unit and other things, over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from sqlalchemy import Connection

from centre.domain.scope import Scope
from centre.metrics import explain
from centre.metrics.evaluate import value
from centre.metrics.metric import Metric, Shape
from centre.metrics.questions import Question, Value
from centre.metrics.window import window
from centre.snapshots.cells import Series, Snapshot
from components.cards import line_words, number_box
from components.charts.figures import Today, trend
from components.charts.graph import graph
from components.desk import links, states
from components.desk.about import amount, window_key
from components.desk.metric_groups import Answer, groups
from components.marks import coverage as coverage_mark
from components.marks import mark
from components.tags import data
from components.text import DASH, join, t
from components.view import View
from components.words import (
    age_words,
    as_of,
    gap,
    gap_words,
    missing_names,
    plain,
    published_words,
    said,
    split,
    target_words,
)


def find(
    conn: Connection,
    view: View,
    snapshot: Snapshot,
    scope: Scope,
    *,
    metric: Metric,
    unit: str,
    by: str,
) -> Answer:
    """Ask for it. Raises CannotAnswer."""
    start, end = window(metric, snapshot.city_now, view.city.tz)
    asked = Question(metric=metric.id, unit=unit, start=start, end=end, by=by)
    found = value(
        conn,
        view.city,
        asked,
        scope,
        snapshot.city_now,
        sources=snapshot.sources,
        metrics=view.metrics,
    )
    return Answer(metric=metric, unit=unit, by=by, value=found)


def page(snapshot: Snapshot, view: View, answer: Answer) -> Any:
    """The whole page."""
    metric, lang = answer.metric, view.lang
    return [
        html.Div(
            [
                html.Div([_now(snapshot, view, answer), groups(view, answer)], className="stack"),
                html.Div(
                    [
                        _definition(view, metric),
                        _series(snapshot, view, answer),
                        _sql(lang, metric),
                    ],
                    className="stack",
                ),
            ],
            className="row even",
        ),
    ]


def _now(snapshot: Snapshot, view: View, answer: Answer) -> Any:
    """Value, parts, period, coverage, age, target; and the cases behind it."""
    metric, found, lang = answer.metric, answer.value, view.lang
    cell = snapshot.cell(metric.id, answer.unit)
    shown = split(metric, found.value, lang)
    cases = links.behind(metric, snapshot.city_now, view.city.tz, answer.unit)
    behind = dcc.Link(t(lang, "about.cases"), href=cases) if cases else None
    pairs = [
        ("parts", _parts(lang, metric, found)),
        ("period", t(lang, window_key(metric))),
        ("coverage", _covered(view, found)),
        (
            "fresh",
            [
                t(lang, "date.as_of", at=as_of(snapshot, view, found.as_of)),
                " ",
                age_words(snapshot, view, cell),
            ],
        ),
        ("target", _target(view, metric, found.value)),
        ("published", published_words(view, metric) or DASH),
        ("figure", html.Span(cell.figure or DASH, className="mono")),
    ]
    return states.card(
        t(lang, "metric.now"),
        html.Div(
            [number_box(shown), coverage_mark(cell, view)],
            className="big",
            **data(figure=cell.figure),
        ),
        _list(lang, pairs),
        note=view.city.unit_name(answer.unit, lang),
        link=behind,
    )


def _list(lang: str, pairs: Sequence[tuple[str, Any]]) -> Any:
    parts = [
        part for key, words in pairs for part in (html.Dt(t(lang, f"metric.{key}")), html.Dd(words))
    ]
    return html.Dl(parts, className="facts")


def _parts(lang: str, metric: Metric, found: Value) -> str:
    if found.den is None:
        return plain(metric, found.num, lang)
    shown = plain(metric, found.value, lang)
    return f"{amount(lang, found.num)} ÷ {amount(lang, found.den)} = {shown}"


def _covered(view: View, found: Value) -> Any:
    there = found.coverage
    if not there.expected:
        return DASH
    words = t(view.lang, "coverage.short", present=there.present, expected=there.expected)
    if not there.missing:
        return [mark("good"), " ", words]
    names = t(view.lang, "coverage.missing_names", names=missing_names(view, there.missing, 4))
    return [mark("partial"), " ", html.B(words), " ", names]


def _target(view: View, metric: Metric, shown: float | None) -> str:
    if metric.id not in view.city.targets:
        return t(view.lang, "target.none")
    short = gap(view, metric, shown) if shown is not None else None
    judged = t(view.lang, "target.met") if short is None else gap_words(view, metric, short)
    return f"{target_words(view, metric)} {judged}"


def _definition(view: View, metric: Metric) -> Any:
    lang = view.lang
    pairs = [
        ("definition", metric.definition.of(lang)),
        ("formula", explain.words(metric, lang)),
        (
            "version",
            t(lang, "about.version", number=metric.version, day=metric.valid_from.isoformat()),
        ),
        ("owner", metric.owner.of(lang)),
        ("datasets", join(lang, metric.datasets)),
        ("caveats", metric.caveats.of(lang)),
        ("id", html.Span(metric.id, className="mono")),
    ]
    return states.card(t(lang, "metric.meaning"), _list(lang, pairs))


def _sql(lang: str, metric: Metric) -> Any:
    found = explain.sql(metric)
    if not found:
        return None
    blocks = [
        part
        for role, text in found.items()
        for part in (html.Div(t(lang, f"metric.sql_{role}"), className="caption"), html.Pre(text))
    ]
    return states.card(
        t(lang, "metric.sql"),
        html.Details([html.Summary(t(lang, "metric.show")), *blocks], className="sql"),
    )


def _series(snapshot: Snapshot, view: View, answer: Answer) -> Any:
    metric, lang = answer.metric, view.lang
    series: Series | None = snapshot.series.get((metric.id, answer.unit))
    if series is None or not any(one is not None for one in series.values):
        return states.card(t(lang, "metric.series"), states.empty(lang, "metric.no_series"))
    target = view.city.targets.get(metric.id)
    today = None
    if metric.shape is Shape.COUNT:
        now, usual = (snapshot.cell(metric.id, answer.unit, one) for one in ("now", "usual"))
        words = said(view, "chart.today")
        today = Today(value=now.value, usual=usual.value, words=words)
    figure = trend(
        series,
        surface=view.surface,
        lang=lang,
        words=line_words(view, metric, series),
        today=today,
        target=target.value if target and metric.is_rate else None,
        is_rate=metric.is_rate,
    )
    return states.card(
        t(lang, "metric.series"),
        html.Div(graph(figure), className="flow"),
        note=metric.unit.of(lang),
    )

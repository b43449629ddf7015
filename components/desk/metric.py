"""The page of a metric: what it means, its parts now, by unit and other things, over time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dash import dcc, html
from sqlalchemy import Connection

from centre.domain.scope import Scope
from centre.metrics import explain
from centre.metrics.board import line
from centre.metrics.evaluate import value
from centre.metrics.metric import Metric, Shape
from centre.snapshots.cells import Series, Snapshot
from centre.store import changes
from components.cards import line_words, number_box
from components.charts.figures import Figure, Today, trend
from components.charts.graph import graph
from components.charts.noted import noted
from components.covered import lacking, withheld
from components.desk import links, states
from components.desk.about import parts_words, version_words, window_key
from components.desk.answer import Answer
from components.desk.clocks import clocks_words
from components.desk.drill import Drill
from components.desk.drilled import cases
from components.desk.facts import facts
from components.desk.metric_groups import groups
from components.desk.versions import by_day, choice, spanned
from components.marks import coverage as coverage_mark
from components.marks import figure, mark
from components.marks import plain as plain_number
from components.notes import days_told, note_mark, period_mark
from components.past import then_now
from components.tags import data
from components.text import DASH, join, t
from components.twin import twin_link
from components.view import View
from components.words import (
    age_words,
    gap_words,
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
    drill: Drill,
) -> Answer:
    """Ask for it. Raises CannotAnswer."""
    found = value(
        conn,
        view.city,
        drill.question(view.city, snapshot.city_now),
        scope,
        snapshot.city_now,
        sources=snapshot.sources,
        metrics=view.metrics,
        at=view.at,
    )
    seq = changes.latest(conn) if view.at is None else view.at
    answer = Answer(drill=drill, value=found, seq=seq)
    if drill.version is None:  # the snapshot has each day by the definition of then
        return answer
    drawn = line(
        conn,
        view.city,
        answer.metric,
        drill.unit,
        snapshot.city_now,
        scope=scope,
        sources=snapshot.sources,
        at=view.at,
    )
    return replace(answer, line=drawn)


def page(snapshot: Snapshot, view: View, answer: Answer) -> Any:
    """The whole page."""
    left = [_now(snapshot, view, answer), groups(snapshot, view, answer)]
    right = [
        _definition(view, answer),
        _series(snapshot, view, answer),
        _sql(view.lang, answer.metric),
    ]
    return [states.columns(left, right, class_name="even")]


def _now(snapshot: Snapshot, view: View, answer: Answer) -> Any:
    """Value, parts, period, coverage, age, target; and the cases behind it."""
    metric, found, lang = answer.metric, answer.value, view.lang
    cell = snapshot.cell(metric.id, answer.unit)
    shown = split(metric, found.value, lang)
    is_plain = answer.drill.is_plain
    published = published_words(view, metric) if is_plain else None
    pairs = [
        ("parts", _parts(view, answer)),
        ("period", [_period(view, answer), spanned(lang, found)]),
        ("coverage", _covered(view, answer)),
        ("fresh", clocks_words(snapshot, view, found, age_words(snapshot, view, cell))),
        ("target", _target(snapshot, view, metric, answer.unit) if is_plain else DASH),
        ("published", DASH if published is None else published),
        ("figure", plain_number("id", answer.id, class_name="mono")),
    ]
    return states.card(
        t(lang, "metric.now"),
        html.Div(
            [
                number_box(view, shown, answer.id),
                coverage_mark(cell, view) if is_plain else None,
                period_mark(snapshot, view, answer.unit, found.start, found.end),
                then_now(view, metric, answer.unit, found.value) if is_plain else None,
            ],
            className="big",
        ),
        facts(lang, pairs, of="metric."),
        note=view.city.unit_name(answer.unit, lang),
        link=_behind(snapshot, view, answer),
    )


def _behind(snapshot: Snapshot, view: View, answer: Answer) -> Any:
    """The cases that are to be looked at, and all that the figure counts."""
    now, lang = snapshot.city_now, view.lang
    few = links.behind(answer.metric, now, view.city.tz, answer.unit)
    every = cases(answer.drill, view.city, now, answer.value.coverage.missing)
    shown = [
        dcc.Link(t(lang, key), href=url)
        for key, url in (
            ("about.cases", few if answer.drill.is_plain else None),
            ("drill.cases", every),
        )
        if url
    ]
    return html.Span(shown, className="actions") if shown else None


def _period(view: View, answer: Answer) -> Any:
    drill, zone = answer.drill, view.city.tz
    if not (drill.start or drill.end):
        return t(view.lang, window_key(answer.metric))
    first, end = (one.astimezone(zone) for one in (answer.value.start, answer.value.end))
    words = t(
        view.lang, "drill.period", start=f"{first:%Y-%m-%d %H:%M}", end=f"{end:%Y-%m-%d %H:%M}"
    )
    return plain_number("date", words)


def _parts(view: View, answer: Answer) -> Any:
    found = answer.value
    shown = figure(view, answer.id, plain(answer.metric, found.value, view.lang))
    if found.den is None:
        return shown
    return [*parts_words(view, answer.id, found.num, found.den), " = ", shown]


def _covered(view: View, answer: Answer) -> Any:
    there = answer.value.coverage
    if not there.expected:
        return DASH
    short = t(view.lang, "coverage.short", present=there.present, expected=there.expected)
    words = figure(view, answer.id, short, how="coverage", is_link=False)
    late = t(view.lang, "coverage.revised") if answer.value.revised else None
    if not there.missing:
        return [mark("good"), " ", words, html.Div(late) if late else None]
    notes = [html.Div(one) for one in (withheld(view, there, answer.id), late) if one]
    gone = lacking(view, there, answer.id, 4)
    return [mark("partial"), " ", html.B(words), " ", *gone, *notes]


def _target(snapshot: Snapshot, view: View, metric: Metric, unit: str) -> Any:
    if metric.id not in view.city.targets:
        return t(view.lang, "target.none")
    short = gap_words(snapshot, view, metric, unit)
    return [target_words(view, metric), " ", *(short or [t(view.lang, "target.met")])]


def _definition(view: View, answer: Answer) -> Any:
    metric, lang = answer.metric, view.lang
    known = choice(view, answer)
    pairs = [
        *([("versions", known)] if known else ()),
        ("definition", plain_number("text", metric.definition.of(lang))),
        ("formula", plain_number("text", explain.words(metric, lang))),
        ("version", version_words(lang, metric)),
        ("owner", plain_number("text", metric.owner.of(lang))),
        ("datasets", join(lang, metric.datasets)),
        ("caveats", plain_number("text", metric.caveats.of(lang))),
        ("id", plain_number("id", metric.id, class_name="mono")),
    ]
    return states.card(t(lang, "metric.meaning"), facts(lang, pairs, of="metric."))


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
    metric, lang, version = answer.metric, view.lang, answer.drill.version
    if answer.drill.within:  # the line is of the place, whatever the filters
        return None
    known = snapshot.series.get((metric.id, answer.unit))
    series = known if version is None else answer.line
    if series is None or not any(one is not None for one in series.values):
        return states.card(t(lang, "metric.series"), states.empty(lang, "metric.no_series"))
    if version is None:
        link = twin_link(view, "headline", f"{answer.unit}~{metric.id}", is_shown=True)
    else:
        link = by_day(view, answer)
    drawing = graph(_drawing(snapshot, view, answer, series))
    return states.card(
        [
            t(lang, "metric.series"),
            note_mark(snapshot, view, metric, answer.unit, is_series=True),
        ],
        html.Div([html.Div(link, className="legend-line"), drawing], **_DRAWN),
        note=metric.unit.of(lang),
    )


def _drawing(snapshot: Snapshot, view: View, answer: Answer, series: Series) -> Figure:
    """The line with today beside it, its target, and the notes on its days."""
    metric = answer.metric
    target = view.city.targets.get(metric.id)
    drawing = trend(
        series,
        surface=view.surface,
        lang=view.lang,
        words=line_words(view, metric, series),
        today=_today(snapshot, view, answer) if metric.shape is Shape.COUNT else None,
        target=target.value if target and metric.is_rate else None,
        is_rate=metric.is_rate,
    )
    told = days_told(snapshot, view, answer.unit, series)
    return noted(drawing, told, surface=view.surface, lang=view.lang)


def _today(snapshot: Snapshot, view: View, answer: Answer) -> Today:
    id_, unit = answer.metric.id, answer.unit
    now, usual = (snapshot.cell(id_, unit, one).value for one in ("now", "usual"))
    return Today(value=now, usual=usual, words=said(view, "chart.today"))


_DRAWN: dict[str, Any] = {"className": "flow", **data(drawn="")}

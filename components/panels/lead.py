"""The one sentence that is as large as any figure, with its chart."""

from __future__ import annotations

from typing import Any
from unicodedata import east_asian_width

from dash import html

from centre.domain.places import CITY, Name
from centre.snapshots.cells import Snapshot
from components.charts.hours import hour_bars
from components.charts.spark import bridged, spark
from components.charts.svg import Svg
from components.lead import lead
from components.lead_alerts import RECEIVED, Lead
from components.marks import mark, plain
from components.notes import note_mark
from components.past import then_now
from components.rich import joined, text_of
from components.tags import aria
from components.twin import drawn
from components.view import Panel, View

WARM_ABOVE = 1.5
"""Hours at this many times their usual are warm: the limit of a surge."""
WIDE_EM, NARROW_EM = 1.0, 0.52
"""How wide a Chinese character and how wide any other is at most, on average."""


def render(snapshot: Snapshot, view: View) -> Any:
    """Kicker, sentence, note; chart at the right."""
    one = lead(snapshot, view)
    sentence = html.H2(
        [html.Span(one.words), html.Em(one.numbers)] if one.numbers else one.words,
        style={"--long": f"{_ems(text_of([one.words, one.numbers])):.1f}"},
    )
    words = [
        html.Div(
            [mark(one.shape, one.tone), one.kick, _noted(snapshot, view, one)], className="kick"
        ),
        sentence,
        html.P(_note(snapshot, view, one)),
    ]
    chart = html.Div(
        [
            plain("text", one.chart, class_name="caption"),
            drawn(view, _chart(snapshot, view, one), *_twin(one)),
        ],
        className="lead-chart",
    )
    return html.Section(
        [html.Div(words, className="lead-words"), chart],
        className=f"lead tone-{one.tone}",
        **aria(live="polite"),
    )


def _note(snapshot: Snapshot, view: View, one: Lead) -> Any:
    """What stands below; of the past first what the figure of the sentence is now."""
    metric = view.metrics[one.metric or RECEIVED]
    then = snapshot.cell(metric.id, one.unit).value
    changed = then_now(view, metric, one.unit, then)
    return joined(view.lang, "mark.dot", [changed, one.note]) if changed else one.note


def _noted(snapshot: Snapshot, view: View, one: Lead) -> Any:
    """What is said of the data that the sentence and its chart stand on."""
    metric = view.metrics[one.metric or RECEIVED]
    return note_mark(snapshot, view, metric, one.unit, is_series=bool(one.metric))


def _twin(one: Lead) -> tuple[str, str]:
    """The panel whose table has the numbers of the chart, and its key."""
    if one.metric:
        return "headline", f"{one.unit}~{one.metric}"
    return "received_today", "" if one.unit == CITY else one.unit


def _ems(text: str) -> float:
    """About how wide a bold sentence is in its own font size: the style sheet fits it by that."""
    return sum(WIDE_EM if east_asian_width(one) in "WF" else NARROW_EM for one in text)


def _chart(snapshot: Snapshot, view: View, one: Lead) -> Svg:
    if one.metric:
        series = snapshot.series.get((one.metric, one.unit))
        target = view.city.targets.get(one.metric)
        return spark(
            bridged(series) if series else (),
            label=one.chart,
            target=target.value if target else None,
            cuts=series.cuts if series else (),
            size=(464, 116),
        )
    return hour_bars(
        snapshot.hours.get(one.unit),
        lang=view.lang,
        name=one.chart,
        size=(464, 116),
        font=18,
        tone="var(--text3)" if one.tone == "bad" else "var(--seq4)",
        warm_above=WARM_ABOVE if one.tone == "bad" else None,
        silent=_silent(snapshot, view, one),
    )


def _silent(snapshot: Snapshot, view: View, one: Lead) -> tuple[float, float] | None:
    """The local hours of today in which nothing came, to the end of the running one."""
    if one.since is None:
        return None
    now, since = (at.astimezone(view.city.tz) for at in (snapshot.city_now, one.since))
    first = since.hour + since.minute / 60 if since.date() == now.date() else 0.0
    return first, now.hour + 1.0


PANEL = Panel(id="lead", title=Name(zh="今日要事", en="What matters now"), render=render)

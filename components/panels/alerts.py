"""The alerts beside the leading one, worst first; a calm day says what was checked."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.alerts.find import LEAST, can_surge
from centre.domain.places import CITY, Name
from centre.snapshots.cells import Alert, Snapshot
from components.colours import METRIC
from components.lead_alerts import surge_numbers
from components.marks import figure, mark, plain
from components.rich import rich
from components.text import age, t
from components.view import Panel, View
from components.words import age_of, as_of, is_drawn, limit_words, missing_names, said
from components.words import plain as value_words

SHOWN = 4
_SHAPES = {"source_down": "down", "target_missed": "watch", "surge": "watch"}


def render(snapshot: Snapshot, view: View) -> Any:
    """Up to four; the rest counted."""
    others = _others(snapshot) if view.surface == "wall" else snapshot.alerts
    key = "alerts.title_more" if view.surface == "wall" and snapshot.alerts else "alerts.title"
    count = plain("list", t(view.lang, "alerts.count", count=len(others)), class_name="note")
    title = html.H3([t(view.lang, key), count if others else None])
    return html.Section([title, _list(snapshot, view, others)], className="alerts")


def _others(snapshot: Snapshot) -> tuple[Alert, ...]:
    """All but what the lead says; it names all silent sources in one sentence."""
    if snapshot.alerts and snapshot.alerts[0].kind == "source_down":
        return tuple(one for one in snapshot.alerts if one.kind != "source_down")
    return snapshot.alerts[1:]


def _list(snapshot: Snapshot, view: View, others: tuple[Alert, ...]) -> Any:
    if not others:
        return _none(snapshot, view)
    gone = tuple(one for one in others if one.kind == "source_down")
    rows = []
    if len(gone) > SHOWN // 2:  # many silent sources are one thing
        rows.append(_item("down", _silent(snapshot, view, gone)))
        others = tuple(one for one in others if one.kind != "source_down")
    # the last row says how many more, so it costs one alert its place
    room = SHOWN - len(rows)
    shown = others if len(others) <= room else others[: room - 1]
    rows += [_row(snapshot, view, one) for one in shown]
    hidden = len(others) - len(shown)
    if hidden:
        more = plain("list", t(view.lang, "lead.more", count=hidden))
        rows.append(html.Li(more, className="more"))
    return html.Ul(rows, className="alert-list")


def _none(snapshot: Snapshot, view: View) -> Any:
    key = "alerts.none" if snapshot.alerts else "alerts.none_at_all"
    words = t(view.lang, key)
    if snapshot.seq == 0:
        return html.P("—", className="quiet")
    checked = _checked(snapshot, view)
    sign = mark("good" if checked in ("none_note", "none_few") else "none")
    judged = said(view, f"alerts.{checked}", least=LEAST)
    return html.Div(
        [
            html.P([sign, html.B(words)], className="quiet"),
            html.P(plain("text", judged), className="quiet-note"),
        ]
    )


def _checked(snapshot: Snapshot, view: View) -> str:
    """Which of the three kinds could be judged at all."""
    if not is_drawn(snapshot.cell(METRIC)):
        return "none_judged"
    if snapshot.cell(METRIC, CITY, "usual").value is None:
        return "none_without_usual"
    return "none_note" if can_surge(snapshot, view.city) else "none_few"


def _row(snapshot: Snapshot, view: View, one: Alert) -> Any:
    return _item(_SHAPES[one.kind], _WORDS[one.kind](snapshot, view, one))


def _item(shape: str, words: tuple[Any, Any, Any]) -> Any:
    title, value, note = words
    return html.Li(
        [
            mark(shape, "watch"),
            html.B(title),
            html.B(value, className="alert-value"),
            html.Span(note, className="alert-note"),
        ]
    )


def _silent(snapshot: Snapshot, view: View, gone: tuple[Alert, ...]) -> tuple[Any, Any, Any]:
    """Several silent sources in one row."""
    ages = [one for alert in gone if (one := age_of(snapshot, alert.since)) is not None]
    names = missing_names(view, tuple(one.unit for one in gone), 3)
    return (
        plain("list", t(view.lang, "alerts.source_down_many", count=len(gone))),
        plain("date", age(view.lang, max(ages, default=None))),
        rich(view.lang, "alerts.source_down_names", names=names),
    )


def _down(snapshot: Snapshot, view: View, one: Alert) -> tuple[Any, Any, Any]:
    unit = view.city.unit_name(one.unit, view.lang)
    note = (
        t(view.lang, "alerts.source_down_never")
        if one.since is None
        else t(view.lang, "alerts.source_down_note", since=as_of(snapshot, view, one.since))
    )
    return (
        t(view.lang, "alerts.source_down", unit=unit),
        plain("date", age(view.lang, age_of(snapshot, one.since))),
        note,
    )


def _missed(snapshot: Snapshot, view: View, one: Alert) -> tuple[Any, Any, Any]:
    metric = view.metrics[one.metric]
    note = rich(
        view.lang,
        "alerts.target_missed_note",
        unit=view.city.unit_name(one.unit, view.lang),
        limit=plain("text", limit_words(metric, one.limit, view.lang)),
    )
    title = t(view.lang, "alerts.target_missed", metric=metric.name.of(view.lang))
    id_ = snapshot.cell(one.metric, one.unit).figure
    return title, figure(view, id_, value_words(metric, one.value, view.lang)), note


def _surge(snapshot: Snapshot, view: View, one: Alert) -> tuple[Any, Any, Any]:
    said = surge_numbers(snapshot, view, one)
    value = rich(view.lang, "alerts.surge_value", value=said.today)
    note = rich(view.lang, "alerts.surge_note", usual=said.usual, times=said.times)
    unit = view.city.unit_name(one.unit, view.lang)
    return t(view.lang, "alerts.surge", unit=unit), value, note


_WORDS = {"source_down": _down, "target_missed": _missed, "surge": _surge}

PANEL = Panel(id="alerts", title=Name(zh="预警", en="Alerts"), render=render, embeddable=True)

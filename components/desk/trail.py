"""The way back up a drill-down: the city, the district, each filter, each a link."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from components.desk.drill import Drill
from components.desk.ranks import key_name
from components.marks import plain
from components.tags import aria
from components.text import t
from components.view import View


def trail(view: View, drill: Drill) -> Any:
    """全市 › 锦江区 › 街道 春熙路 › 类别 噪声; nothing where nothing was opened yet."""
    steps = list(drill.trail())
    if len(steps) == 1 and not (drill.start or drill.end):
        return None
    *above, (by, key, _) = steps
    items = [
        html.Li(dcc.Link(step_name(view, drill, by, key), href=step.url)) for by, key, step in above
    ]
    here = html.Span(step_name(view, drill, by, key), **aria(current="location"))
    period = _period(view, drill)
    parts = [html.Ol([*items, html.Li(here)]), *([period] if period else [])]
    return html.Nav(parts, className="crumbs trail", **aria(label=t(view.lang, "drill.trail")))


def step_name(view: View, drill: Drill, by: str, key: str) -> str:
    """A step down in words: the unit, or 类别 噪声."""
    if by == "unit":
        return view.city.unit_name(key, view.lang)
    return f"{t(view.lang, f'field.{by}')} {key_name(view, by, key, drill.unit)}"


def _period(view: View, drill: Drill) -> Any:
    """Which time it is about, where the URL says it; a link to the metric's own."""
    if not (drill.start or drill.end):
        return None
    said = [
        f"{t(view.lang, f'field.{name}')} {word}"
        for name, word in (("from", drill.start), ("to", drill.end))
        if word
    ]
    own = dcc.Link(t(view.lang, "drill.own_period"), href=drill.untimed.url)
    return html.Span([plain("date", " ".join(said)), " ", own], className="note")

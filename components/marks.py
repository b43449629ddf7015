"""Status marks: a shape, a colour and, beside it, always a word."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.snapshots.cells import Cell
from components.charts.svg import Svg, drawing, node
from components.tags import data
from components.text import t
from components.theme import SHAPES
from components.view import View

_TONE = {"partial": "unknown", "late": "watch", "down": "watch", "none": "unknown"}

WATCH_MISSING_SHARE = 0.05
"""From this share of missing units on the half disc is yellow (look/notes.md)."""


def mark(shape: str, tone: str | None = None) -> Svg:
    """A shape of theme.SHAPES in the colour of its status."""
    colour = tone or _TONE.get(shape, shape)
    outline = node("path", d=SHAPES[shape], fill="currentColor", fill_rule="evenodd")
    return drawing(16, 16, outline, class_=f"mark {colour}")


def status(shape: str, words: str, tone: str | None = None) -> Any:
    """A mark and its words."""
    return html.Span(
        [mark(shape, tone), words], className=f"status {tone or _TONE.get(shape, shape)}"
    )


def coverage(cell: Cell, lang: str) -> Any:
    """◐ 21/22 when units are missing, else nothing."""
    if cell.expected <= 1 or cell.present >= cell.expected:
        return None
    missing_share = 1 - cell.present / cell.expected
    tone = "watch" if missing_share >= WATCH_MISSING_SHARE else "unknown"
    if not cell.present:
        tone = "weak"  # the sentence on top says it; said at every figure it would hide the rest
    words = t(lang, "coverage.short", present=cell.present, expected=cell.expected)
    return html.Span([mark("partial", tone), words], className=f"coverage {tone}", title=words)


def figure(view: View, id_: str, *children: Any, class_name: str = "", **said: Any) -> Any:
    """A number and the code that opens what stands behind it; without an id the number alone.

    On the desk a click or Enter opens /figure/<id>; elsewhere the code is only told.
    """
    named = {**({"className": class_name} if class_name else {}), **said}
    return html.Span(list(children), **named, **({} if not id_ else figure_data(view, id_)))


def figure_data(view: View, id_: str) -> dict[str, Any]:
    """The same for an element that is there already: its attributes."""
    words = t(view.lang, "figure.code", id=id_)
    opens = {"tabIndex": 0, "role": "link"} if view.surface == "desk" else {}
    return {"title": words, **opens, **data(figure=id_)}


def demo(lang: str) -> Any:
    """The boxed words 演示数据."""
    return html.Span(t(lang, "state.synthetic"), className="demo")

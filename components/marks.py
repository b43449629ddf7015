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


def status(shape: str, words: Any, tone: str | None = None) -> Any:
    """A mark and its words: a text, or texts and components."""
    said = words if isinstance(words, list) else [words]
    return html.Span(
        [mark(shape, tone), *said], className=f"status {tone or _TONE.get(shape, shape)}"
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
    named = figure_data(cell.figure, how="coverage")
    return html.Span(
        [mark("partial", tone), words], className=f"coverage {tone}", title=words, **named
    )


REASONS = ("date", "code", "axis", "list", "id", "text")
"""Why a number is no figure: a time or length of time, a program or address, a tick of a scale, a
count of what is listed, a name made of digits, somebody's own words."""


def figure(
    view: View,
    id_: str,
    *children: Any,
    class_name: str = "",
    against: str = "",
    how: str = "",
    is_link: bool = True,
) -> Any:
    """A number and the code that opens what stands behind it; without an id the number alone.

    On the desk it is a link to /figure/<id> unless it stands in a link already (`is_link`);
    elsewhere the code is only told. `how` and `against`: see `figure_data`.
    """
    named: dict[str, Any] = {"className": class_name} if class_name else {}
    words = children[0] if len(children) == 1 else list(children)
    if not id_:
        return html.Span(words, **named)
    if view.surface == "desk" and is_link:
        told: dict[str, Any] = {"href": f"/figure/{id_.split(maxsplit=1)[0]}", **data(nav="")}
        return html.A(words, **told, **named, **figure_data(id_, against=against, how=how))
    told = {} if view.surface == "desk" else {"title": t(view.lang, "figure.code", id=id_)}
    return html.Span(words, **told, **named, **figure_data(id_, against=against, how=how))


def figure_data(id_: str, *, against: str = "", how: str = "") -> dict[str, Any]:
    """What an element says of the number in it.

    `how` the number is made: "" the value itself; num, den its parts; coverage "21/22"; sum of
    several ids; less, points, growth, share, times, gap: from it and the same metric and unit
    `against` week, usual, target, whole (the count it is a part of) or city.
    """
    if not id_:
        return {}
    made = {"how": how, "against": against}
    return data(figure=id_, **{name: word for name, word in made.items() if word})


def plain(reason: str, *children: Any, class_name: str = "") -> Any:
    """A number that is no figure, and why: one of REASONS."""
    if reason not in REASONS:
        raise ValueError(f'"{reason}" is no reason; one of {", ".join(REASONS)}')
    words = children[0] if len(children) == 1 else list(children)
    named: dict[str, Any] = {"className": class_name} if class_name else {}
    return html.Span(words, **named, **data(plain=reason))


def demo(lang: str) -> Any:
    """The boxed words 演示数据."""
    return html.Span(t(lang, "state.synthetic"), className="demo")

"""Status marks: a shape, a colour and, beside it, always a word."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.snapshots.cells import Cell
from components.charts.svg import Svg, drawing, node
from components.tags import data
from components.text import join, percent, t
from components.theme import SHAPES
from components.view import View

_TONE = {"partial": "unknown", "late": "watch", "down": "watch", "none": "unknown"}


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


def coverage(cell: Cell, view: View) -> Any:
    """◐ 21/22 when units are missing, else nothing: grey while their usual share is small."""
    if cell.expected <= 1 or not cell.missing:
        return None
    words = t(view.lang, "coverage.short", present=cell.present, expected=cell.expected)
    named = figure_data(cell.figure, how="coverage")
    if cell.present >= cell.expected:  # all centres are there, but not the municipal level
        words, named = t(view.lang, "coverage.missing_names", names=_names(cell, view)), {}
    tone = missing_tone(cell, view)
    return html.Span(
        [mark("partial", tone), words],
        className=f"coverage {tone}",
        title=_missing(cell, view),
        **named,
    )


def missing_tone(cell: Cell, view: View) -> str:
    """From the declared share of the usual volume on, or when it is not known, to be watched."""
    if not cell.present:
        return "weak"  # the sentence on top says it; said at every figure it would hide the rest
    is_small = cell.usual_share is not None and cell.usual_share < view.city.coverage.watch
    return "unknown" if is_small else "watch"


def _names(cell: Cell, view: View) -> str:
    return join(view.lang, (view.city.unit_name(code, view.lang) for code in cell.missing))


def _missing(cell: Cell, view: View) -> str:
    """All who are missing, by name, and what they usually are of the whole."""
    lang, names = view.lang, _names(cell, view)
    if cell.usual_share is None:
        return t(lang, "coverage.missing_unknown", names=names)
    return t(lang, "coverage.missing_share", names=names, share=percent(lang, cell.usual_share, 1))


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
    note: str = "",
) -> Any:
    """A number and the code that opens what stands behind it; without an id the number alone.

    On the desk it is a link to /figure/<id> unless it stands in a link already (`is_link`);
    elsewhere the code is only told, and `note` after it. `how` and `against`: see `figure_data`.
    """
    named: dict[str, Any] = {"className": class_name} if class_name else {}
    words = children[0] if len(children) == 1 else list(children)
    if not id_:
        return html.Span(words, **named)
    if view.surface == "desk" and is_link:
        told: dict[str, Any] = {"href": f"/figure/{id_.split(maxsplit=1)[0]}", **data(nav="")}
        return html.A(words, **told, **named, **figure_data(id_, against=against, how=how))
    code = t(view.lang, "figure.code", id=id_)
    title = t(view.lang, "mark.semicolon").join((code, note) if note else (code,))
    told = {} if view.surface == "desk" else {"title": title}
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

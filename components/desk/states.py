"""What stands where data cannot: nothing found, not there yet, wrong question, broken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from components.marks import mark
from components.tags import aria
from components.text import t


def card(title: Any, *body: Any, note: Any = None, link: Any = None, class_name: str = "") -> Any:
    """A white card with a heading."""
    head = [html.H2(title), html.Span(note, className="note") if note else None, link]
    return html.Section(
        [html.Div([one for one in head if one], className="box-head"), *body],
        className=f"box {class_name}".strip(),
    )


def columns(*stacks: Sequence[Any], class_name: str) -> Any:
    """Stacks of cards side by side, one below the other where there is no room."""
    drawn = [html.Div(list(one), className="stack") for one in stacks]
    return html.Div(drawn, className=f"row {class_name}")


def empty(lang: str, key: str, *body: Any) -> Any:
    """Nothing is there, and why that may be."""
    words = [html.P(t(lang, f"{key}"), className="empty-title"), *body]
    return html.Div([mark("none"), html.Div(words)], className="empty")


def notice(lang: str, problems: Sequence[str]) -> Any:
    """What in the address could not be read; nothing for no problems."""
    if not problems:
        return None
    lead = html.B(t(lang, "desk.bad_address"))
    lines = html.Ul([html.Li(one) for one in problems])
    return html.Div([mark("watch"), html.Div([lead, lines])], className="notice", role="alert")


def broken(lang: str) -> Any:
    """A part of the page could not be made; it was logged."""
    again = html.A(t(lang, "desk.reload"), href="")
    words = [html.P(t(lang, "desk.broken"), className="empty-title"), again]
    return html.Div([mark("bad"), html.Div(words)], className="empty", role="alert")


def skeleton(lines: int, lang: str) -> Any:
    """Grey lines while rows are being read."""
    bars = [html.Div(className="bone") for _ in range(lines)]
    return html.Div(bars, className="skeleton", role="status", **aria(label=t(lang, "app.loading")))


def go(words: Any, href: str | None, class_name: str = "") -> Any:
    """A link within the desk; plain words where there is nowhere to go."""
    if href is None:
        return html.Span(words, className=class_name)
    return dcc.Link(words, href=href, className=class_name)

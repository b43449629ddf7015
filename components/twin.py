"""The table twin of a drawing: a link to the same numbers as a table, each with its figure code.

The table is a page of its own (/table/<panel>, centre/api/twins.py), so that it weighs nothing in
the frames that screens are sent each second. The link is there for keyboards and screen readers;
on the desk the large drawings show it.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from dash import html

from components.table import Table
from components.tags import data
from components.text import t
from components.view import View


def drawn(view: View, drawing: Any, panel: str, key: str = "") -> Any:
    """A drawing with the way to its table, that of `panel` asked for `key`."""
    link = None if view.surface == "embed" else twin_link(view, panel, key)
    return html.Span([drawing, link], className="drawn", **data(drawn=""))


def twin_link(view: View, panel: str, key: str = "", *, is_shown: bool = False) -> Any:
    """表格; where `is_shown` is False, seen only by those who come to it by keyboard."""
    words = {"key": key, "lang": view.lang}
    query = urlencode({name: word for name, word in words.items() if word})
    return html.A(
        t(view.lang, "embed.table_short" if is_shown else "embed.table_link"),
        href=f"/table/{quote(panel)}?{query}",
        className="twin shown" if is_shown else "twin sr-only",
    )


def table_of(twin: Table, title: str) -> html.Table:
    """A panel's table as elements."""
    head = html.Tr([html.Th(name, scope="col") for name in twin.columns])
    rows = [
        html.Tr([html.Th(row[0], scope="row"), *(html.Td(cell) for cell in row[1:])])
        for row in twin.rows
    ]
    return html.Table([html.Caption(title), html.Thead(head), html.Tbody(rows)], className="table")

"""Tables of the desk: sticky head, numbers right, the first column names the row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from components.tags import aria, data


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `sort` is its word in ?sort=; `is_number`: set right."""

    words: Any  # a text, or a text and a mark
    is_number: bool = False
    sort: str = ""
    class_name: str = ""

    @property
    def css(self) -> str | None:
        """Its class names."""
        return f"{'num' if self.is_number else ''} {self.class_name}".strip() or None


def table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[Any]],
    *,
    caption: str,
    foot: Sequence[Sequence[Any]] = (),
    sort: str = "",
    marked: Sequence[str] = (),
    class_name: str = "",
) -> Any:
    """A table; `sort` is the present order ("-received": largest first), `marked` class names of
    rows. The caption is for those who cannot see; it scrolls by itself when it is too wide.
    """
    head = html.Thead(html.Tr([_head(one, sort) for one in columns]), **data(over="1"))
    names = [*marked, *[""] * (len(rows) - len(marked))]
    body = html.Tbody([_row(columns, row, name) for row, name in zip(rows, names, strict=True)])
    total = [html.Tfoot([_row(columns, row, "total") for row in foot])] if foot else []
    title = html.Caption(caption, className="sr-only")
    drawn = html.Table([title, head, body, *total], className=f"table {class_name}".strip())
    return html.Div(drawn, className="table-box", tabIndex=0, role="region", **aria(label=caption))


def _head(column: Column, sort: str) -> Any:
    if not column.sort:
        return html.Th(column.words, className=column.css, scope="col")
    is_down, is_here = sort.startswith("-"), sort.lstrip("-") == column.sort
    turned = column.sort if is_here and is_down else f"-{column.sort}"
    arrow = ("▼" if is_down else "▲") if is_here else ""
    words = column.words if isinstance(column.words, list) else [column.words]
    link = dcc.Link([*words, html.I(arrow, className="arrow")], href=f"?sort={turned}")
    order = {"sort": "descending" if is_down else "ascending"} if is_here else {}
    return html.Th(link, className=column.css, scope="col", **aria(**order))


def _row(columns: Sequence[Column], row: Sequence[Any], name: str) -> Any:
    first, *rest = zip(columns, row, strict=True)
    cells: list[Any] = [html.Th(first[1], className=first[0].css, scope="row")]
    cells += [html.Td(cell, className=column.css) for column, cell in rest]
    over = data(over="1") if name == "total" else {}  # sticks above rows that scroll by
    return html.Tr(cells, className=name or None, **over)

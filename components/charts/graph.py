"""A plotly figure on a page: with its words for those who cannot see it, without tool bars."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from components.charts.figures import Figure
from components.tags import aria
from components.theme import CONFIG


def graph(figure: Figure, *, id: Any = None, class_name: str = "") -> Any:
    """The figure, filling its container; `id` makes it live."""
    named = {"id": id} if id else {}
    drawn = dcc.Graph(figure=figure, config=CONFIG, className="graph", responsive=True, **named)
    words = figure["layout"].get("meta", {}).get("words", "")
    return html.Div(drawn, role="img", className=f"plot {class_name}".strip(), **aria(label=words))

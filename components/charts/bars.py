"""Horizontal bars by rank, as a plain plotly dict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from components.charts.figures import Figure
from components.text import number
from components.theme import Palette, layout, palette


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One bar: its name, its value, what is usual, and whether it is the one to look at."""

    name: str
    value: float
    usual: float | None = None
    is_warm: bool = False


def ranking(rows: Sequence[Row], *, surface: str, words: str, digits: int = 0) -> Figure:
    """Horizontal bars, largest on top, names left, numbers right, a tick for the usual value."""
    tone, base = palette(surface), layout(surface)
    size = 20 if surface == "wall" else 12
    lines = [*reversed(rows)]  # plotly counts from below
    place = list(range(len(lines)))
    top = max([max(row.value, row.usual or 0) for row in rows], default=0) or 1
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": [row.value for row in lines],
        "y": place,
        "marker": {"color": [tone.bad if row.is_warm else _bar_tone(surface) for row in lines]},
        "width": 0.56,
        "hoverinfo": "skip",
    }
    axes = {
        "xaxis": {**base["xaxis"], "visible": False, "domain": [0.27, 0.87], "range": [0, top]},
        "yaxis": {**base["yaxis"], "visible": False, "range": [-0.5, max(len(rows), 1) - 0.5]},
        "xaxis2": {**base["xaxis"], "visible": False, "domain": [0, 1], "range": [0, 1]},
    }
    font = {"size": size, "color": tone.text}
    notes = [note for at, row in enumerate(lines) for note in _notes(row, at, font, digits)]
    frame = {**base, **axes, "annotations": notes, "bargap": 0.2, "meta": {"words": words}}
    return {"data": [bars, *_usual_ticks(lines, place, tone, surface)], "layout": frame}


def _bar_tone(surface: str) -> str:
    tone = palette(surface)
    return tone.seq4 if surface == "wall" else tone.seq5


def _notes(row: Row, at: int, font: dict[str, Any], digits: int) -> list[dict[str, Any]]:
    place = {"xref": "paper", "y": at, "yref": "y", "showarrow": False, "font": font}
    value = f"<b>{number('zh', row.value, digits)}</b>"
    return [
        {**place, "text": plain_text(row.name), "x": 0, "xanchor": "left"},
        {**place, "text": value, "x": 1, "xanchor": "right"},
    ]


def plain_text(words: str) -> str:
    """Plotly reads a few tags in its texts: names from outside must not be able to use them."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _usual_ticks(
    rows: Sequence[Row], place: Sequence[int], tone: Palette, surface: str
) -> list[dict[str, Any]]:
    known = [(row.usual, at) for row, at in zip(rows, place, strict=True) if row.usual is not None]
    if not known:
        return []
    height = 22 if surface == "wall" else 14
    marker = {"symbol": "line-ns", "size": height, "line": {"width": 2, "color": tone.text}}
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [value for value, _ in known],
            "y": [at for _, at in known],
            "marker": {**marker, "color": tone.text},
            "hoverinfo": "skip",
        }
    ]

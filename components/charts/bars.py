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


MOST = 0.44
"""Share of the width that names may take."""


def ranking(
    rows: Sequence[Row],
    *,
    surface: str,
    words: str,
    width: float = 464,
    digits: int = 0,
    is_old: bool = False,
) -> Figure:
    """Horizontal bars, largest on top, names left, numbers right, a tick for the usual value.

    `width` is about that of the drawing in px: names take what they need of it, at most half.
    `is_old`: the numbers are not those of now, so nothing of them may look live.
    """
    tone, lines = palette(surface), [*reversed(rows)]  # plotly counts from below
    size = 20 if surface == "wall" else 12
    font = {"size": size, "color": tone.text3 if is_old else tone.text}
    room = MOST * width / size
    notes = [note for at, row in enumerate(lines) for note in _notes(row, at, font, digits, room)]
    frame = {
        **layout(surface),
        **_axes(rows, surface, start=_names_share(rows, size, width)),
        "annotations": notes,
        "bargap": 0.2,
        "meta": {"words": words},
    }
    ticks = [] if is_old else _usual_ticks(lines, tone, surface)
    return {"data": [_bars(lines, surface, is_old), *ticks], "layout": frame}


def _names_share(rows: Sequence[Row], size: int, width: float) -> float:
    """The share of the width that the longest name takes, and a little air."""
    longest = max([name_width(row.name) for row in rows], default=0)
    return min(MOST, longest * size / width + 0.03)


def _bars(lines: Sequence[Row], surface: str, is_old: bool) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "x": [row.value for row in lines],
        "y": list(range(len(lines))),
        "marker": {"color": [_bar_tone(row, surface, is_old) for row in lines]},
        "width": 0.56,
        "hoverinfo": "skip",
    }


def _axes(rows: Sequence[Row], surface: str, *, start: float) -> dict[str, Any]:
    """`start`: where the bars begin, as a share of the width."""
    base = layout(surface)
    top = max([max(row.value, row.usual or 0) for row in rows], default=0) or 1
    return {
        "xaxis": {**base["xaxis"], "visible": False, "domain": [start, 0.86], "range": [0, top]},
        "yaxis": {**base["yaxis"], "visible": False, "range": [-0.5, max(len(rows), 1) - 0.5]},
        "xaxis2": {**base["xaxis"], "visible": False, "domain": [0, 1], "range": [0, 1]},
    }


def _bar_tone(row: Row, surface: str, is_old: bool) -> str:
    tone = palette(surface)
    if is_old:
        return tone.line
    if row.is_warm:
        return tone.bad
    return tone.seq4 if surface == "wall" else tone.seq5


def _notes(
    row: Row, at: int, font: dict[str, Any], digits: int, room: float
) -> list[dict[str, Any]]:
    place = {"xref": "paper", "y": at, "yref": "y", "showarrow": False, "font": font}
    value = f"<b>{number('zh', row.value, digits)}</b>"
    return [
        {**place, "text": plain_text(shortened(row.name, room)), "x": 0, "xanchor": "left"},
        {**place, "text": value, "x": 1, "xanchor": "right"},
    ]


def name_width(name: str) -> float:
    """About the width of a text in em, never less than it takes: a Chinese letter is square."""
    return sum(map(_letter_width, name))


def _letter_width(letter: str) -> float:
    """Of Noto Sans CJK, whose Latin letters are those of Source Sans."""
    if ord(letter) > 0x2E80:
        return 1.0
    if letter in "mwMW@%—":
        return 0.92
    if letter in " .,:;'’|iljI!":
        return 0.29
    if letter in "ftr()-/":
        return 0.4
    return 0.66 if letter.isupper() else 0.58


def shortened(name: str, room: float) -> str:
    """The name, or as much of it as fits into `room` em and an ellipsis."""
    if name_width(name) <= room:
        return name
    while name and name_width(name) > room - 1:
        name = name[:-1]
    return f"{name.rstrip()}…"


def plain_text(words: str) -> str:
    """Plotly reads a few tags in its texts: names from outside must not be able to use them."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _usual_ticks(lines: Sequence[Row], tone: Palette, surface: str) -> list[dict[str, Any]]:
    known = [(row.usual, at) for at, row in enumerate(lines) if row.usual is not None]
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

"""Small multiples: many days side by side on one scale, only the odd one warm and thick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from centre.snapshots.cells import Hours
from components.charts.bars import name_width, plain_text, shortened
from components.charts.figures import Figure
from components.text import DASH, number
from components.theme import Palette, layout, palette

COLUMNS = 2
WIDTH, SIZE = 544, 20
"""In px, of the drawing on a wall and of its letters: what a name may take of its line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Small:
    """One of them: a name, its day, and the sums that stand above it."""

    name: str
    hours: Hours
    today: float | None
    usual: float | None
    is_warm: bool = False
    running: int = 23  # the hour that is not over; its count is of a part of it
    is_old: bool = False  # not of now: drawn in the weakest ink


def small_multiples(many: Sequence[Small], *, surface: str, words: str) -> Figure:
    """A grid of lines by hour; the usual day is a grey band up to its value."""
    tone = palette(surface)
    frame: Figure = {**layout(surface), "annotations": [], "meta": {"words": words}}
    del frame["xaxis"], frame["yaxis"]
    rows = -(-len(many) // COLUMNS) or 1
    top = max([value for one in many for value in _known(one.hours)], default=1.0)
    data: list[dict[str, Any]] = []
    for at, one in enumerate(many):
        axes = _axes(at, rows, top)
        frame |= axes
        data += _lines(one, at, tone)
        frame["annotations"] += _heading(one, at, rows, tone)
    return {"data": data, "layout": frame}


def _known(hours: Hours) -> list[float]:
    return [value for value in (*hours.today, *hours.usual) if value is not None]


def _axes(at: int, rows: int, top: float) -> dict[str, Any]:
    column, row = at % COLUMNS, at // COLUMNS
    left, height = column / COLUMNS, 1 / rows
    bottom = 1 - (row + 1) * height
    number_of = "" if at == 0 else str(at + 1)
    hidden = {"visible": False, "fixedrange": True}
    width = 1 / COLUMNS - 0.03
    return {
        f"xaxis{number_of}": {
            **hidden,
            "domain": [left + (0.03 if column else 0), left + width + (0.03 if column else 0)],
            "range": [0, 23],
            "anchor": f"y{number_of}",
        },
        f"yaxis{number_of}": {
            **hidden,
            "domain": [bottom + height * 0.04, bottom + height * 0.68],
            "range": [0, top * 1.05],
            "anchor": f"x{number_of}",
        },
    }


def _lines(one: Small, at: int, tone: Palette) -> list[dict[str, Any]]:
    axis = "" if at == 0 else str(at + 1)
    place = {"xaxis": f"x{axis}", "yaxis": f"y{axis}", "mode": "lines", "type": "scatter"}
    hours = list(range(24))
    full, part = _full_and_part(one)
    line = _line_of(one, tone)
    usual = {
        **place,
        "x": hours,
        "y": list(one.hours.usual),
        "line": {"color": tone.line, "width": 1},
        "fill": "tozeroy",
        "fillcolor": tone.line,
        "hoverinfo": "skip",
    }
    today = {
        **place,
        "x": hours,
        "y": full,
        "line": line,
        "connectgaps": False,
        "hoverinfo": "skip",
    }
    return [usual, today, *_unfinished(place, part, line, tone)]


def _line_of(one: Small, tone: Palette) -> dict[str, Any]:
    if one.is_old:
        return {"color": tone.text3, "width": 2}
    return {"color": tone.bad, "width": 4} if one.is_warm else {"color": tone.spark, "width": 2.5}


def _full_and_part(one: Small) -> tuple[list[float | None], tuple[int, float] | None]:
    """The hours that are over; and the running one, which drawn in line would look like a fall."""
    hours = list(one.hours.today)
    last = max((at for at, value in enumerate(hours) if value is not None), default=None)
    value = None if last is None else hours[last]
    if last is None or value is None or last != one.running or last == len(hours) - 1:
        return hours, None
    return [*hours[:last], *(None,) * (len(hours) - last)], (last, value)


def _unfinished(
    place: dict[str, Any], part: tuple[int, float] | None, line: dict[str, Any], tone: Palette
) -> list[dict[str, Any]]:
    """The hollow point of the running hour."""
    if part is None:
        return []
    ring = {"size": 9, "color": tone.ground, "line": {"width": 2, "color": line["color"]}}
    point = {"x": [part[0]], "y": [part[1]], "marker": ring, "hoverinfo": "skip"}
    return [{**place, **point, "mode": "markers", "cliponaxis": False}]


def _heading(one: Small, at: int, rows: int, tone: Palette) -> list[dict[str, Any]]:
    column, row = at % COLUMNS, at // COLUMNS
    left = column / COLUMNS + (0.03 if column else 0)
    right = left + 1 / COLUMNS - 0.03
    ink = tone.text3 if one.is_old else tone.text
    warm = tone.bad if one.is_warm and not one.is_old else ink
    y = 1 - row / rows
    place = {"xref": "paper", "yref": "paper", "y": y, "yanchor": "top", "showarrow": False}
    usual = "" if one.usual is None else f" / {number('zh', one.usual)}"
    today = DASH if one.today is None else number("zh", one.today)
    room = (1 / COLUMNS - 0.03) * WIDTH / SIZE - name_width(f"{today}{usual}") - 1
    return [
        {
            **place,
            "text": plain_text(shortened(one.name, room)),
            "x": left,
            "xanchor": "left",
            "font": _font(ink),
        },
        {
            **place,
            "text": f"<b>{today}</b>{usual}",
            "x": right,
            "xanchor": "right",
            "font": _font(warm),
        },
    ]


def _font(colour: str) -> dict[str, Any]:
    return {"size": SIZE, "color": colour}

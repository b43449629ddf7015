"""Days of a line that somebody has said something about: a pale band, 注 at its top."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from components.text import t
from components.theme import Palette, palette


def noted(
    figure: dict[str, Any], told: Mapping[date, str], *, surface: str, lang: str
) -> dict[str, Any]:
    """The drawing of a line by day with the words of `told` on its days."""
    if not told:
        return figure
    tone, spans, drawn = palette(surface), [*_spans(told)], figure["layout"]
    shapes = [*drawn.get("shapes", ()), *(_band(*span, tone) for span in spans)]
    signs = [*drawn.get("annotations", ()), *(_sign(*span, tone, lang) for span in spans)]
    return {**figure, "layout": {**drawn, "shapes": shapes, "annotations": signs}}


def _spans(told: Mapping[date, str]) -> Iterator[tuple[date, date, str]]:
    """First day, last day and words of days in a row of which the same is said."""
    ordered = sorted(told.items())
    for _, some in groupby(
        enumerate(ordered), key=lambda one: (one[1][0].toordinal() - one[0], one[1][1])
    ):
        days = [each for _, each in some]
        yield days[0][0], days[-1][0], days[0][1]


def _band(first: date, last: date, _words: str, tone: Palette) -> dict[str, Any]:
    return {
        "type": "rect",
        "layer": "below",
        "xref": "x",
        "yref": "paper",
        "x0": f"{first - timedelta(days=1)}T12:00",
        "x1": f"{last}T12:00",
        "y0": 0,
        "y1": 1,
        "line": {"width": 0},
        "fillcolor": tone.watch,
        "opacity": 0.12,
    }


def _sign(first: date, last: date, words: str, tone: Palette, lang: str) -> dict[str, Any]:
    return {
        "x": f"{first + (last - first) / 2}",
        "y": 1,
        "yref": "paper",
        "yanchor": "top",
        "showarrow": False,
        "text": t(lang, "quality.mark"),
        "hovertext": words,
        "font": {"size": 11, "color": tone.watch},
    }

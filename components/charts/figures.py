"""Plotly figures as plain dicts: building a go.Figure for each viewer costs a hundred times more.

`trend` here, `ranking` and `small_multiples` beside; tests validate each with go.Figure. What a
figure says in words stands in layout.meta.words and goes to aria-label.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from centre.snapshots.cells import Series
from components.charts import gaps
from components.text import day, t
from components.theme import Palette, layout, palette

Figure = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """The unfinished day, drawn in its own lane: joined to the line it looks like a collapse."""

    value: float | None
    usual: float | None
    words: str = ""  # what the lane is called; "" for today


def trend(
    series: Series | None,
    *,
    surface: str,
    lang: str,
    words: str,
    today: Today | None = None,
    target: float | None = None,
    is_rate: bool = False,
) -> Figure:
    """30 complete days as a line that breaks where a day is missing; today beside it, apart.

    Where the definition changed it is cut as well, with an edge and the version on either side.
    """
    tone, base = palette(surface), layout(surface)
    lane = 0.86 if today else 1.0
    data = [_line(x, y, tone) for x, y in stretches(series)] + gaps.traces(series, lang, tone)
    frame: Figure = {
        **base,
        "xaxis": {**base["xaxis"], **_days_axis(series, lang, lane)},
        "yaxis": {**base["yaxis"], **_amounts_axis(is_rate)},
        "meta": {"words": words},
        "shapes": [*_target(target, tone, lane), *_edges(series, tone)],
        "annotations": _versions(series, lang, tone),
        "margin": {"l": 44, "r": 8, "t": 8, "b": 24},
    }
    if today:
        data += _today_lane(today, tone, lang)
        frame["xaxis2"] = {**base["xaxis"], **_today_axis(today, lang, lane)}
    return {"data": data, "layout": frame}


def _days_axis(series: Series | None, lang: str, lane: float) -> dict[str, Any]:
    days = [series.first + timedelta(days=at) for at in range(len(series.num))] if series else []
    ticks = _day_ticks(days, lang, is_cut=lane < 1)
    return {"type": "date", "domain": [0, lane], **ticks}


def _amounts_axis(is_rate: bool) -> dict[str, Any]:
    return {
        "showgrid": True,
        "nticks": 4,
        "tickformat": ".1%" if is_rate else ",d",
        "side": "left",
        "automargin": True,
    }


def _today_axis(today: Today, lang: str, lane: float) -> dict[str, Any]:
    return {
        "domain": [lane + 0.04, 1],
        "anchor": "y",
        "range": [-0.8, 0.8],
        "tickvals": [0],
        "ticktext": [today.words or t(lang, "chart.today")],
    }


def stretches(series: Series | None) -> list[tuple[list[str], list[float | None]]]:
    """The days and values of a line, one pair for each definition; one pair for no line at all."""
    if series is None:
        return [([], [])]
    bounds = [0, *series.cuts, len(series.num)]
    days = [(series.first + timedelta(days=at)).isoformat() for at in range(len(series.num))]
    values = list(series.values)
    return [(days[start:end], values[start:end]) for start, end in pairwise(bounds)]


def _edges(series: Series | None, tone: Palette) -> list[dict[str, Any]]:
    """A dotted line between the last day of a definition and the first of the next."""
    line = {"color": tone.text3, "width": 1, "dash": "dot"}
    return [
        {"type": "line", "line": line, "yref": "paper", "y0": 0, "y1": 1, "x0": x, "x1": x}
        for x in (_before(one) for one in (series.breaks if series else ()))
    ]


def _before(one: date) -> str:
    return f"{one - timedelta(days=1)}T12:00"


def _versions(series: Series | None, lang: str, tone: Palette) -> list[dict[str, Any]]:
    """The version of its definition on either side of each edge."""
    if series is None or not series.breaks:
        return []
    place = {"yref": "paper", "y": 1, "yanchor": "top", "showarrow": False}
    font = {"size": 11, "color": tone.text2}
    return [
        {
            **place,
            "x": _before(one),
            "xanchor": anchor,
            "text": t(lang, "definition.short", version=version),
            "font": font,
        }
        for one, both in zip(series.breaks, pairwise(series.versions), strict=True)
        for anchor, version in zip(("right", "left"), both, strict=True)
    ]


def _line(x: list[str], y: list[float | None], tone: Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": tone.spark, "width": 2.5},
        "connectgaps": False,
        "hovertemplate": "%{x|%Y-%m-%d}  %{y}<extra></extra>",
    }


def _day_ticks(days: Sequence[Any], lang: str, *, is_cut: bool) -> dict[str, Any]:
    """Every seventh day; `is_cut`: without the last, whose name would touch today's."""
    shown = [one for one in days if (one - days[-1]).days % 7 == 0]
    shown = shown[:-1] if is_cut else shown
    return {
        "tickvals": [one.isoformat() for one in shown],
        "ticktext": [day(lang, one) for one in shown],
    }


def _target(value: float | None, tone: Palette, lane: float) -> list[dict[str, Any]]:
    if value is None:
        return []
    line = {"color": tone.text3, "width": 1, "dash": "dash"}
    ends = {"x0": 0, "x1": lane, "xref": "paper", "y0": value, "y1": value}
    return [{"type": "line", "line": line, **ends}]


def _today_lane(today: Today, tone: Palette, lang: str) -> list[dict[str, Any]]:
    bar = {
        "type": "bar",
        "x": [0],
        "y": [today.value],
        "xaxis": "x2",
        "width": 0.7,
        "marker": {"color": tone.seq5},
        "hovertemplate": f"{today.words or t(lang, 'chart.today')} %{{y}}<extra></extra>",
    }
    if today.usual is None:
        return [bar]
    stroke = {"symbol": "line-ew", "size": 34, "line": {"width": 2, "color": tone.text}}
    usual = {
        "type": "scatter",
        "mode": "markers",
        "x": [0],
        "y": [today.usual],
        "xaxis": "x2",
        "marker": {**stroke, "color": tone.text},
        "hovertemplate": f"{t(lang, 'chart.usual')} %{{y}}<extra></extra>",
    }
    return [bar, usual]

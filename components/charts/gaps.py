"""Days of a line that are not whole, or that late data changed: a ring, a diamond. Traces."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from centre.snapshots.cells import Series
from components.text import t
from components.theme import Palette


def traces(series: Series | None, lang: str, tone: Palette) -> list[dict[str, Any]]:
    """Marks on the points of a line, each kind with its words; nothing where all is whole."""
    if series is None:
        return []
    partial = {at: codes for at, codes in enumerate(series.missing) if codes}
    revised = [(one - series.first).days for one in series.revised]
    made = [
        _marks(series, list(partial), "circle-open", tone.text2, t(lang, "coverage.partial_day")),
        _marks(series, revised, "diamond-open", tone.text2, t(lang, "coverage.revised")),
    ]
    return [one for one in made if one["x"]]


def _marks(
    series: Series, places: list[int], symbol: str, colour: str, words: str
) -> dict[str, Any]:
    values = series.values
    shown = [at for at in places if 0 <= at < len(values) and values[at] is not None]
    days: list[date] = [series.first + timedelta(days=at) for at in shown]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [one.isoformat() for one in days],
        "y": [values[at] for at in shown],
        "marker": {"symbol": symbol, "size": 9, "color": colour},
        "hovertemplate": f"%{{x|%Y-%m-%d}}  %{{y}} · {words}<extra></extra>",
        "showlegend": False,
    }

"""The counts of one source by day as small bars: what came, and what of it was not good."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.metrics.quality import Day, Line
from components.charts.svg import drawing, node
from components.tags import data
from components.text import full_day, number, t

WIDTH, HEIGHT, GAP = 8.0, 28.0, 2.0
"""Of a day's bar at most, in units of the drawing, and between two of them."""


def bars(lang: str, one: Line, names: tuple[str, ...]) -> Any:
    """One row for each count, each on its own scale; the table below has the numbers."""
    return html.Div([_row(lang, one, name) for name in names], className="quality-bars")


def _row(lang: str, one: Line, name: str) -> Any:
    words = t(lang, f"quality.{name}")
    counts = [_count(day, name) for day in one.days]
    most = max((count for count in counts if count is not None), default=0)
    said = _most(lang, one, counts, most)
    label = f"{words}{t(lang, 'mark.colon')}{said}" if said else words
    shapes = [_bar(at, count, most) for at, count in enumerate(counts) if count]
    base = node("path", d=f"M0 {HEIGHT}H{len(counts) * (WIDTH + GAP)}", stroke="var(--line)")
    shown = drawing(len(counts) * (WIDTH + GAP), HEIGHT + 1, base, *shapes, label=label)
    beside = html.Span(said, className="weak", **data(plain="text"))
    return html.Div([html.Span(words), shown, beside], **data(drawn="words"))


def _most(lang: str, one: Line, counts: list[int | None], most: int) -> str:
    """最多 12 件（2026年6月16日）; "" where there was none at all."""
    if not most:
        return ""
    day = one.days[max(at for at, count in enumerate(counts) if count == most)].day
    return t(lang, "quality.most", count=number(lang, most), day=full_day(lang, day))


def _count(day: Day, name: str) -> int | None:
    """None where nothing is known of the day."""
    if day.entry is None:
        return None if day.late is None else 0
    found: int = getattr(day.entry, name)
    return found


def _bar(at: int, count: int, most: int) -> Any:
    height = max(HEIGHT * count / most, 1.0)
    return node(
        "rect",
        x=at * (WIDTH + GAP),
        y=HEIGHT - height,
        width=WIDTH,
        height=height,
        fill="var(--seq5)",
    )

"""The counts of one source by day as small bars: what came, and what of it was not good."""

from __future__ import annotations

from datetime import date
from typing import Any

from dash import html

from centre.metrics.quality_lines import Day, Line
from components.charts.svg import drawing, node
from components.desk.quality_cells import Whose, count
from components.marks import plain
from components.rich import Words, rich
from components.tags import data
from components.text import full_day, number, t

WIDTH, HEIGHT, GAP = 8.0, 28.0, 2.0
"""Of a day's bar at most, in units of the drawing, and between two of them."""


def bars(whose: Whose, one: Line, names: tuple[str, ...]) -> Any:
    """One row for each count, each on its own scale; the table below has the numbers."""
    return html.Div([_row(whose, one, name) for name in names], className="quality-bars")


def _row(whose: Whose, one: Line, name: str) -> Any:
    lang, words = whose.view.lang, t(whose.view.lang, f"quality.{name}")
    counts = [_count(day, name) for day in one.days]
    most = max((each for each in counts if each is not None), default=0)
    day = _newest(one, counts, most) if most else None
    label = words
    if day is not None:
        said = t(lang, "quality.most", count=number(lang, most), day=full_day(lang, day))
        label = f"{words}{t(lang, 'mark.colon')}{said}"
    shapes = [_bar(at, each, most) for at, each in enumerate(counts) if each]
    base = node("path", d=f"M0 {HEIGHT}H{len(counts) * (WIDTH + GAP)}", stroke="var(--line)")
    shown = drawing(len(counts) * (WIDTH + GAP), HEIGHT + 1, base, *shapes, label=label)
    beside = html.Span(_most(whose, one, name, day), className="weak")
    return html.Div([html.Span(words), shown, beside], **data(drawn="words"))


def _newest(one: Line, counts: list[int | None], most: int) -> date:
    """The last day with this count."""
    return one.days[max(at for at, each in enumerate(counts) if each == most)].day


def _most(whose: Whose, one: Line, name: str, day: date | None) -> Words:
    """最多 12 行（2026年6月16日）; nothing where there was none at all."""
    if day is None:
        return []
    lang, shown = whose.view.lang, count(whose.on(day), name, one.on(day).amount(name))
    return rich(lang, "quality.most", count=shown, day=plain("date", full_day(lang, day)))


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

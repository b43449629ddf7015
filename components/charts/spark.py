"""The 30-day line of a card: no axis, a target as dashes, a gap where a day is missing."""

from __future__ import annotations

from itertools import pairwise

from centre.domain.status import Freshness
from centre.snapshots.cells import Series
from components.charts.svg import Node, Svg, drawing, node, path

_PAD = 5.0
_Point = tuple[float, float]


def spark(
    values: tuple[float | None, ...],
    *,
    label: str,
    state: Freshness = Freshness.LIVE,
    is_partial: bool = False,
    target: float | None = None,
    cuts: tuple[int, ...] = (),
    size: tuple[float, float] = (132, 60),
) -> Svg:
    """A line with a dot at its end: hollow when late or partial, hatched when down.

    `cuts`: numbers of the values before which it is cut, because another definition begins there.
    """
    known = [value for value in values if value is not None]
    if not known:
        return drawing(*size, _nothing(size), label=label, class_="spark")
    low, high = min([*known, *_one(target)]), max([*known, *_one(target)])
    points = _place(values, low, high, size)
    lines = [_line(run, state) for run in _runs(points, cuts)]
    return drawing(
        *size,
        *(_target(target, low, high, size) if target is not None else ()),
        *(_cut(at, len(values), size) for at in cuts),
        *lines,
        *_end(points, state, is_partial, size),
        label=label,
        class_="spark",
    )


def _one(value: float | None) -> list[float]:
    return [] if value is None else [value]


def _place(
    values: tuple[float | None, ...], low: float, high: float, size: tuple[float, float]
) -> list[_Point | None]:
    step = (size[0] - 2 * _PAD) / max(1, len(values) - 1)
    return [
        None if value is None else (_PAD + at * step, _y(value, low, high, size[1]))
        for at, value in enumerate(values)
    ]


def _y(value: float, low: float, high: float, height: float) -> float:
    if high == low:
        return height / 2
    return height - _PAD - (value - low) / (high - low) * (height - 2 * _PAD)


def _runs(points: list[_Point | None], cuts: tuple[int, ...]) -> list[list[_Point]]:
    runs: list[list[_Point]] = [[]]
    for at, point in enumerate(points):
        if point is None or at in cuts:
            runs.append([])
        if point is not None:
            runs[-1].append(point)
    return [run for run in runs if run]


def _line(run: list[_Point], state: Freshness) -> Node:
    if len(run) == 1:
        return node("circle", cx=run[0][0], cy=run[0][1], r=2, fill="var(--spark)")
    tone = "var(--spark)" if state in (Freshness.LIVE, Freshness.LATE) else "var(--text3)"
    return node(
        "path", d=path(run), fill="none", stroke=tone, stroke_width=2.5, stroke_linejoin="round"
    )


def _end(
    points: list[_Point | None], state: Freshness, is_partial: bool, size: tuple[float, float]
) -> list[Node]:
    last = next((point for point in reversed(points) if point), None)
    if last is None or state is Freshness.MISSING:
        return []
    if state is Freshness.DOWN:
        box = node("rect", x=size[0] - 24, y=4, width=24, height=size[1] - 8, fill="url(#hatch)")
        return [box]
    hollow = is_partial or state is not Freshness.LIVE
    fill = "var(--dot-ground, var(--ground))" if hollow else "var(--text)"
    edge = {"stroke": "var(--text)", "stroke_width": 2} if hollow else {}
    return [node("circle", cx=last[0], cy=last[1], r=4.2, fill=fill, **edge)]


def _target(value: float, low: float, high: float, size: tuple[float, float]) -> tuple[Node]:
    y = _y(value, low, high, size[1])
    line = node("line", x1=0, x2=size[0], y1=y, y2=y, stroke="var(--text3)", stroke_dasharray="3 4")
    return (line,)


def _cut(at: int, count: int, size: tuple[float, float]) -> Node:
    """The edge between two definitions, half a day before the first day of the later one."""
    x = _PAD + (at - 0.5) * (size[0] - 2 * _PAD) / max(1, count - 1)
    ends = {"x1": x, "x2": x, "y1": 2, "y2": size[1] - 2}
    return node("line", **ends, stroke="var(--text3)", stroke_dasharray="1 3", class_="cut")


def _nothing(size: tuple[float, float]) -> Node:
    middle = size[1] / 2
    return node(
        "line",
        x1=_PAD,
        x2=size[0] - _PAD,
        y1=middle,
        y2=middle,
        stroke="var(--line)",
        stroke_width=2,
        stroke_dasharray="2 6",
    )


def bridged(series: Series) -> tuple[float | None, ...]:
    """The values to draw: straight across days on which nothing fell due, broken where data miss
    and where the definition changed.

    A rate has no value on a Sunday without a single case; that is no gap in what was delivered.
    """
    values = list(series.values)
    if series.den is None:
        return series.values
    known = [at for at, value in enumerate(values) if value is not None]
    for before, after in pairwise(known):
        between = range(before + 1, after)
        if any(before < cut <= after for cut in series.cuts):
            continue
        if all(series.den[at] == 0 and series.num[at] is not None for at in between):
            step = ((values[after] or 0) - (values[before] or 0)) / (after - before)
            for at in between:
                values[at] = (values[before] or 0) + step * (at - before)
    return tuple(values)

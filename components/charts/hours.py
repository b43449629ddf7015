"""The day by hour: bars of today, a tick for the usual day, the running hour paler."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from centre.snapshots.cells import Hours
from components.charts.svg import Node, Svg, drawing, node
from components.text import number, t

_AXIS = 22.0
_TOP = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """Where an hour and a value stand in the drawing."""

    width: float
    base: float
    room: float
    top: float
    font: float

    def x(self, hour: float) -> float:
        return hour * self.width / 24

    def y(self, value: float) -> float:
        return self.base - value / self.top * self.room


def hour_bars(
    hours: Hours | None,
    *,
    lang: str,
    name: str,
    size: tuple[float, float] = (388, 128),
    font: float = 12,
    tone: str = "var(--seq5)",
    warm_above: float | None = None,
    silent: tuple[float, float] | None = None,
) -> Svg:
    """24 bars; those above `warm_above` times their usual are in the accent colour.

    `silent`: from which to which hour nothing came; hatched, without bars.
    """
    shown = _shown(hours, silent)
    top = max([value for value in (*shown.today, *shown.usual) if value], default=1.0)
    base = size[1] - _AXIS * font / 12
    field = _Field(width=size[0], base=base, room=base - _TOP * font / 12, top=top, font=font)
    ground = node("line", x1=0, x2=size[0], y1=base, y2=base, stroke="var(--text3)")
    return drawing(
        *size,
        ground,
        *_bars(shown, field, tone, warm_above),
        *([_hatched(field, *silent)] if silent else []),
        *(_tick(field, at, value) for at, value in enumerate(shown.usual) if value is not None),
        *_peak(shown.today, field, lang),
        *_axis(size, font, lang),
        label=hour_words(hours, lang, name),
        class_="hours",
    )


def _shown(hours: Hours | None, silent: tuple[float, float] | None) -> Hours:
    """What has a bar or a tick: no hour of a silence; no tick where nothing is usual yet."""
    if hours is None:
        return Hours(today=(), usual=())
    today = hours.today[: ceil(silent[0])] if silent else hours.today
    return Hours(today=today, usual=hours.usual if any(hours.usual) else ())


def hour_words(hours: Hours | None, lang: str, name: str) -> str:
    """The same in words: the peak and the sum."""
    known = [(value, hour) for hour, value in enumerate(hours.today) if value] if hours else []
    if not known:
        return t(lang, "chart.hours_none", name=name)
    peak, hour = max(known)
    total = number(lang, sum(value for value, _ in known))
    return t(lang, "chart.hours", name=name, peak=number(lang, peak), hour=hour, total=total)


def _bars(hours: Hours, field: _Field, tone: str, warm_above: float | None) -> list[Node]:
    running = max((at for at, value in enumerate(hours.today) if value is not None), default=-1)
    bars = []
    for hour, value in enumerate(hours.today):
        usual = hours.usual[hour] if hour < len(hours.usual) else None
        is_warm = warm_above is not None and usual is not None and (value or 0) > warm_above * usual
        if value:
            pale = 0.45 if hour == running else None  # an hour not over looks like a collapse
            bars.append(_bar(field, hour, value, "var(--bad)" if is_warm else tone, pale))
    return bars


def _bar(field: _Field, hour: int, value: float, fill: str, opacity: float | None) -> Node:
    return node(
        "rect",
        x=field.x(hour + 0.1),
        y=field.y(value),
        width=field.x(0.8),
        height=max(1.0, field.base - field.y(value)),
        fill=fill,
        fill_opacity=opacity if opacity is None else str(opacity),
    )


def _hatched(field: _Field, first: float, last: float) -> Node:
    """Hours of which nothing is known."""
    return node(
        "rect",
        x=field.x(first),
        y=field.base - field.room,
        width=field.x(last - first),
        height=field.room,
        fill="url(#hatch)",
    )


def _tick(field: _Field, hour: int, value: float) -> Node:
    x, y = field.x(hour), field.y(value)
    return node("line", x1=x, x2=x + field.x(1), y1=y, y2=y, stroke="var(--text)", stroke_width=2)


def _peak(today: tuple[float | None, ...], field: _Field, lang: str) -> list[Node]:
    """The highest hour's number above its bar."""
    known = [(value, hour) for hour, value in enumerate(today) if value]
    if not known:
        return []
    value, hour = max(known)
    edge = field.font * 1.2
    words = node(
        "text",
        number(lang, value),
        x=min(max(field.x(hour + 0.5), edge), field.width - edge),
        y=field.y(value) - field.font * 0.5,
        text_anchor="middle",
        font_size=field.font,
        font_weight=700,
        fill="var(--text)",
    )
    return [words]


def _axis(size: tuple[float, float], font: float, lang: str) -> list[Node]:
    ends = {0: "start", 24: "end"}
    return [
        node(
            "text",
            t(lang, "date.hour", hour=hour),
            x=size[0] * hour / 24,
            y=size[1] - font * 0.3,
            text_anchor=ends.get(hour, "middle"),
            font_size=font,
            fill="var(--text2)",
            data_plain="axis",
        )
        for hour in (0, 6, 12, 18, 24)
    ]

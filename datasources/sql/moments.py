"""Times of change as databases have them: instants, days, text or counters.

A column of change times has one kind of value; what is compared with it must be of the same kind.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from centre.domain.times import compile_format

_TEXTS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y%m%d%H%M%S",
    "%Y-%m-%d",
    "%Y%m%d",
)
"""Texts that sort as the times they name; parts of a second behind them may follow."""

_TAGGED: dict[str, Callable[[str], Any]] = {
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "n": Decimal,
    "b": bytes.fromhex,
    "u": UUID,
}


class NoMoment(ValueError):
    """A value that names no time and counts nothing."""


def to_json(value: Any) -> Any:
    """A value of the source as a cursor keeps it, so that it comes back as it was."""
    match value:
        case datetime():
            return ["t", value.isoformat()]
        case date():
            return ["d", value.isoformat()]
        case Decimal():
            return ["n", str(value)]
        case bytes() | bytearray() | memoryview():
            return ["b", bytes(value).hex()]
        case UUID():
            return ["u", str(value)]
    return value


def from_json(kept: Any) -> Any:
    """The value that a cursor keeps; ValueError or KeyError for what is none."""
    return _TAGGED[kept[0]](kept[1]) if isinstance(kept, list) else kept


def earlier(moment: Any, by: float) -> Any:
    """So much before: seconds of a time, counts of a counter. Raises NoMoment."""
    return _moved(moment, -by)


def is_counter(moment: Any) -> bool:
    """Whether it counts changes and names no time."""
    return isinstance(moment, int | float | Decimal)


def instant(moment: Any, zone: ZoneInfo) -> datetime | None:
    """When it is, in UTC; None for a day or a counter, which are no instants."""
    if isinstance(moment, str):
        format_ = _format_of(moment)
        moment = _read(moment, format_) if "%H" in format_ else None
    if not isinstance(moment, datetime):
        return None
    return (moment.replace(tzinfo=zone) if moment.tzinfo is None else moment).astimezone(UTC)


def ceiling(now: datetime, like: Any, zone: ZoneInfo) -> Any:
    """A day from now in the kind of `like`: what is beyond has a wrong clock. None: a counter."""
    return in_kind(now + timedelta(days=1), like, zone)


def in_kind(instant: datetime, like: Any, zone: ZoneInfo) -> Any:
    """An instant as a value of the kind of `like`; None where that names no time.

    Times without offset are the zone's. Raises NoMoment for text that is no time.
    """
    local = instant.astimezone(zone)
    match like:
        case datetime():
            return local.replace(tzinfo=None) if like.tzinfo is None else local
        case date():
            return local.date()
        case str():
            return local.strftime(_format_of(like))
    return None


def _moved(moment: Any, by: float) -> Any:
    match moment:
        case datetime():
            return moment + timedelta(seconds=by)
        case date():
            return moment + timedelta(days=by // 86_400)
        case str():
            format_ = _format_of(moment)
            return (_read(moment, format_) + timedelta(seconds=by)).strftime(format_)
        case int() | float():
            return moment + int(by)
        case Decimal():
            return moment + Decimal(int(by))
    raise NoMoment(f"{moment!r} is neither a time nor a counter")


def _format_of(text: str) -> str:
    """The pattern of a text; what follows it (parts of a second) sorts behind it."""
    for format_ in _TEXTS:
        try:
            _read(text, format_)
        except ValueError:
            continue
        return format_
    raise NoMoment(f'"{text[:40]}" is no time that sorts as text, like 2026-06-01 08:00:00')


def _read(text: str, format_: str) -> datetime:
    width = len(datetime(2000, 1, 1).strftime(format_))  # noqa: DTZ001 - the width of a text
    rest = text[width:].lstrip(".,").rstrip("0123456789")
    if rest.strip():
        raise ValueError(text)
    return compile_format(format_)(text[:width])

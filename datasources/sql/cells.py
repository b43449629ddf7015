"""Values as database drivers give them -> values that JSON knows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

_PLAIN = (str, int, bool, type(None))


def plain(value: Any, format_: str | None = None) -> Any:  # noqa: PLR0911 - one kind a line
    """A cell as JSON knows it; `format_`: how the field map reads times of this column.

    A number that JSON has none of (NaN, infinity) stays a word, for parse to refuse.
    """
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, datetime | date):
        return _time(value, format_)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return _bytes(bytes(value))
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return str(value)


def weight(value: Any) -> int:
    """About how many bytes a cell brought."""
    return len(value) if isinstance(value, str | bytes) else 8


def _time(value: date, format_: str | None) -> Any:
    if format_ == "epoch":
        return _instant(value).timestamp() if _instant(value).tzinfo else value.isoformat()
    if format_ is None:
        return value.isoformat()
    return _instant(value).strftime(format_)


def _instant(value: date) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time())


def _number(value: Decimal) -> int | float | str:
    """Whole numbers whole, others as written: 12.50 must not become 12.499999."""
    if not value.is_finite():
        return str(value)
    is_whole = value == value.to_integral_value() and abs(value) < 10**18
    return int(value) if is_whole else str(value)


def _bytes(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.hex()

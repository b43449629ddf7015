"""How a column writes times, found out from its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from centre.domain.times import time_reader
from centre.domain.words import BadValue

FORMATS = (
    "iso",
    "epoch",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y%m%d%H%M%S",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H时%M分%S秒",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %H:%M",
)
_SHARE = 0.9  # of the words must be times, so that a bad word hides no column
_EPOCHS = (8e8, 4.2e9)  # 1995 to 2103 in seconds; the same in milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """A column of times. `newest`: as read in the zone that was given."""

    format: str
    newest: datetime
    has_zone: bool
    read: int


def times(words: Sequence[Any], zone: ZoneInfo) -> Times | None:
    """By which format most of the words are times; None when by none."""
    said = [word for word in words if word not in (None, "")]
    if not said or all(isinstance(one, bool) for one in said):
        return None
    for format_ in FORMATS:
        found = [one for one in (_read(word, format_, zone) for word in said) if one]
        if len(found) >= _SHARE * len(said):
            return Times(
                format=format_,
                newest=max(found),
                has_zone=format_ == "epoch" or _has_zone(said, format_),
                read=len(found),
            )
    return None


def _read(word: Any, format_: str, zone: ZoneInfo | None) -> datetime | None:
    if format_ == "epoch" and not _is_epoch(word):
        return None
    if format_ == "iso" and len(str(word)) < len("2026-06-01"):
        return None
    try:
        return time_reader(format_, zone)(word)
    except BadValue:
        return None


def _is_epoch(word: Any) -> bool:
    try:
        number = float(word)
    except (TypeError, ValueError):
        return False
    low, high = _EPOCHS
    return low <= number <= high or low <= number / 1000 <= high


def _has_zone(said: Sequence[Any], format_: str) -> bool:
    return all(_read(word, format_, None) is not None for word in said[:20])

"""Pauses as sources write them: beginnings and ends, several of a reason in one word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo

from centre.domain.records import Pause
from centre.domain.times import time_reader
from centre.domain.words import BadValue, Reason

MOST = 100
"""Pauses of one reason in a case: more is a mistake of the source."""

_APART = re.compile(r"[;；|]")

Moments = tuple[datetime | None, ...]


class BadPause(BadValue):
    """Beginnings and ends that do not fit; `is_end` says which of the two is wrong."""

    def __init__(self, reason: Reason, detail: str, *, is_end: bool) -> None:
        super().__init__(reason, detail)
        self.is_end = is_end


def moments_reader(format_: str | None, zone: ZoneInfo | None) -> Callable[[Any], Moments | None]:
    """A reader of times in one word: a list, or text parted by ";"; a blank among them is None."""
    read_one = time_reader(format_, zone)

    def read(word: Any) -> Moments | None:
        parts = word if isinstance(word, list | tuple) else _parts(word)
        if len(parts) > MOST:
            raise BadValue("too_long", f"{len(parts)} times in one field, at most {MOST}")
        times = tuple(read_one(one) if one not in (None, "") else None for one in parts)
        return times if any(times) else None

    return read


def _parts(word: Any) -> Sequence[Any]:
    return _APART.split(word) if isinstance(word, str) else (word,)


def paired(reason: str, starts: Moments, ends: Moments, *, latest: datetime) -> Iterable[Pause]:
    """Pauses from beginnings and ends in their order; nothing begins after `latest`."""
    return tuple(_paired(reason, starts, ends, latest))


def _paired(reason: str, starts: Moments, ends: Moments, latest: datetime) -> Iterator[Pause]:
    for start, end in zip_longest(starts, ends):
        if start is None:
            if end is None:
                continue
            detail = f"a pause that ends {end.isoformat()} has no beginning"
            raise BadPause("missing", detail, is_end=False)
        if start > latest:
            detail = f"{start.isoformat()} lies in the future"
            raise BadPause("future", detail, is_end=False)
        if end is not None and end < start:
            detail = f"ended at {end.isoformat()}, begun at {start.isoformat()}"
            raise BadPause("ended_before_begun", detail, is_end=True)
        yield Pause(reason=reason, start=start, end=end)


def ordered(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """By beginning, each once; of two with the same beginning the one with an end first."""
    return tuple(sorted(dict.fromkeys(pauses), key=_order))


def _order(one: Pause) -> tuple[datetime, bool, datetime, str]:
    return one.start, one.end is None, one.end or one.start, one.reason


def moments(pauses: Iterable[Pause], latest: datetime) -> Iterator[datetime]:
    """What has happened by then: beginnings, and ends that are over."""
    for one in pauses:
        yield one.start
        if one.end is not None and one.end <= latest:
            yield one.end

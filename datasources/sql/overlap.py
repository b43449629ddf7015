"""The overlap: rows behind the newest one that are looked at again, because commits come late.

What was delivered of it is known by short hashes, so that a look brings only what is new.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any

from datasources.sql.moments import earlier, from_json, is_counter, to_json
from datasources.sql.place import Place

MOST = 2000  # rows that a cursor knows: 16 KB; of a greater rush the newest ones
_COUNTS = 1000.0  # how many numbers of a counter may be committed late, unless said otherwise
_SECONDS = 600.0  # the same of a time
_LETTERS = 8  # 32 bits: of 2,000 rows, one late row in two million is taken for a known one


@dataclass(frozen=True, slots=True)
class Mark:
    """A row that was delivered: when it was changed, and its short hash."""

    time: Any
    hash: str


def mark(time: Any, key: Any) -> Mark:
    """The mark of a row."""
    word = repr((to_json(time), to_json(key))).encode("utf-8", "surrogatepass")
    return Mark(time, blake2b(word, digest_size=_LETTERS // 2).hexdigest())


def known(place: Place) -> frozenset[str]:
    """The hashes of what is delivered of the overlap."""
    text = place.recent
    return frozenset(text[at : at + _LETTERS] for at in range(0, len(text), _LETTERS))


def remember(place: Place, marks: Sequence[Mark], width: float | None, floor: Any = None) -> Place:
    """The place that knows the marks in the overlap behind its newest row.

    `width` in seconds, or in counts of a counter; None: what is usual. `floor`: of rows that were
    changed at that time or before, not all are delivered yet.
    """
    assert place.high is not None  # noqa: S101 - whoever remembers has seen a row
    high = from_json(place.high[0])
    start = earlier(high, _width(high, width))
    for low in (floor, from_json(place.since)):
        start = low if _is_later(low, start) else start
    kept = [one for one in marks if _is_later(one.time, start)]
    if len(kept) > MOST:
        kept.sort(key=lambda one: one.time)
        start = kept[-MOST - 1].time
        kept = [one for one in kept[-MOST:] if one.time > start]
    recent = "".join(sorted({one.hash for one in kept}))
    return replace(place, since=to_json(start), recent=recent)


def settle(place: Place, now: datetime, width: float | None) -> Place:
    """The place without its overlap, once that was still for as long as a commit may take."""
    if not place.recent or place.high is None:
        return place
    high = from_json(place.high[0])
    wait = _SECONDS if is_counter(high) else _width(high, width)
    age = (now - datetime.fromisoformat(place.seen)).total_seconds()
    return replace(place, recent="", since=None) if age > wait else place


def _is_later(time: Any, start: Any) -> bool:
    """A time of another kind (a zero that a database takes for one) is in no overlap."""
    return type(time) is type(start) and bool(time > start)


def _width(high: Any, width: float | None) -> float:
    if width is not None:
        return width
    return _COUNTS if is_counter(high) else _SECONDS

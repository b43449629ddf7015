"""Where a reading by the time of change stands: what its cursor holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

OLDER, BLANK, FULL = "older", "blank", "full"
"""What is filled in: rows changed before, rows without a time of change, all is."""

Point = list[Any]
"""(time of change, key) of a row, as JSON keeps them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Times of change and keys are kept as JSON keeps them (moments.to_json)."""

    high: Point | None = None  # the newest row that is delivered; None: nothing yet
    low: Any = None  # OLDER: the point above what is to come; BLANK: the key before it
    stage: str = OLDER
    seen: str = ""  # when `high` moved last
    since: Any = None  # of the rows changed after this ...
    recent: str = ""  # ... these are delivered: their short hashes
    read: int = 0
    total: int = 0
    until: str | None = None  # all that was committed by then is delivered

    @classmethod
    def of(cls, cursor: Mapping[str, Any]) -> Place | None:
        """A cursor of ours; None for another's."""
        return cls(**cursor) if set(cursor) == {one.name for one in fields(cls)} else None

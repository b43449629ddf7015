"""How old is too old, and is a case on time: the two judgements every screen shares."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class Freshness(StrEnum):
    """Five words for the age of a figure; partial is coverage, not freshness."""

    LIVE = "live"
    LATE = "late"
    STALE = "stale"
    DOWN = "down"
    MISSING = "missing"


_ORDER = tuple(Freshness)


def freshness(as_of: datetime | None, now: datetime, interval_seconds: float) -> Freshness:
    """Judge an age against the promised interval; MISSING when there never was data."""
    if as_of is None:
        return Freshness.MISSING
    age = (now - as_of).total_seconds()
    if age > max(10 * interval_seconds, 15 * 60):  # design.md: 15 min floor
        return Freshness.DOWN
    if age > max(3 * interval_seconds, 60):  # design.md: 60 s floor
        return Freshness.STALE
    if age > 1.5 * interval_seconds:
        return Freshness.LATE
    return Freshness.LIVE


def worst(states: list[Freshness]) -> Freshness:
    """The worst of some states; MISSING for none."""
    return max(states, key=_ORDER.index) if states else Freshness.MISSING


class Verdict(StrEnum):
    """Where a case stands against its due time."""

    NONE = "none"  # no due time: counts as on time in nobody's denominator
    ON_TIME = "on_time"  # closed by then
    LATE = "late"  # closed after
    OPEN = "open"  # open, not yet due
    OVERDUE = "overdue"  # open past due


def verdict(due_at: datetime | None, closed_at: datetime | None, at: datetime) -> Verdict:
    """Judge one case as of `at`; a closing after `at` has not happened yet."""
    if due_at is None:
        return Verdict.NONE
    if closed_at is not None and closed_at <= at:
        return Verdict.ON_TIME if closed_at <= due_at else Verdict.LATE
    return Verdict.OVERDUE if due_at < at else Verdict.OPEN

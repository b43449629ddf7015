"""How old is too old, and is a case on time: the two judgements every screen shares.

Three clocks of a figure: when what it counts happened (event), until when its sources say that they
are complete (data time), when we wrote it down (received). Only the data time is judged: a quiet
county at 3 a.m. is not stale. assets/live.js judges by the same table of tests,
tests/domain/freshness_table.json, because a dead server cannot say that it is dead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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


def standing(state: str, as_of: datetime | None, *, is_finished: bool) -> Freshness:
    """What a source's state says of the figures made of it.

    A paused source says nothing of today; finished data does not age.
    """
    if is_finished:
        return Freshness.MISSING if as_of is None else Freshness.LIVE
    return Freshness.DOWN if state == PAUSED else Freshness(state)


PAUSED = "paused"
"""The state of a source that an operator has stopped; the others are freshnesses."""


def worst(states: list[Freshness]) -> Freshness:
    """The worst of some states; MISSING for none."""
    return max(states, key=_ORDER.index) if states else Freshness.MISSING


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """The three clocks of a figure or of a source; None where it is not known.

    `event_at`: the newest thing that happened among what was used; `as_of`: complete until;
    `received_at`: when the newest row used was written down here.
    """

    event_at: datetime | None = None
    as_of: datetime | None = None
    received_at: datetime | None = None


def together(some: Iterable[Clocks]) -> Clocks:
    """Of several inputs: the newest event, the oldest data time, the newest receipt."""
    known = tuple(some)
    return Clocks(
        event_at=max((one.event_at for one in known if one.event_at), default=None),
        as_of=min((one.as_of for one in known if one.as_of), default=None),
        received_at=max((one.received_at for one in known if one.received_at), default=None),
    )


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

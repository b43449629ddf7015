"""The stages of a simulated case and how long they take, on the offices' working clock."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from datasources.simulation.calendar import Almanac, Amounts, Times
from datasources.simulation.draw import Draw

NEVER = np.iinfo(np.int64).max

LIFE_DAYS = 90
"""No case changes later than this many days after it was received."""

_MINUTE_US = 60_000_000
_MICROSECOND_WORK = 1 / 28_800_000_000  # of a working day


class Stage(IntEnum):
    """Columns of a day's times. A case is at version n when n of its times have come."""

    RECEIVED = 0
    DISPATCHED = 1
    RETURNED = 2
    SIGNED = 3
    SUSPENDED = 4
    RESUMED = 5
    EXTENDED = 6
    REPLIED = 7
    FOLLOWED_UP = 8
    CLOSED = 9
    REOPENED = 10
    REPLIED_AGAIN = 11
    FOLLOWED_UP_AGAIN = 12
    CLOSED_AGAIN = 13


def live(
    draw: Draw,
    received: Times,
    almanac: Almanac,
    *,
    limit: float,
    reply: float,
    late: float,
    resting: Draw,
) -> Times:
    """The times of all stages, one row per case; NEVER where a stage is not reached.

    `limit` working days are allowed, the mean reply takes `reply` of them, `late` of the
    dispatched are closed too late. Cases answered at the desk are closed within minutes.
    `resting` draws the pauses, apart, so that they leave all other numbers as they are.
    """
    times = np.full((len(received), len(Stage)), NEVER, dtype=np.int64)
    times[:, Stage.RECEIVED] = received
    desk = received + _minutes(draw, median=6.0, spread=0.7)
    times[:, Stage.CLOSED] = times[:, Stage.REPLIED] = desk
    handed_on = draw.chance(draw.shares.dispatched)
    dispatched = received + _minutes(draw, median=12.0, spread=0.9)
    begun = almanac.to_work(dispatched)
    rest = _handled(draw, begun, limit=limit, reply=reply, late=late)
    times[handed_on, Stage.DISPATCHED] = dispatched[handed_on]
    for stage, work in {**rest, **_rests(resting, begun, rest, limit=limit)}.items():
        reached = handed_on & np.isfinite(work)
        times[reached, stage] = almanac.to_wall(work[reached])
    return times


def _minutes(draw: Draw, *, median: float, spread: float) -> Times:
    minutes = median * np.exp(np.clip(draw.normal() * spread, -3.0, 2.2))
    return np.asarray((minutes * _MINUTE_US).astype(np.int64) + 1, dtype=np.int64)


def _handled(
    draw: Draw, start: Amounts, *, limit: float, reply: float, late: float
) -> dict[Stage, Amounts]:
    """What an office does with a ticket that reaches it at `start`; inf = never."""
    returned = start + 0.05 + 0.7 * draw.uniform()
    is_returned = draw.chance(draw.shares.returned)
    signed = np.where(is_returned, returned, start) + np.minimum(0.12 * draw.exponential(), 1.0)
    takes = np.clip(draw.gamma(5.0) * (reply / 5.0), 0.2, 0.82 * limit)
    too_late = limit + 0.2 + np.minimum(1.5 * draw.exponential(), 8.0)
    takes = np.where(draw.chance(draw.shares.replied_late), too_late, takes)
    replied = np.maximum(start + takes, signed + 0.02)
    followed = replied + 0.15 + 0.06 * limit * draw.uniform()
    closed = followed + 0.02 + 0.02 * limit * draw.uniform()
    drags_on = start + limit + 0.3 + np.minimum(2.0 * draw.exponential(), 10.0)
    is_late = draw.chance(late)
    closed = np.where(is_late, np.maximum(drags_on, closed), closed)
    return {
        Stage.RETURNED: np.where(is_returned, returned, np.inf),
        Stage.SIGNED: signed + _MICROSECOND_WORK,
        Stage.REPLIED: replied,
        Stage.FOLLOWED_UP: followed,
        Stage.CLOSED: closed,
        **_second_round(draw, closed),
    }


def _rests(
    draw: Draw, start: Amounts, rest: dict[Stage, Amounts], *, limit: float
) -> dict[Stage, Amounts]:
    """Pauses between signing and reply; an extension is asked for by those who take long."""
    signed = rest[Stage.SIGNED]
    takes = rest[Stage.REPLIED] - signed
    suspended = signed + takes * (0.10 + 0.35 * draw.uniform())
    resumed = suspended + takes * (0.10 + 0.35 * draw.uniform())
    is_suspended = draw.chance(draw.shares.suspended)
    is_slow = rest[Stage.REPLIED] - start > 0.6 * limit
    is_extended = draw.chance(draw.shares.extended) & is_slow
    return {
        Stage.SUSPENDED: np.where(is_suspended, suspended, np.inf),
        Stage.RESUMED: np.where(is_suspended, resumed, np.inf),
        Stage.EXTENDED: np.where(is_extended, signed + 0.95 * takes, np.inf),
    }


def _second_round(draw: Draw, closed: Amounts) -> dict[Stage, Amounts]:
    """The same ticket once more, for those that come back; who does is decided by `outcome`."""
    reopened = closed + 0.2 + 2.5 * draw.uniform()
    replied = reopened + np.clip(draw.gamma(3.0) * 0.6, 0.2, 6.0)
    followed = replied + 0.1 + 0.4 * draw.uniform()
    return {
        Stage.REOPENED: reopened,
        Stage.REPLIED_AGAIN: replied,
        Stage.FOLLOWED_UP_AGAIN: followed,
        Stage.CLOSED_AGAIN: followed + 0.02 + 0.1 * draw.uniform(),
    }

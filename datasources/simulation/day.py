"""One source, one day: every case that arrives on it, and its whole life, drawn at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import pi, sin

import numpy as np
from numpy.typing import NDArray

from datasources.simulation import shape
from datasources.simulation.calendar import Almanac, Amounts, Times, almanac, stamp
from datasources.simulation.draw import Draw, generator, unit_interval
from datasources.simulation.life import NEVER, Stage, live
from datasources.simulation.setting import Setting
from datasources.simulation.words import words

Indexes = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, kw_only=True)
class SourceDay:
    """Columns over the cases of one day, by arrival. `times`: one column per Stage."""

    day: date
    times: Times
    category: Indexes
    nature: Indexes
    channel: Indexes
    street: Indexes
    is_enterprise: Flags
    to_department: Flags
    east: Amounts  # degrees from the middle of the street
    north: Amounts
    pick: Indexes  # decides the title and the kind
    linked: Indexes  # serial of the earlier case of this day, -1: none
    contacted: Flags
    outcome: Outcome
    for_third_party: Flags  # why a case is suspended
    extended_until: Times  # what an extension grants, NEVER without one

    def __len__(self) -> int:
        return len(self.times)


@dataclass(frozen=True, eq=False, kw_only=True)
class Outcome:
    """What the citizen says when asked, the first time and after a second round."""

    answered: Flags
    evaluated: Flags
    resolved: Flags
    resolved_again: Flags
    satisfied: Flags
    satisfied_again: Flags
    reason: Indexes


def count(setting: Setting, day: date) -> int:
    """How many cases a source receives on a day."""
    level = _almanac(setting, day).level(day)
    rng = generator(setting.seed, setting.source, day, "count")
    return int(rng.poisson(setting.cases_per_day * level))


def draw_day(setting: Setting, day: date) -> SourceDay:
    """Draw a day; some milliseconds."""
    draw = Draw(generator(setting.seed, setting.source, day), count(setting, day))
    book = _almanac(setting, day)
    received = _arrivals(draw, setting, day)
    outcome, is_reopened = _outcome(draw, setting, day)
    resting = Draw(generator(setting.seed, setting.source, day, "pauses"), draw.cases)
    times = live(
        draw,
        received,
        book,
        limit=setting.limit_workdays,
        reply=setting.reply_workdays,
        late=max(0.0, (1 - setting.on_time) - _LATE_ANYWAY),
        resting=resting,
    )
    back = is_reopened & (times[:, Stage.FOLLOWED_UP] != NEVER)
    times[~back, Stage.REOPENED :] = NEVER
    return SourceDay(
        day=day,
        times=times,
        category=draw.pick(np.array([one.weight for one in words().categories], dtype=float)),
        nature=draw.pick(shape.weights(shape.NATURES)),
        channel=draw.pick(shape.weights(shape.CHANNELS)),
        street=draw.pick(_street_weights(setting)),
        is_enterprise=draw.chance(shape.ENTERPRISE_SHARE),
        to_department=draw.chance(draw.shares.to_department),
        east=0.006 * np.clip(draw.normal(), -2.5, 2.5),
        north=0.005 * np.clip(draw.normal(), -2.5, 2.5),
        pick=(draw.uniform() * 2**40).astype(np.int64),
        linked=_linked(draw),
        contacted=draw.chance(draw.shares.contacted),
        outcome=outcome,
        for_third_party=resting.chance(resting.shares.third_party),
        extended_until=_extended_until(resting, times[:, Stage.EXTENDED], book),
    )


def _extended_until(draw: Draw, extended: Times, book: Almanac) -> Times:
    """Two to five working days after an extension was granted."""
    more = 2 + np.floor(4 * draw.uniform())
    is_extended = extended != NEVER
    until = np.full(len(extended), NEVER, dtype=np.int64)
    until[is_extended] = book.to_wall(book.to_work(extended[is_extended]) + more[is_extended])
    return until


# Replies after the limit and second rounds end late whatever `on_time` says.
_LATE_ANYWAY = 0.010


def _almanac(setting: Setting, day: date) -> Almanac:
    return almanac(setting.city.calendar, setting.zone, day.year)


def _arrivals(draw: Draw, setting: Setting, day: date) -> Times:
    begins, ends = stamp(day, setting.zone), stamp(day + timedelta(days=1), setting.zone)
    moments = np.sort(shape.share_of_day(draw.uniform())) * (ends - begins - 1)
    # Two cases in one microsecond are kept apart, so that order and number agree.
    return begins + _apart(moments.astype(np.int64))


def _apart(moments: Times) -> Times:
    steps = np.arange(len(moments))
    return np.asarray(np.maximum.accumulate(moments - steps) + steps, dtype=np.int64)


def _outcome(draw: Draw, setting: Setting, day: date) -> tuple[Outcome, Flags]:
    """What citizens will say, and which cases come back."""
    shares = draw.shares
    resolution = _drift(setting, day, setting.resolution, "resolution")
    satisfaction = _drift(setting, day, setting.satisfaction, "satisfaction")
    answered, evaluated = draw.chance(shares.answered), draw.chance(shares.evaluated)
    # Some of the unresolved are resolved in a second round: begin lower to end at the rate.
    mended = shares.reopened * shares.resolved_again
    resolved = draw.chance(1 - (1 - resolution) / (1 - mended))
    is_reopened = answered & ~resolved & draw.chance(shares.reopened)
    again = np.where(is_reopened, draw.chance(shares.resolved_again), resolved)
    mood = draw.uniform()
    outcome = Outcome(
        answered=answered,
        evaluated=evaluated,
        resolved=resolved,
        resolved_again=again,
        satisfied=mood < _content(resolved, resolution, satisfaction),
        satisfied_again=mood < _content(again, resolution, satisfaction),
        reason=draw.pick(shape.weights(shape.REASONS)),
    )
    return outcome, is_reopened


def _content(resolved: Flags, resolution: float, satisfaction: float) -> Amounts:
    """How likely a citizen is content: who was helped more than who was not."""
    helped = min(0.97, satisfaction + 0.09)
    not_helped = (satisfaction - resolution * helped) / max(1 - resolution, 1e-9)
    return np.where(resolved, helped, min(max(not_helped, 0.0), 1.0))


def _drift(setting: Setting, day: date, rate: float, what: str) -> float:
    """A rate that breathes: by the week and by the month, a unit at a time, zero on average."""
    turn = 2 * pi * unit_interval(setting.source, what)
    ordinal = day.toordinal()
    slow, weekly = sin(2 * pi * ordinal / 30 + turn), sin(2 * pi * ordinal / 7 + turn)
    return min(max(rate + 0.012 * slow + 0.004 * weekly, 0.0), 1.0)


def _street_weights(setting: Setting) -> Amounts:
    """Streets are unequal, always in the same way; one nameless street where none is known."""
    codes = [street.code for street in setting.unit.streets] or [""]
    return np.array([0.3 + unit_interval(setting.unit.code, code) for code in codes])


def _linked(draw: Draw) -> Indexes:
    """Serials (from 0) of earlier cases of the same day that speak of the same event."""
    earlier = np.floor(draw.uniform() * np.arange(draw.cases)).astype(np.int64)
    has_one = draw.chance(draw.shares.linked) & (np.arange(draw.cases) > 0)
    return np.where(has_one, earlier, -1)

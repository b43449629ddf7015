"""Due times by walking from minute to minute: another calendar, and no arithmetic of days."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import chinese_calendar
import numpy as np

from centre.domain.due import DueRule
from centre.domain.records import PAUSES, Pause

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
ZERO = datetime(2018, 1, 1, tzinfo=ZONE)
END = datetime(2027, 1, 1, tzinfo=ZONE)
MINUTES = (END - ZERO) // MINUTE
FAR = 420 * 1440  # minutes: no rule and no pauses of ours reach beyond
OFFICE = ((9 * 60, 12 * 60), (13 * 60 + 30, 17 * 60 + 30))


def at(text: str) -> datetime:
    """A local time in Chengdu."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def rule(**words: object) -> DueRule:
    """A rule of five working days, unless said otherwise."""
    return DueRule(**{"kind": "appeal", "length": 5, **words})  # type: ignore[arg-type]


RULES = (
    rule(length=10),
    rule(length=15, extension=15, stops=("third_party",)),
    rule(length=20, extension=20),
    rule(length=90),
    rule(
        clock="working_hours",
        length=24,
        office=tuple((a * 60_000_000, b * 60_000_000) for a, b in OFFICE),
    ),
    rule(clock="calendar_hours", length=72, extension=24),
    rule(clock="calendar_days", length=15),
)


@cache
def open_minutes(clock: str) -> np.ndarray:
    """Which minutes of nine years count, day by day as the other package knows them."""
    found = np.zeros(MINUTES, dtype=bool)
    day, first = ZERO.date(), 0
    while day < END.date():
        if clock.startswith("calendar") or chinese_calendar.is_workday(day):
            spans = OFFICE if clock == "working_hours" else ((0, 1440),)
            for start, end in spans:
                found[first + start : first + end] = True
        day, first = day + timedelta(days=1), first + 1440
    return found


def minute(instant: datetime) -> int:
    return (instant - ZERO) // MINUTE


def is_stopped(one: DueRule, pause: Pause) -> bool:
    if pause.reason == "extended":
        return pause.end is None and one.extension == 0
    return pause.reason in one.stops


def grants(one: DueRule, pauses: Sequence[Pause]) -> Iterator[tuple[int, int]]:
    """(minute, minutes more) of the extensions, by hand."""
    is_open = open_minutes(one.clock)
    unit = 1440 if one.clock.endswith("days") else 60
    extended = sorted((p for p in pauses if p.reason == "extended"), key=lambda p: p.start)
    if one.extension:
        for first in extended[:1]:
            most = one.extension * unit
            end = minute(first.end) if first.end else None
            said = int(is_open[minute(first.start) : end].sum()) if first.end else most
            yield minute(first.start), min(most, said)
        return
    ended = [(minute(p.start), minute(p.end)) for p in extended if p.end]
    if not ended:
        return
    zero = ended[0][0]
    taken = np.zeros(max(end for _, end in ended) - zero + 2, dtype=np.int8)  # one free at each end
    for start, end in ended:
        taken[start - zero + 1 : end - zero + 1] = 1
    edges = np.flatnonzero(np.diff(taken)) + zero
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield start, int(is_open[start:end].sum())


def walked(one: DueRule, anchor: datetime, pauses: Sequence[Pause]) -> datetime | None:
    """The first minute that runs after the time is used up; None where none comes in 420 days."""
    first = minute(anchor)
    runs = open_minutes(one.clock)[first : first + FAR].copy()
    for pause in pauses:
        if is_stopped(one, pause):
            start = max(minute(pause.start) - first, 0)
            runs[start : max(minute(pause.end) - first, 0) if pause.end else None] = False
    running = np.flatnonzero(runs) + first
    allowed = one.length * (1440 if one.clock.endswith("days") else 60)
    for start, more in grants(one, pauses):
        if allowed >= len(running) or start < running[allowed]:
            allowed += more
    return ZERO + int(running[allowed]) * MINUTE if allowed < len(running) else None


def stepped(one: DueRule, anchor: datetime, pauses: Sequence[Pause]) -> datetime | None:
    left = one.length * (1440 if one.clock.endswith("days") else 60)
    more = list(grants(one, pauses))
    now = anchor
    while now < anchor + timedelta(days=120):
        left += sum(length for start, length in more if start < minute(now))
        more = [(start, length) for start, length in more if start >= minute(now)]
        stops = (p for p in pauses if is_stopped(one, p))
        stopped = any(p.start <= now and (p.end is None or now < p.end) for p in stops)
        if open_minutes(one.clock)[minute(now)] and not stopped:
            if left == 0:
                return now
            left -= 1
        now += MINUTE
    return None


def some_case(dice: random.Random) -> tuple[DueRule, datetime, list[Pause]]:
    """A rule, an anchor, and up to six pauses around it that like to overlap."""
    one = dice.choice(RULES)
    anchor = ZERO + dice.randrange(MINUTES - FAR) * MINUTE
    pauses = []
    for _ in range(dice.choice((0, 1, 1, 2, 2, 3, 4, 6))):
        start = anchor + dice.randrange(-3 * 1440, 40 * 1440) * MINUTE
        length = dice.choice((0, 30, 600, 1440, 3 * 1440, 9 * 1440, 25 * 1440))
        end = start + dice.randint(0, length) * MINUTE if dice.random() < 0.93 else None
        pauses.append(Pause(reason=dice.choice(PAUSES), start=start, end=end))
    return one, anchor, sorted(pauses, key=lambda pause: pause.start)

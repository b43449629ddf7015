"""What open cases, hours and shares of the past are by what is known now, where that is another.

The names under which they stand beside the metrics in `later.Later`: `due_name("overdue")`,
`hour_name(13)`, `share_name("category", "noise")`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from centre.domain.periods import day_start, local_day
from centre.domain.places import CITY, UNASSIGNED, City
from centre.domain.scope import Scope
from centre.metrics.asked import COUNTED
from centre.metrics.evaluate import value
from centre.metrics.metric import Metric
from centre.metrics.questions import CannotAnswer, Question, Value
from centre.snapshots.cells import Snapshot
from centre.store import queries

CLOCKS = ("open", "lapses_today", "overdue")
DIMS = ("category", "channel")

Moved = Iterator[tuple[tuple[str, str], float | None]]


def due_name(clock: str) -> str:
    """Of open cases by clock."""
    return f"due:{clock}"


def hour_name(hour: int) -> str:
    """Of one local hour of the day of then."""
    return f"hour:{hour}"


def share_name(dim: str, key: str) -> str:
    """Of one category or channel of the day of then."""
    return f"share:{dim}:{key or UNASSIGNED}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparing:
    """A snapshot of then, and what it is compared with: the store and the screens of now.

    `unit`: whose hours and shares are compared beside those of the city; "" of none.
    """

    conn: Connection
    city: City
    metrics: Mapping[str, Metric]
    then: Snapshot
    present: Snapshot
    scope: Scope
    unit: str = ""


def counted(one: Comparing) -> Moved:
    """Open cases of every unit by clock; hours and shares of the day of then, of city and unit."""
    yield from _dues(one)
    units = (CITY, one.unit) if one.unit in one.city.by_code else (CITY,)
    for unit in units if COUNTED in one.metrics else ():
        with suppress(CannotAnswer):  # outside of what the asker may see: nor was it shown
            yield from _of_the_day(one, unit)


def _dues(one: Comparing) -> Moved:
    now, city = one.then.city_now, one.city
    day_end = day_start(local_day(now, city.tz) + timedelta(days=1), city.tz)
    found = queries.dues(one.conn, now, day_end, one.scope, received_until=now)
    for unit, shown in one.then.dues.items():
        some = [known for code, known in found.items() if unit in (CITY, code)]
        for clock in CLOCKS:
            before, after = getattr(shown, clock), sum(getattr(known, clock) for known in some)
            if before is not None and before != after:
                yield (due_name(clock), unit), after


def _of_the_day(one: Comparing, unit: str) -> Moved:
    for by in ("hour", *DIMS):
        known = {group.key: group.num for group in _asked(one, by, unit).groups}
        for name, key, before in _shown(one.then, by, unit):
            after = known.get(key, 0.0)
            if before is not None and after != before:
                yield (name, unit), after


def _asked(one: Comparing, by: str, unit: str) -> Value:
    now = one.then.city_now
    start = day_start(local_day(now, one.city.tz), one.city.tz)
    return value(
        one.conn,
        one.city,
        Question(metric=COUNTED, unit=unit, start=start, end=now, by=by),
        one.scope,
        max(one.present.city_now, now),
        sources=one.present.sources,
        metrics=one.metrics,
    )


def _shown(then: Snapshot, by: str, unit: str) -> Iterator[tuple[str, str, float | None]]:
    """(name, key of its group, amount) of what the screens of then showed of a unit or the city."""
    if by == "hour":
        line = then.hours[unit].today if unit in then.hours else ()
        yield from ((hour_name(at), f"{at:02d}", amount) for at, amount in enumerate(line))
        return
    for one in then.shares.get((by, unit), ()):
        yield share_name(by, one.key), one.key or UNASSIGNED, one.today

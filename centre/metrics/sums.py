"""From sums of parts to figures: pure functions over {(part, unit): {day: amount}}.

    sums, attendance ── pair ──> num, den of a unit ── tally ──> num, den, who is missing

Sums over sums, always: nothing here divides before everything is added. A unit that is not there
leaves both parts of a rate; what does not exist is None and never 0.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import repeat
from zoneinfo import ZoneInfo

from centre.domain.memo import per_identity
from centre.domain.periods import day_start
from centre.domain.places import UNASSIGNED
from centre.metrics.metric import Metric, Shape
from centre.store.parts import Part

WHOLE_DAYS = frozenset({Shape.COUNT, Shape.PER_DAY})
"""Shapes that half of a past day would make wrong; a rate divides what did come."""

Sums = Mapping[tuple[str, str], Mapping[int, float]]
"""(part id, or series of a gauge; unit) -> ordinal of the local day -> amount."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Which unit has delivered which days. `always`: units that are there on every day.

    `since`: unit -> the day its source begins with; what lies before was never promised by anybody.
    """

    days: Mapping[str, frozenset[int]] = field(default_factory=dict)
    always: frozenset[str] = frozenset()
    since: Mapping[str, int] = field(default_factory=dict)

    @staticmethod
    def of(days: Mapping[str, Iterable[int]]) -> Attendance:
        """From what was delivered; what no unit answers for is there when any unit is."""
        own = {unit: frozenset(some) for unit, some in days.items()}
        return Attendance(days={UNASSIGNED: frozenset().union(*own.values()), **own})

    def on(self, unit: str, day: int) -> bool:
        """Say whether a unit's day is there."""
        if day < self.since.get(unit, day):
            return False
        if unit in self.days:
            return day in self.days[unit]
        return unit == UNASSIGNED or unit in self.always

    def count(self, units: Iterable[str], days: Sequence[int]) -> int:
        """How many of some different days are there, of any of the units."""
        there: set[int] = set()
        for unit in units:
            if unit in self.days or (unit != UNASSIGNED and unit not in self.always):
                there.update(day for day in self.days.get(unit, ()) if self.on(unit, day))
            elif unit not in self.since:
                return len(days)
            else:
                there.update(day for day in days if day >= self.since[unit])
        return len(there.intersection(days))


def complete_only(
    presence: Mapping[str, Mapping[int, datetime]], zone: ZoneInfo
) -> dict[str, frozenset[int]]:
    """Unit -> the days that it delivered to their end, from unit -> day -> delivered until."""
    days = {day for untils in presence.values() for day in untils}
    ends = {day: day_start(date.fromordinal(day + 1), zone) for day in days}
    return {
        unit: frozenset(day for day, until in untils.items() if until >= ends[day])
        for unit, untils in presence.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Numerator and denominator; `den` None for what is not a quotient."""

    num: float
    den: float | None = None

    @property
    def value(self) -> float | None:
        """The figure; None for 0/0."""
        if self.den is None:
            return self.num
        return self.num / self.den if self.den else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A figure over units: `pair` None when nobody delivered it; who is in it, who is missing.

    `partly`: of the present those that lack some of its days, and which share of them.
    """

    pair: Pair | None
    present: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    partly: Mapping[str, float] = field(default_factory=dict)


@per_identity
def reads_cases(metric: Metric) -> bool:
    """Say whether no row means 0 (cases of a present unit) or unknown (readings, assets)."""
    return bool(metric.parts) and all(part.anchor.table.name == "case" for part in metric.parts)


def is_known(metric: Metric, seen: Collection[str]) -> bool:
    """Say whether the part without which the metric means nothing was ever delivered."""
    return metric.needs is None or metric.needs.id in seen


def seen(stocks: Mapping[tuple[str, str], float]) -> frozenset[str]:
    """Ids of the parts that anybody ever delivered, from (part, unit) -> its amount of all time.

    Of the whole city, not of each unit: a unit in which no case was ever reopened has a rate of 0,
    and without it the city's would be too high.
    """
    return frozenset(part for (part, _), amount in stocks.items() if amount)


def pair(
    metric: Metric, sums: Sums, unit: str, days: Sequence[int], attendance: Attendance
) -> Pair | None:
    """The figure of one unit over some days; None when it is not there."""
    if not attendance.count((unit,), days):
        return None
    if not reads_cases(metric):
        days = _measured(metric, sums, unit, days)
        if not days:
            return None
    return _pair(metric, sums, unit, days, attendance)


def _measured(metric: Metric, sums: Sums, unit: str, days: Sequence[int]) -> list[int]:
    """Days on which everything that the metric divides was delivered."""
    names = [part.id for part in (metric.num, metric.den) if part] or [metric.series or ""]
    return [day for day in days if all(day in sums.get((name, unit), ()) for name in names)]


def _pair(
    metric: Metric, sums: Sums, unit: str, days: Sequence[int], attendance: Attendance
) -> Pair:
    if metric.shape in WHOLE_DAYS:
        days = [day for day in days if attendance.on(unit, day)]
    num = _total(sums, metric.num.id if metric.num else metric.series or "", unit, days)
    if metric.shape in {Shape.RATIO, Shape.MEAN}:
        return Pair(num=num, den=_of(metric.den, sums, unit, days))
    if metric.shape is Shape.PER_DAY:
        return Pair(num=num, den=float(len(days)))
    return Pair(num=num - _of(metric.minus, sums, unit, days))


def _of(part: Part | None, sums: Sums, unit: str, days: Sequence[int]) -> float:
    return _total(sums, part.id, unit, days) if part else 0.0


def _total(sums: Sums, part: str, unit: str, days: Sequence[int]) -> float:
    amounts = sums.get((part, unit))
    return sum(map(amounts.get, days, repeat(0.0))) if amounts else 0.0


def tally(
    metric: Metric,
    sums: Sums,
    units: Sequence[str],
    days: Sequence[int],
    *,
    attendance: Attendance,
    seen: Collection[str],
) -> Tally:
    """The figure over some units; the missing leave numerator and denominator alike."""
    found = pairs(metric, sums, units, days, attendance=attendance, seen=seen)
    return added(metric, sums, found, days, attendance)


def pairs(
    metric: Metric,
    sums: Sums,
    units: Sequence[str],
    days: Sequence[int],
    *,
    attendance: Attendance,
    seen: Collection[str],
) -> dict[str, Pair | None]:
    """The figure of each unit, None where it is not there."""
    if not is_known(metric, seen):
        return dict.fromkeys(units)
    return {unit: pair(metric, sums, unit, days, attendance) for unit in units}


def added(
    metric: Metric,
    sums: Sums,
    found: Mapping[str, Pair | None],
    days: Sequence[int],
    attendance: Attendance,
) -> Tally:
    """Units' figures as one, sum over sum.

    Of what is measured (readings, assets) only units that ever delivered it can be missing.
    """
    there = {unit: one for unit, one in found.items() if one is not None}
    absent = [unit for unit in found if unit not in there and unit != UNASSIGNED]
    is_case = reads_cases(metric)
    if not is_case:
        absent = [unit for unit in absent if _is_measured(metric, sums, unit)]
    # Nobody's share is no figure: a city whose every centre is missing has not received 0.
    if is_case and absent and there.keys() <= {UNASSIGNED}:
        there = {}
    return Tally(
        pair=_added(metric, tuple(there.values()), tuple(there), days, attendance),
        present=tuple(there),
        missing=tuple(absent),
        partly=lacking(metric, tuple(there), days, attendance),
    )


def lacking(
    metric: Metric, units: Sequence[str], days: Sequence[int], attendance: Attendance
) -> dict[str, float]:
    """Units -> the share of the days that they did not deliver, though others did.

    Only of what is added day by day: a rate divides what did come, and a centre that was silent
    for some days keeps its others in it.
    """
    if metric.shape not in WHOLE_DAYS or len(units) < 2 or len(days) < 2 or not reads_cases(metric):
        return {}
    own = {unit: _delivered(unit, days, attendance) for unit in units if unit != UNASSIGNED}
    every = sorted(set().union(*own.values()))
    found = {}
    for unit, there in own.items():
        since = attendance.since.get(unit, 0)
        asked = [day for day in range(every[0], every[-1] + 1) if day >= since]
        if len(there) < len(asked):
            found[unit] = 1 - len(there) / len(asked)
    return found


def _delivered(unit: str, days: Sequence[int], attendance: Attendance) -> set[int]:
    return {day for day in days if attendance.on(unit, day)}


def _is_measured(metric: Metric, sums: Sums, unit: str) -> bool:
    names = [part.id for part in metric.parts] or [metric.series or ""]
    return any((name, unit) in sums for name in names)


def _added(
    metric: Metric,
    pairs: Sequence[Pair],
    units: Sequence[str],
    days: Sequence[int],
    attendance: Attendance,
) -> Pair | None:
    if not pairs:
        return None
    num = sum(one.num for one in pairs)
    if metric.shape is Shape.PER_DAY:  # the days of a city are not the sum of its units' days
        there = [u for u in units if u != UNASSIGNED] or units
        return Pair(num=num, den=float(attendance.count(there, days)))
    if metric.den is None:
        return Pair(num=num)
    return Pair(num=num, den=sum(one.den or 0.0 for one in pairs))

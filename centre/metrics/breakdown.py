"""The groups of an answer: by unit, by day, or by a dimension of the records. Pure.

Groups of a count add up to the whole: what is not said is a group of its own, "unassigned".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from centre.domain.places import UNASSIGNED
from centre.metrics.coverage import Judge
from centre.metrics.metric import Metric, Shape
from centre.metrics.questions import BYS, Coverage, Group
from centre.metrics.sums import WHOLE_DAYS, Attendance, Pair, Sums, Tally, reads_cases, tally


def offered(metric: Metric) -> tuple[str, ...]:
    """The breakdowns that a metric has."""
    if metric.shape is Shape.GAUGE:
        return ("unit",)
    if metric.shape is Shape.STOCK:
        wide = tuple(by for by in BYS if by != "hour")
        return wide if reads_cases(metric) else ("unit", "category", "day")
    return (*BYS, *_own(metric)) if reads_cases(metric) else ("unit", "day", "hour")


def filters(metric: Metric) -> tuple[str, ...]:
    """The dimensions that a metric can be narrowed by: those of its records."""
    return tuple(by for by in offered(metric) if by not in ("unit", "day", "hour"))


def _own(metric: Metric) -> tuple[str, ...]:
    """Dimensions of its parts alone; of a rate those that both parts have."""
    dims = [part.dims for part in (metric.num, metric.den) if part]
    return tuple(dim for dim in dims[0] if all(dim in one for one in dims))


def group(key: str, one: Pair | None, coverage: Coverage, is_late: bool) -> Group:
    """One group as it is answered."""
    num, den, value = (one.num, one.den, one.value) if one else (None, None, None)
    return Group(key=key, num=num, den=den, value=value, coverage=coverage, revised=is_late)


def by_unit(
    metric: Metric,
    sums: Sums,
    units: Sequence[str],
    days: Sequence[int],
    *,
    attendance: Attendance,
    seen: Collection[str],
    judge: Judge,
) -> tuple[Group, ...]:
    """Every unit in the order of the city; "unassigned" only when there is any."""
    names = {unit for (_, unit), amounts in sums.items() if amounts}
    shown = [unit for unit in units if unit != UNASSIGNED or UNASSIGNED in names]
    tallies = (
        (unit, tally(metric, sums, (unit,), days, attendance=attendance, seen=seen))
        for unit in shown
    )
    return tuple(
        group(unit, *replace(judge, place=unit).figure(one, days)) for unit, one in tallies
    )


def by_day(
    metric: Metric,
    sums: Sums,
    units: Sequence[str],
    days: Sequence[int],
    *,
    attendance: Attendance,
    seen: Collection[str],
    judge: Judge,
) -> tuple[Group, ...]:
    """Every day, in order; a day that nobody delivered is there with None."""
    tallies = (
        (day, tally(metric, sums, units, (day,), attendance=attendance, seen=seen)) for day in days
    )
    return tuple(
        group(date.fromordinal(day).isoformat(), *judge.figure(one, (day,))) for day, one in tallies
    )


def delivered(
    metric: Metric, sums: Sums, whole: Tally, days: Sequence[int], attendance: Attendance
) -> Attendance:
    """Who is there day by day, so that the days add up to the whole.

    A unit of the whole counts with all it has: also with what fell on a day (a due time, a
    closing) of which it delivered nothing else.
    """
    if not reads_cases(metric) or metric.shape in WHOLE_DAYS:
        return attendance
    had = {unit: _days_had(metric, sums, unit) for unit in whole.present}
    own = {
        unit: frozenset(day for day in days if day in had[unit] or attendance.on(unit, day))
        for unit in whole.present
    }
    return Attendance(days=own)


def _days_had(metric: Metric, sums: Sums, unit: str) -> set[int]:
    amounts = (sums.get((part.id, unit), {}) for part in metric.parts)
    return {day for one in amounts for day, amount in one.items() if amount}


def by_key(
    metric: Metric,
    keyed: Mapping[tuple[str, str], Mapping[str, float]],
    whole: Tally,
    told: tuple[Pair | None, Coverage, bool],
) -> tuple[Group, ...]:
    """Every value of a dimension over the units that are in the whole; largest first.

    `told`: what is said of the whole; of a whole that is withheld no part is said either.
    """
    said, coverage, is_late = told
    if whole.pair is None or said is None:
        return ()
    nums = _over(keyed, metric.num.id if metric.num else "", whole.present)
    dens = _over(keyed, metric.den.id, whole.present) if metric.den else None
    taken = _over(keyed, metric.minus.id, whole.present) if metric.minus else {}
    keys = {*nums, *(dens or ()), *taken}
    days = whole.pair.den if metric.shape is Shape.PER_DAY else None
    pairs = {
        key: Pair(
            num=nums.get(key, 0.0) - taken.get(key, 0.0),
            den=days if dens is None else dens.get(key, 0.0),
        )
        for key in keys
    }
    groups = [
        group(key or UNASSIGNED, one, coverage, is_late)
        for key, one in pairs.items()
        if one.num or one.den
    ]
    if dens is not None and not reads_cases(metric):
        groups = [_measured(one, nums, dens) for one in groups]
    return tuple(sorted(groups, key=_largest))


def _measured(one: Group, nums: Collection[str], dens: Collection[str]) -> Group:
    """Of what is measured, what was not delivered is unknown and no 0; the parts still add up."""
    num = one.num if one.key in nums else None
    den = one.den if one.key in dens else None
    return replace(one, num=num, den=den, value=None if None in (num, den) else one.value)


def _over(
    keyed: Mapping[tuple[str, str], Mapping[str, float]], part: str, units: Sequence[str]
) -> dict[str, float]:
    total: dict[str, float] = {}
    for unit in units:
        for key, amount in keyed.get((part, unit), {}).items():
            total[key] = total.get(key, 0.0) + amount
    return total


def _largest(one: Group) -> tuple[float, str]:
    return (-(one.den or one.num or 0.0), one.key)

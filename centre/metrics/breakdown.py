"""The groups of an answer: by unit, by day, or by a dimension of the records. Pure.

Groups of a count add up to the whole: what is not said is a group of its own, "unassigned".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from centre.domain.places import UNASSIGNED
from centre.metrics.metric import Metric, Shape
from centre.metrics.questions import BYS, Group
from centre.metrics.sums import Attendance, Pair, Sums, Tally, is_known, pair, reads_cases, tally


def offered(metric: Metric) -> tuple[str, ...]:
    """The breakdowns that a metric has."""
    if metric.shape is Shape.GAUGE:
        return ("unit",)
    if metric.shape is Shape.STOCK:
        wide = tuple(by for by in BYS if by != "hour")
        return wide if reads_cases(metric) else ("unit", "category", "day")
    return (*BYS, *_own(metric)) if reads_cases(metric) else ("unit", "day", "hour")


def _own(metric: Metric) -> tuple[str, ...]:
    """Dimensions of its parts alone; of a rate those that both parts have."""
    dims = [part.dims for part in (metric.num, metric.den) if part]
    return tuple(dim for dim in dims[0] if all(dim in one for one in dims))


def group(key: str, one: Pair | None) -> Group:
    """One group as it is answered."""
    if one is None:
        return Group(key=key, num=None, den=None, value=None)
    return Group(key=key, num=one.num, den=one.den, value=one.value)


def by_unit(
    metric: Metric,
    sums: Sums,
    units: Sequence[str],
    days: Sequence[int],
    *,
    attendance: Attendance,
    seen: Collection[str],
) -> tuple[Group, ...]:
    """Every unit in the order of the city; "unassigned" only when there is any."""
    names = {unit for (_, unit), amounts in sums.items() if amounts}
    shown = [unit for unit in units if unit != UNASSIGNED or UNASSIGNED in names]
    known = is_known(metric, seen)
    return tuple(
        group(unit, pair(metric, sums, unit, days, attendance) if known else None) for unit in shown
    )


def by_day(
    metric: Metric,
    sums: Sums,
    units: Sequence[str],
    days: Sequence[int],
    *,
    attendance: Attendance,
    seen: Collection[str],
) -> tuple[Group, ...]:
    """Every day, in order; a day that nobody delivered is there with None."""
    tallies = (
        (day, tally(metric, sums, units, (day,), attendance=attendance, seen=seen)) for day in days
    )
    return tuple(group(date.fromordinal(day).isoformat(), one.pair) for day, one in tallies)


def by_key(
    metric: Metric, keyed: Mapping[tuple[str, str], Mapping[str, float]], whole: Tally
) -> tuple[Group, ...]:
    """Every value of a dimension over the units that are in the whole; largest first."""
    if whole.pair is None:
        return ()
    nums = _over(keyed, metric.num.id if metric.num else "", whole.present)
    dens = _over(keyed, metric.den.id, whole.present) if metric.den else None
    taken = _over(keyed, metric.minus.id, whole.present) if metric.minus else {}
    keys = {*nums, *(dens or ()), *taken}
    if dens is not None and not reads_cases(metric):
        keys &= {*nums} & {*dens}
    days = whole.pair.den if metric.shape is Shape.PER_DAY else None
    pairs = {
        key: Pair(
            num=nums.get(key, 0.0) - taken.get(key, 0.0),
            den=days if dens is None else dens.get(key, 0.0),
        )
        for key in keys
    }
    groups = [group(key or UNASSIGNED, one) for key, one in pairs.items() if one.num or one.den]
    return tuple(sorted(groups, key=_largest))


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

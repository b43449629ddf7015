"""How complete a figure is: the one place that says who is missing, and how much that usually is.

    Tally, usual volumes ── cover ──> present, expected, missing, usual share, withheld
    revised days, days   ── late  ──> units whose closed days late data has changed

Cells, points of lines, answers and groups of answers all ask here, so that no two screens can
differ. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from centre.domain.places import CITY, UNASSIGNED, City
from centre.metrics.metric import Metric, Shape
from centre.metrics.questions import Coverage
from centre.metrics.sums import Attendance, Pair, Sums, Tally, reads_cases
from centre.store.queries import Revised

USUAL_DAYS = 28
"""Complete days before the figure's last one that say what is usual: four weeks."""

Volumes = Mapping[str, float | None]
"""Unit -> its usual volume of a metric: a day's, or what stands; None: never heard of."""


def usual_days(day: int) -> range:
    """The days that say what is usual on an ordinal day, or up to its beginning."""
    return range(day - USUAL_DAYS, day)


def volume(metric: Metric) -> str:
    """What a metric's volume is counted in: a rate's denominator, else its numerator."""
    part = metric.den or metric.num
    return part.id if part else metric.series or ""


def volumes(
    metric: Metric, sums: Sums, units: Iterable[str], days: Sequence[int], there: Attendance
) -> dict[str, float | None]:
    """The usual volume of each unit: the mean of the days that it delivered.

    `sums`: of those days; of a stock or gauge at the figure's moment, where the level counts.
    """
    if metric.shape in {Shape.STOCK, Shape.GAUGE}:
        return {unit: _level(metric, sums, unit, there.count((unit,), days)) for unit in units}
    return volumes_of(volume(metric), sums, units, days, there, is_case=reads_cases(metric))


def volumes_of(
    part: str,
    sums: Sums,
    units: Iterable[str],
    days: Sequence[int],
    there: Attendance,
    *,
    is_case: bool = True,
) -> dict[str, float | None]:
    """The same of one part; of what is measured a day without amount was not delivered."""
    found: dict[str, float | None] = {}
    for unit in units:
        amounts = sums.get((part, unit), {})
        own = [day for day in days if there.on(unit, day) and (is_case or day in amounts)]
        found[unit] = sum(amounts.get(day, 0.0) for day in own) / len(own) if own else None
    return found


def _level(metric: Metric, sums: Sums, unit: str, days: int) -> float | None:
    own = sums.get((volume(metric), unit))
    if own is None:
        return 0.0 if days and reads_cases(metric) else None
    minus = sums.get((metric.minus.id, unit), {}) if metric.minus else {}
    return sum(own.values()) - sum(minus.values())


def cover(city: City, metric: Metric, place: str, one: Tally, usual: Volumes) -> Coverage:
    """How complete a tally is. Of the city's cases its centres are counted, else all units.

    A unit of which some days are missing is not wholly in it.
    """
    gone = (*one.missing, *one.partly)
    present = set(one.present) - set(one.partly) - ({UNASSIGNED} if place != UNASSIGNED else set())
    expected = present | set(gone)
    if place == CITY and reads_cases(metric):
        expected &= {unit.code for unit in city.centres}
    lost = share(one, usual)
    return Coverage(
        present=len(present & expected),
        expected=len(expected),
        missing=gone,
        usual_share=lost,
        withheld=is_withheld(city, one, lost),
    )


def share(one: Tally, usual: Volumes) -> float | None:
    """What is missing of the usual volume of all."""
    if not one.missing and not one.partly:
        return 0.0
    if not one.present:
        return 1.0
    lost = [*((unit, 1.0) for unit in one.missing), *one.partly.items()]
    gone = [(usual.get(unit), part) for unit, part in lost]
    known = [volume * part for volume, part in gone if volume is not None]
    whole = sum(usual.get(unit) or 0.0 for unit in {*one.missing, *one.present})
    if len(known) < len(gone) or whole <= 0:
        return None
    return sum(known) / whole


def is_withheld(city: City, one: Tally, lost: float | None) -> bool:
    """Whether less than the declared minimum is there; by heads where volumes are not known.

    Where nobody is there the figure is not withheld but down, or not known at all.
    """
    there = [unit for unit in one.present if unit != UNASSIGNED]
    if not there or not (one.missing or one.partly):
        return False
    if lost is None:
        gone = len(one.missing) + sum(one.partly.values())
        lost = gone / (len(there) + len(one.missing))
    return 1 - lost < city.coverage.minimum


def late(metric: Metric, revised: Revised, days: Iterable[int]) -> frozenset[str]:
    """The units of whose closed days late data has changed one."""
    parts, some = {part.id for part in metric.parts}, frozenset(days)
    return frozenset(
        unit for (part, unit), own in revised.items() if part in parts and not own.isdisjoint(some)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Says of each figure of an answer what is missing from it."""

    city: City
    metric: Metric
    place: str
    usual: Volumes
    revised: Revised

    def figure(self, one: Tally, days: Iterable[int]) -> tuple[Pair | None, Coverage, bool]:
        """What may be said of a tally, how complete it is, and whether late data changed it."""
        there = cover(self.city, self.metric, self.place, one, self.usual)
        if one.pair is None or there.withheld:
            return None, there, False
        units = late(self.metric, self.revised, days)
        return one.pair, there, not units.isdisjoint(one.present)

"""Lines and shares of the board: 30 days, hours of the day, categories, channels. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import repeat

from centre.domain.places import CITY, UNASSIGNED
from centre.metrics.clocks import together
from centre.metrics.facts import Facts
from centre.metrics.families.volume import RECEIVED
from centre.metrics.metric import Metric, Shape
from centre.metrics.sums import is_known, reads_cases
from centre.metrics.windows import ENOUGH, mean
from centre.snapshots.cells import Due, Hours, Series, Share

Line = tuple[float | None, ...]
HOURS = tuple(f"{hour:02d}" for hour in range(24))


def series(facts: Facts, metrics: Mapping[str, Metric]) -> dict[tuple[str, str], Series]:
    """The 30 complete days of every metric and place; gauges have none.

    A day of the city is there when 80 % of the units are; a day of a unit when it delivered it.
    """
    made: dict[tuple[str, str], Series] = {}
    seen, days = facts.seen, facts.rate_days
    first = date.fromordinal(days[0])
    there = {unit: [facts.complete.on(unit, day) for day in days] for unit in facts.units}
    always = dict.fromkeys(facts.units, [True] * len(days))
    for metric in metrics.values():
        if metric.num is None or not is_known(metric, seen):
            continue
        shown = there if reads_cases(metric) else always
        lines = {unit: _lines(facts, metric, unit, shown[unit]) for unit in facts.units}
        lines = {unit: one for unit, one in lines.items() if _says(one)}
        for unit, (num, den) in lines.items():
            made[metric.id, unit] = Series(first=first, num=num, den=den)
        if lines:
            num, den = _city(metric, lines)
            made[metric.id, CITY] = Series(first=first, num=num, den=den)
    return made


def _says(lines: tuple[Line, Line | None]) -> bool:
    return any(one is not None for one in lines[0])


def _lines(
    facts: Facts, metric: Metric, unit: str, there: Sequence[bool]
) -> tuple[Line, Line | None]:
    if metric.shape is Shape.STOCK:
        return _stock(facts, metric, unit, there), None
    measured = not reads_cases(metric)
    num = _line(facts, metric.num.id if metric.num else "", unit, there, measured)
    if metric.den is None:
        return num, None
    den = _line(facts, metric.den.id, unit, there, measured)
    if None not in num and None not in den:
        return num, den
    both = [n is not None and d is not None for n, d in zip(num, den, strict=True)]
    return (
        tuple(n if is_there else None for n, is_there in zip(num, both, strict=True)),
        tuple(d if is_there else None for d, is_there in zip(den, both, strict=True)),
    )


def _line(facts: Facts, part: str, unit: str, there: Sequence[bool], measured: bool) -> Line:
    amounts = facts.sums.get((part, unit), {})
    nothing = None if measured else 0.0
    if all(there):
        return tuple(map(amounts.get, facts.rate_days, repeat(nothing)))
    days = zip(facts.rate_days, there, strict=True)
    return tuple(amounts.get(day, nothing) if is_there else None for day, is_there in days)


def _stock(facts: Facts, metric: Metric, unit: str, there: Sequence[bool]) -> Line:
    """At the end of each day, reckoned back from now as far as every day since is there."""
    parts = [(part.id, sign) for part, sign in ((metric.num, 1), (metric.minus, -1)) if part]
    if not any((part, unit) in facts.stocks for part, _ in parts):
        return (None,) * len(there)
    level = sum(sign * facts.stocks.get((part, unit), 0.0) for part, sign in parts)
    line: list[float | None] = []
    is_known_so_far = True
    for day, is_there in zip(reversed(facts.rate_days), reversed(there), strict=True):
        after = ((facts.sums.get((part, unit), {}).get(day + 1, 0.0), sign) for part, sign in parts)
        level -= sum(sign * amount for amount, sign in after)
        is_known_so_far = is_known_so_far and is_there
        line.append(level if is_known_so_far else None)
    return tuple(reversed(line))


def _city(
    metric: Metric, lines: Mapping[str, tuple[Line, Line | None]]
) -> tuple[Line, Line | None]:
    """The sum of the units, day by day, of the same units in both lines."""
    named = [unit for unit in lines if unit != UNASSIGNED] or list(lines)
    nums = [lines[unit][0] for unit in lines]
    if all(None not in line for line in nums):
        dens = [den for _, den in lines.values() if den is not None]
        return _added(nums), _added(dens) if dens else None
    counts = [sum(one is not None for one in day) for day in zip(*_of(lines, named), strict=True)]
    # Of what is measured a quiet day is no silence: whoever has it makes the figure.
    least = ENOUGH * len(named) if reads_cases(metric) else 1
    is_enough = [count >= least for count in counts]
    num = _sum(nums, is_enough)
    dens = [den for _, den in lines.values() if den is not None]
    return num, _sum(dens, is_enough) if dens else None


def _of(lines: Mapping[str, tuple[Line, Line | None]], units: Sequence[str]) -> list[Line]:
    return [lines[unit][0] for unit in units]


def _added(lines: Sequence[Line]) -> Line:
    """The sum of lines in which every day is there."""
    return tuple(map(sum, zip(*lines, strict=True)))


def _sum(lines: Sequence[Line], is_enough: Sequence[bool]) -> Line:
    days = zip(zip(*lines, strict=True), is_enough, strict=True)
    return tuple(sum(one for one in day if one is not None) if ok else None for day, ok in days)


def hours(facts: Facts) -> dict[str, Hours]:
    """Received by local hour, of every unit and of the city's units that are there."""
    units = {unit: _hours(facts, unit) for unit in facts.units}
    there = [units[unit] for unit in facts.units if unit in facts.there] or list(units.values())
    city = Hours(today=_add([one.today for one in there]), usual=_add([one.usual for one in there]))
    return {CITY: city, **units}


def _hours(facts: Facts, unit: str) -> Hours:
    running = facts.now.astimezone(facts.city.tz).hour
    is_known_today = facts.feeds[unit].as_of is not None
    rows = [facts.hours.get((unit, hour), {}) for hour in HOURS]
    today = tuple(
        row.get(facts.today, 0.0) if hour <= running and is_known_today else None
        for hour, row in enumerate(rows)
    )
    own = [day for day in facts.weekdays if facts.complete.on(unit, day)]
    return Hours(today=today, usual=tuple(_mean_of(row, own) for row in rows))


def _mean_of(amounts: Mapping[int, float], days: Sequence[int]) -> float | None:
    return sum(amounts.get(day, 0.0) for day in days) / len(days) if days else None


def _add(lines: Sequence[Line]) -> Line:
    """Hour by hour over those who have it; None where nobody has."""
    known = [[one for one in hour if one is not None] for hour in zip(*lines, strict=True)]
    return tuple(sum(hour) if hour else None for hour in known)


def shares(facts: Facts) -> dict[tuple[str, str], tuple[Share, ...]]:
    """Received today by category and by channel, largest first; key "unassigned": not said.

    The usual of a key is its whole usual day in the proportion in which the unit's usual day has
    passed: no cube has hours and categories at once (748 k cells for 908 k cases).
    """
    made: dict[tuple[str, str], tuple[Share, ...]] = {}
    for dim in facts.shares:
        units = {unit: _shares(facts, dim, unit) for unit in facts.units}
        there = [unit for unit in facts.units if unit in facts.there] or list(facts.units)
        made[dim, CITY] = _ordered(_joined([units[unit] for unit in there]))
        made |= {(dim, unit): _ordered(one) for unit, one in units.items()}
    return made


Amounts = dict[str, tuple[float | None, float | None]]
"""Key -> received today, usually."""


def _shares(facts: Facts, dim: str, unit: str) -> Amounts:
    own = [day for day in facts.weekdays if facts.complete.on(unit, day)]
    passed, is_there = _passed(facts, unit, own), unit in facts.there
    rows = {key: row for (of, key), row in facts.shares[dim].items() if of == unit}
    found: Amounts = {}
    for key, row in rows.items():
        whole = _mean_of(row, own)
        usual = whole * passed if whole is not None and passed is not None else None
        found[key or UNASSIGNED] = (row.get(facts.today, 0.0) if is_there else None, usual)
    return found


def _passed(facts: Facts, unit: str, days: Sequence[int]) -> float | None:
    """Which share of the usual day has come in by this minute."""
    whole = sum(facts.sums.get((RECEIVED.id, unit), {}).get(day, 0.0) for day in days)
    so_far = mean(facts, RECEIVED.id, unit, days)
    return so_far * len(days) / whole if so_far is not None and whole else None


def _joined(units: Sequence[Amounts]) -> Amounts:
    found: Amounts = {}
    for amounts in units:
        for key, (today, usual) in amounts.items():
            before, usually = found.get(key, (None, None))
            found[key] = (_known(before, today), _known(usually, usual))
    return found


def _known(*amounts: float | None) -> float | None:
    """The sum of those that are known."""
    known = [one for one in amounts if one is not None]
    return sum(known) if known else None


def _ordered(amounts: Amounts) -> tuple[Share, ...]:
    shown = [Share(key=key, today=today, usual=usual) for key, (today, usual) in amounts.items()]
    return tuple(sorted(shown, key=lambda one: (-(one.today or 0.0), -(one.usual or 0.0), one.key)))


def dues(facts: Facts) -> dict[str, Due]:
    """Open cases by clock, of every unit that has any, and of the city."""
    return {CITY: together(facts.dues.values()), **facts.dues} if facts.dues else {}

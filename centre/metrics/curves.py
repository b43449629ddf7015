"""Lines and shares of the board: 30 days, hours of the day, categories, channels. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import repeat

from centre.domain.places import CITY, UNASSIGNED
from centre.metrics.clocks import together
from centre.metrics.coverage import cover, is_withheld, share, usual_days, volumes_of
from centre.metrics.facts import Facts
from centre.metrics.families.volume import RECEIVED
from centre.metrics.metric import Metric, Shape
from centre.metrics.sums import Tally, is_known, reads_cases
from centre.metrics.windows import mean, usual_of
from centre.snapshots.cells import Due, Hours, Series, Share

Line = tuple[float | None, ...]
HOURS = tuple(f"{hour:02d}" for hour in range(24))


def series(facts: Facts, metrics: Mapping[str, Metric]) -> dict[tuple[str, str], Series]:
    """The 30 complete days of every metric and place; gauges have none.

    A day of a unit is there when it delivered it. A day of the city is the sum of the units that
    are there, says who is not, and is withheld where less than the declared minimum is there.
    """
    made: dict[tuple[str, str], Series] = {}
    seen, days = facts.seen, facts.rate_days
    first = date.fromordinal(days[0])
    always = dict.fromkeys(facts.units, [True] * len(days))
    for metric in metrics.values():
        if metric.num is None or not is_known(metric, seen):
            continue
        shown = _attended(facts, metric) if reads_cases(metric) else always
        lines = {unit: _lines(facts, metric, unit, shown[unit]) for unit in facts.units}
        late = _late(facts, metric)
        for unit, (num, den) in lines.items():
            if _says((num, den)):
                revised = _days(late.get(unit, ()))
                made[metric.id, unit] = Series(first=first, num=num, den=den, revised=revised)
        if any(map(_says, lines.values())):
            made[metric.id, CITY] = replace(_city(facts, metric, lines, late), first=first)
    return made


def _attended(facts: Facts, metric: Metric) -> dict[str, list[bool]]:
    """Unit -> which of the days it delivered, as far as this metric asks."""
    there = facts.complete if metric.shape is Shape.STOCK else facts.delivered_for(metric)
    return {unit: [there.on(unit, day) for day in facts.rate_days] for unit in facts.units}


def _late(facts: Facts, metric: Metric) -> dict[str, set[int]]:
    """Unit -> its days of the line that late data changed."""
    parts, found = {part.id for part in metric.parts}, dict[str, set[int]]()
    for (part, unit), days in facts.revised.items():
        if part in parts:
            found.setdefault(unit, set()).update(days.intersection(facts.rate_days))
    return found


def _days(ordinals: Iterable[int]) -> tuple[date, ...]:
    return tuple(map(date.fromordinal, sorted(ordinals)))


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


Lines = Mapping[str, tuple[Line, Line | None]]


def _city(facts: Facts, metric: Metric, lines: Lines, late: Mapping[str, set[int]]) -> Series:
    """The sum of the units, day by day, of the same units in both lines."""
    nums = [num for num, _ in lines.values()]
    dens = [den for _, den in lines.values() if den is not None]
    revised = _days(set().union(*late.values()))
    first = date.fromordinal(facts.rate_days[0])
    if all(None not in line for line in nums):
        den = _added(dens) if dens else None
        return Series(first=first, num=_added(nums), den=den, revised=revised)
    tallies = _tallies(metric, lines)
    usual = usual_of(facts, metric) if any(one.missing for one in tallies) else {}
    covers = [cover(facts.city, metric, CITY, one, usual) for one in tallies]
    is_said = [
        bool(one.present) and not how.withheld for one, how in zip(tallies, covers, strict=True)
    ]
    return Series(
        first=first,
        num=_sum(nums, is_said),
        den=_sum(dens, is_said) if dens else None,
        missing=_named([one.missing if one.present else () for one in tallies]),
        revised=revised,
    )


def _tallies(metric: Metric, lines: Lines) -> list[Tally]:
    """Who is in each day of the city's line, and who is not.

    Of what is measured only units that measured something on some day can be missing.
    """
    is_case = reads_cases(metric)
    own = {unit: num for unit, (num, _) in lines.items() if is_case or _says((num, None))}
    found = []
    for day in zip(*own.values(), strict=True):
        there = tuple(unit for unit, one in zip(own, day, strict=True) if one is not None)
        gone = tuple(unit for unit in own if unit not in there and unit != UNASSIGNED)
        if is_case and gone and {*there} <= {UNASSIGNED}:
            there = ()  # nobody's share is no figure of the city
        found.append(Tally(pair=None, present=there, missing=gone))
    return found


def _named(missing: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    return tuple(missing) if any(missing) else ()


def _added(lines: Sequence[Line]) -> Line:
    """The sum of lines in which every day is there."""
    return tuple(map(sum, zip(*lines, strict=True)))


def _sum(lines: Sequence[Line], is_said: Sequence[bool]) -> Line:
    days = zip(zip(*lines, strict=True), is_said, strict=True)
    return tuple(sum(one for one in day if one is not None) if ok else None for day, ok in days)


def hours(facts: Facts) -> dict[str, Hours]:
    """Received by local hour, of every unit and of the city's units that are there."""
    units = {unit: _hours(facts, unit) for unit in facts.units}
    there = [units[unit] for unit in _there(facts)]
    today = _add([one.today for one in there])
    if _is_withheld(facts):
        today = (None,) * len(today)
    return {CITY: Hours(today=today, usual=_add([one.usual for one in there])), **units}


def _there(facts: Facts) -> tuple[str, ...]:
    """The units that make the city's figures of today; all when nobody is there any more."""
    there = tuple(unit for unit in facts.units if unit in facts.there)
    return there if {*there} - {UNASSIGNED} else facts.units


def _is_withheld(facts: Facts) -> bool:
    """Whether too little is there to say what the city received today, hour by hour or by kind."""
    there = tuple(unit for unit in facts.units if unit in facts.there)
    gone = tuple(unit for unit in facts.units if unit not in there and unit != UNASSIGNED)
    if not gone:
        return False
    days = usual_days(facts.today)
    usual = volumes_of(RECEIVED.id, facts.sums, facts.units, days, facts.complete)
    one = Tally(pair=None, present=there, missing=gone)
    return is_withheld(facts.city, one, share(one, usual))


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
    withheld = _is_withheld(facts)
    for dim in facts.shares:
        units = {unit: _shares(facts, dim, unit) for unit in facts.units}
        whole = _joined([units[unit] for unit in _there(facts)])
        if withheld:
            whole = {key: (None, usual) for key, (_, usual) in whole.items()}
        made[dim, CITY] = _ordered(whole)
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
    """Open cases by clock, of every unit that has any, and of the city's units that are there."""
    if not facts.dues:
        return {}
    there = [facts.dues[unit] for unit in _there(facts) if unit in facts.dues]
    city = {} if _is_withheld(facts) else {CITY: together(there)}
    return {**city, **facts.dues}

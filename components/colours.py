"""Which step of the map's hue each unit gets, and what its label says: one table for map, tiles
and ranking.

Value = received today ÷ usual to this minute x 100. Where the usual of most units is not known
(first start) or too small to divide by, the counts themselves, and the title says so; a single
small unit says its count as 5 件.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from centre.domain.places import CITY, Unit
from centre.domain.status import Freshness
from centre.snapshots.cells import Snapshot
from components.text import DASH, number, t
from components.theme import STEPS
from components.view import View
from components.words import age_words

METRIC = "appeal.received.count"
RATIO_BOUNDS = (95.0, 100.0, 105.0, 110.0, 130.0)
MIN_USUAL = 5.0
"""Below this a ratio is noise: 3 instead of 1 would be the brightest place of the city."""

MOST_AGES = 6
"""With more silent units than this their ages would cover the map."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One unit on the map: its step 1..6 (0: no value), its number, and whether it is silent.

    `received` of a silent one is the last it said: good to order by, not to show.
    """

    code: str
    name: str
    step: int
    words: str
    received: float | None
    is_down: bool = False
    is_alert: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """The whole map: areas by code, the legend from high to low, what is being shown."""

    areas: Mapping[str, Area]
    legend: tuple[tuple[int, str], ...]
    is_ratio: bool
    is_usual_known: bool
    days: int = 0  # of which the counts are; 0: of today, or of the last day


def colours(snapshot: Snapshot, view: View) -> Colours:
    """Every unit of the city by what there is to show."""
    period = sparse_days(snapshot, view)
    if period:
        return _of_period(snapshot, view, period)
    usual = {unit.code: _usual(snapshot, unit.code) for unit in view.city.units}
    known = [value for value in usual.values() if value is not None]
    is_ratio = len([value for value in known if value >= MIN_USUAL]) * 2 > len(view.city.units)
    values = {unit.code: _value(snapshot, unit.code, is_ratio) for unit in view.city.units}
    bounds = RATIO_BOUNDS if is_ratio else count_bounds([one for one in values.values() if one])
    areas = {
        unit.code: _area(snapshot, view, unit, values[unit.code], bounds)
        for unit in view.city.units
    }
    return Colours(
        areas=areas,
        legend=_legend(view.lang, bounds),
        is_ratio=is_ratio,
        is_usual_known=bool(known),
    )


def sparse_days(snapshot: Snapshot, view: View) -> int:
    """How many days a board takes together: 0, or 30 where finished data ends on a thin day.

    On such a day most units had nothing, and a board of zeros would say nothing of the city.
    """
    codes = [unit.code for unit in view.city.units]
    idle = [code for code in codes if not snapshot.cell(METRIC, code).value]
    line = snapshot.series.get((METRIC, CITY))
    if snapshot.clock != "latest" or len(idle) * 2 <= len(codes) or line is None:
        return 0
    return 1 + sum(one is not None for one in line.num[1:])  # the last day and those before it


def _of_period(snapshot: Snapshot, view: View, days: int) -> Colours:
    values = {unit.code: _in_period(snapshot, unit.code) for unit in view.city.units}
    bounds = count_bounds([one for one in values.values() if one])
    areas = {
        unit.code: replace(
            _area(snapshot, view, unit, values[unit.code], bounds),
            received=values[unit.code],
            words=number(view.lang, values[unit.code]),
        )
        for unit in view.city.units
    }
    legend = _legend(view.lang, bounds)
    return Colours(areas=areas, legend=legend, is_ratio=False, is_usual_known=False, days=days)


def _in_period(snapshot: Snapshot, code: str) -> float | None:
    """Received on the last day and the 29 before it; None where no day is known."""
    line = snapshot.series.get((METRIC, code))
    days = [*(line.num[1:] if line else ()), snapshot.cell(METRIC, code).value]
    known = [one for one in days if one is not None]
    return sum(known) if known else None


def _usual(snapshot: Snapshot, code: str) -> float | None:
    return snapshot.cell(METRIC, code, "usual").value


def ratio(snapshot: Snapshot, code: str) -> float | None:
    """Today ÷ usual x 100; None when down, unknown or too small.

    Of the city both numbers are of the units that are present in both.
    """
    cell, then = snapshot.compared(METRIC, code, "usual")
    usual = then.value
    if cell.value is None or cell.freshness is Freshness.DOWN or not usual or usual < MIN_USUAL:
        return None
    return cell.value / usual * 100


def _value(snapshot: Snapshot, code: str, is_ratio: bool) -> float | None:
    if is_ratio:
        return ratio(snapshot, code)
    cell = snapshot.cell(METRIC, code)
    return None if cell.freshness is Freshness.DOWN else cell.value


def _area(
    snapshot: Snapshot,
    view: View,
    unit: Unit,
    value: float | None,
    bounds: Sequence[float],
) -> Area:
    cell = snapshot.cell(METRIC, unit.code)
    is_down = cell.freshness is Freshness.DOWN or _is_source_down(snapshot, unit.code)
    return Area(
        code=unit.code,
        name=short_name(unit, view.lang),
        step=0 if value is None or is_down else step_of(value, bounds),
        words=_words(snapshot, view, unit.code, value, is_down),
        received=cell.value,
        is_down=is_down,
        is_alert=any(one.kind == "surge" and one.unit == unit.code for one in snapshot.alerts),
    )


def _is_source_down(snapshot: Snapshot, code: str) -> bool:
    return any(one.kind == "source_down" and one.unit == code for one in snapshot.alerts)


def _silent(snapshot: Snapshot) -> int:
    return sum(one.kind == "source_down" for one in snapshot.alerts)


def _words(snapshot: Snapshot, view: View, code: str, value: float | None, is_down: bool) -> str:
    cell = snapshot.cell(METRIC, code)
    if is_down and _silent(snapshot) > MOST_AGES:
        return DASH
    if is_down:
        return age_words(snapshot, view, cell) or t(view.lang, "state.down")
    if value is not None:
        return number(view.lang, value)
    if cell.value is None:
        return DASH
    return t(view.lang, "map.few", count=number(view.lang, cell.value))  # too few for a ratio


def short_name(unit: Unit, lang: str) -> str:
    """The name as maps write it: 锦江 for 锦江区; zones keep theirs."""
    name = unit.name.of(lang)
    is_plain = lang == "zh" and unit.kind in ("district", "county", "county-level city")
    return name[:-1] if is_plain and len(name) > 2 and name[-1] in "区县市" else name


def step_of(value: float, bounds: Sequence[float]) -> int:
    """1 for the lowest step; rounded as the screen writes it, so that legend and number agree."""
    return 1 + sum(round(value) >= bound for bound in bounds)


def count_bounds(values: Sequence[float]) -> tuple[float, ...]:
    """Up to five round bounds that cut the values into steps of about equal many units."""
    ordered = sorted(values)
    if not ordered:
        return ()
    cuts = {_round(ordered[len(ordered) * at // len(STEPS)]) for at in range(1, len(STEPS))}
    return tuple(sorted(cut for cut in cuts if cut > ordered[0]))


def _round(value: float) -> float:
    """To one digit below ten, to two digits above."""
    size = 10 ** max(0, len(str(int(value))) - 2)
    return float(round(value / size) * size)


def _legend(lang: str, bounds: Sequence[float]) -> tuple[tuple[int, str], ...]:
    """(step, words), highest first."""
    if not bounds:
        return ()
    top = (len(bounds) + 1, t(lang, "map.at_least", value=number(lang, bounds[-1])))
    middle = [
        (at + 1, _span(lang, low, high)) for at, (low, high) in enumerate(pairwise(bounds), start=1)
    ]
    low = (1, t(lang, "map.below", value=number(lang, bounds[0])))
    return (top, *reversed(middle), low)


def _span(lang: str, low: float, high: float) -> str:
    last = high - 1
    return number(lang, low) if last <= low else f"{number(lang, low)}–{number(lang, last)}"

"""Properties of sums over sums, for any units, any days and any amounts."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from centre.domain.places import UNASSIGNED
from centre.metrics.metric import Metric
from centre.metrics.registry import METRICS
from centre.metrics.sums import Attendance, Sums, seen, tally


def all_time(sums: Sums) -> frozenset[str]:
    """What was ever delivered, when these sums are all there is."""
    return seen({cell: sum(days.values()) for cell, days in sums.items()})


UNITS = ("a0", "b0", "c0", "d0", UNASSIGNED)
DAYS = tuple(range(739_000, 739_004))
COUNTED = [one for one in METRICS.values() if one.num is not None]

metrics = st.sampled_from(COUNTED)
amounts = st.dictionaries(st.sampled_from(DAYS), st.integers(1, 50).map(float), min_size=1)


@st.composite
def sums_of(draw: st.DrawFn) -> tuple[Metric, Sums]:
    metric = draw(metrics)
    parts = [part.id for part in metric.parts]
    cells = st.tuples(st.sampled_from(parts), st.sampled_from(UNITS))
    return metric, draw(st.dictionaries(cells, amounts))


attendances = st.dictionaries(st.sampled_from(UNITS[:4]), st.frozensets(st.sampled_from(DAYS))).map(
    lambda days: Attendance(days=days)
)


@settings(max_examples=60, deadline=None)
@given(sums_of(), attendances, st.permutations(UNITS))
def test_the_order_of_units_changes_nothing(
    given_: tuple[Metric, Sums], there: Attendance, shuffled: list[str]
) -> None:
    metric, sums = given_
    ever = all_time(sums)
    one = tally(metric, sums, UNITS, DAYS, attendance=there, seen=ever)
    other = tally(metric, sums, shuffled, DAYS, attendance=there, seen=ever)
    assert one.pair == other.pair
    assert set(one.present) == set(other.present)
    assert set(one.missing) == set(other.missing)


@settings(max_examples=60, deadline=None)
@given(sums_of(), attendances)
def test_a_missing_unit_never_changes_the_others(
    given_: tuple[Metric, Sums], there: Attendance
) -> None:
    metric, sums = given_
    ever = all_time(sums)
    without = tally(metric, sums, UNITS, DAYS, attendance=there, seen=ever)
    with_one_more = tally(metric, sums, (*UNITS, "zz"), DAYS, attendance=there, seen=ever)
    assert with_one_more.pair == without.pair
    assert with_one_more.present == without.present


@settings(max_examples=60, deadline=None)
@given(sums_of(), attendances)
def test_numerator_and_denominator_are_of_the_same_units(
    given_: tuple[Metric, Sums], there: Attendance
) -> None:
    metric, sums = given_
    ever = all_time(sums)
    whole = tally(metric, sums, UNITS, DAYS, attendance=there, seen=ever)
    if whole.pair is None or metric.den is None:
        return
    alone = [
        tally(metric, sums, (unit,), DAYS, attendance=there, seen=ever).pair
        for unit in whole.present
    ]
    assert whole.pair.num == sum(one.num for one in alone if one)
    assert whole.pair.den == sum(one.den or 0 for one in alone if one)


def test_a_city_of_which_nobody_is_there_has_no_figure_and_not_zero() -> None:
    metric = METRICS["appeal.received.count"]
    sums: Sums = {("appeal.received", UNASSIGNED): {DAYS[0]: 3.0}}
    found = tally(metric, sums, UNITS, DAYS, attendance=Attendance(), seen=all_time(sums))
    assert (found.pair, found.missing) == (None, UNITS[:4])


def test_what_nobody_ever_delivers_is_unknown_and_not_zero() -> None:
    metric = METRICS["appeal.direct_answer_rate"]
    sums: Sums = {
        ("appeal.received", "a0"): {DAYS[0]: 3.0},
        ("appeal.answered_directly", "a0"): {DAYS[0]: 3.0},
    }
    there = Attendance(always=frozenset(UNITS))
    unknown = tally(metric, sums, UNITS, DAYS, attendance=there, seen=all_time(sums))
    assert unknown.pair is None
    told = {**sums, ("appeal.dispatched", "b0"): {DAYS[1]: 1.0}}
    known = tally(metric, told, UNITS, DAYS, attendance=there, seen=all_time(told))
    assert known.pair is not None
    assert (known.pair.num, known.pair.den) == (3, 3)

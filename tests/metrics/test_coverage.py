"""Whoever is missing: no total without saying so, and nothing else changes. Properties."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from centre.domain.places import CITY
from centre.domain.scope import EVERYTHING
from centre.metrics.asked import questions
from centre.metrics.board import assemble
from centre.metrics.evaluate import value
from centre.metrics.facts import Facts
from centre.metrics.feeds import feeds
from centre.metrics.questions import Question
from centre.metrics.registry import METRICS, PARTS
from centre.snapshots.cells import Address, Cell
from centre.snapshots.figures import cell_query, digest
from centre.store import sources
from centre.store.engine import reading
from centre.store.tables import presence
from centre.store.write import Delivery, write
from tests import tiny, whole_city
from tests.metrics.conftest import empty
from tests.whole_city import CENTRES, CITY_OF, RECEIVED, UNITS, board, volume

YESTERDAY = tiny.TODAY.toordinal() - 1
silences = st.sets(st.sampled_from(UNITS), max_size=len(UNITS) - 1)
some = settings(max_examples=40, deadline=None)
few = settings(max_examples=10, deadline=None)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = empty(tmp_path_factory.mktemp("whole"))
    whole_city.deliver(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def facts(engine: Engine) -> Facts:
    with reading(engine) as conn:
        return whole_city.known(conn)


def lost(silent: set[str]) -> float:
    """The usual share of some units, by hand."""
    return sum(map(volume, silent)) / sum(map(volume, UNITS))


@pytest.mark.slow
@given(silent=silences)
@few
def test_a_total_says_who_is_missing_and_how_much_that_usually_is(
    facts: Facts, silent: set[str]
) -> None:
    cell = board(facts, silent).cells[Address(RECEIVED, CITY)]
    there = set(UNITS) - silent
    assert set(cell.missing) == silent
    assert (cell.present, cell.expected) == (len(there & set(CENTRES)), len(CENTRES))
    assert cell.usual_share == pytest.approx(lost(silent))
    assert cell.withheld == (1 - lost(silent) < CITY_OF.coverage.minimum)
    assert cell.num == (None if cell.withheld else sum(map(volume, there)))


@pytest.mark.slow
@given(silent=silences)
@some
def test_no_city_cell_and_no_day_of_its_lines_is_a_total_without_its_coverage(
    facts: Facts, silent: set[str]
) -> None:
    made = board(facts, silent, gaps=(YESTERDAY,))
    for (metric, unit, window), cell in made.cells.items():
        is_today = METRICS[metric].shape in ("count", "stock")
        if unit == CITY and window == "now" and cell.num is not None and is_today:
            assert set(cell.missing) == silent, metric
    for (metric, unit), line in made.series.items():
        if unit != CITY or METRICS[metric].shape == "stock":
            continue
        if METRICS[metric].shape in ("count", "per_day") and silent:
            assert line.num[-1] is None or set(line.missing[-1]) == silent, metric


@pytest.mark.slow
@given(silent=silences, further=st.sampled_from(UNITS))
@some
def test_one_more_missing_unit_changes_no_other(
    facts: Facts, silent: set[str], further: str
) -> None:
    before, after = board(facts, silent - {further}), board(facts, silent | {further})
    for address, cell in before.cells.items():
        if address.unit not in (CITY, further):
            assert after.cells[address] == cell
    one, two = (made.cells[Address(RECEIVED, CITY)] for made in (before, after))
    if one.num is not None and two.num is not None:
        assert one.num - two.num == volume(further)


@pytest.mark.slow
@given(silent=silences, seed=st.integers(0, 2**16))
@some
def test_the_order_in_which_things_are_known_changes_nothing(
    facts: Facts, silent: set[str], seed: int
) -> None:
    random = Random(seed)

    def shuffled(pairs: dict[object, object]) -> dict[object, object]:
        items = list(pairs.items())
        random.shuffle(items)
        return dict(items)

    told = list(whole_city.states(silent))
    random.shuffle(told)
    mixed = replace(
        facts,
        feeds=feeds(CITY_OF, told),
        presence=shuffled(dict(facts.presence)),
        sums=shuffled({cell: shuffled(dict(days)) for cell, days in facts.sums.items()}),
        stocks=shuffled(dict(facts.stocks)),
    )
    seen = assemble(mixed, METRICS)
    plain = board(facts, silent)
    assert {at: _round(cell) for at, cell in seen.cells.items()} == {
        at: _round(cell) for at, cell in plain.cells.items()
    }
    assert seen.series == plain.series


def _round(cell: Cell) -> Cell:
    share = None if cell.usual_share is None else round(cell.usual_share, 12)
    return replace(cell, usual_share=share)


@given(silent=silences)
@few
def test_an_answer_and_its_groups_say_the_same_as_the_board(
    engine: Engine, facts: Facts, silent: set[str]
) -> None:
    cell = board(facts, silent).cells[Address(RECEIVED, CITY)]
    for by in (None, "unit", "channel"):
        question = Question(metric=RECEIVED, start=tiny.at("06-17 00:00"), end=tiny.NOW, by=by)
        with reading(engine) as conn:
            told = whole_city.states(silent)
            found = value(conn, CITY_OF, question, EVERYTHING, tiny.NOW, sources=told)
        there = found.coverage
        assert (found.num, there.present, there.expected) == (cell.num, cell.present, cell.expected)
        assert (there.missing, there.withheld) == (cell.missing, cell.withheld)
        assert there.usual_share == pytest.approx(cell.usual_share)
        if by == "channel":
            assert {one.coverage for one in found.groups} <= {there}
            assert sum(one.num or 0 for one in found.groups) == (found.num or 0)


def test_a_centre_silent_for_42_minutes_keeps_its_30_days_in_the_rates(facts: Facts) -> None:
    silent = {CENTRES[0], CENTRES[1]}
    whole, made = board(facts), board(facts, silent)
    for metric in ("appeal.on_time_rate", "appeal.resolution_rate"):
        cell, before = (one.cells[Address(metric, CITY)] for one in (made, whole))
        assert (cell.num, cell.den, cell.missing) == (before.num, before.den, ())
        assert cell.usual_share == 0.0


def test_a_comparison_is_of_the_units_present_in_both(facts: Facts) -> None:
    """A unit that did not deliver last week is in neither side, though it is there today."""
    late = CENTRES[0]
    week_ago = facts.weekdays[0]
    presence = {
        unit: {day: at for day, at in days.items() if (unit, day) != (late, week_ago)}
        for unit, days in facts.presence.items()
    }
    made = whole_city.snapshot(assemble(replace(facts, presence=presence), METRICS))
    now, then = made.compared(RECEIVED)
    assert now.num == then.num == sum(map(volume, UNITS)) - volume(late)
    assert (now.missing, then.missing) == ((late,), (late,))
    assert made.cell(RECEIVED).num == sum(map(volume, UNITS))
    assert made.compared(RECEIVED, window="usual")[0] == made.cell(RECEIVED)


def test_a_count_of_days_of_which_a_unit_lacks_one_says_so(engine: Engine) -> None:
    late, day = CENTRES[2], YESTERDAY - 2
    start, end = tiny.at("06-11 00:00"), tiny.at("06-17 00:00")
    question = Question(metric=RECEIVED, start=start, end=end, by="day")
    with engine.begin() as conn:
        conn.execute(presence.delete().where(presence.c.unit == late, presence.c.day == day))
        told = whole_city.states()
        found = value(conn, CITY_OF, question, EVERYTHING, tiny.NOW, sources=told)
        conn.rollback()
    assert found.coverage.missing == (late,)
    assert found.coverage.usual_share == pytest.approx(lost({late}) / 6)
    assert found.num == 6 * sum(map(volume, UNITS)) - volume(late)
    assert sum(one.num or 0 for one in found.groups) == found.num
    (partial,) = (one for one in found.groups if one.coverage.missing)
    assert (partial.key, partial.coverage.missing) == ("2026-06-14", (late,))


def test_late_data_fills_in_by_itself_and_revises_a_closed_day(engine: Engine) -> None:
    unit, yesterday = CENTRES[3], tiny.TODAY - timedelta(days=1)
    one = tiny.appeal("late", unit, "06-16 20:00")
    with reading(engine) as conn:
        before = board(whole_city.known(conn))
    delivery = Delivery(
        source=unit,
        epoch=sources.claim(engine, unit),
        records=[replace(one, source=unit)],
        rows=(),
        cursor={},
        fetched_at=tiny.NOW,
        watermark=tiny.NOW,
        units=(unit,),
    )
    write(engine, delivery, PARTS, tiny.ZONE)
    with reading(engine) as conn:
        after = board(whole_city.known(conn))
        question = Question(
            metric=RECEIVED, start=tiny.at("06-16 00:00"), end=tiny.at("06-17 00:00"), by="day"
        )
        found = value(conn, CITY_OF, question, EVERYTHING, tiny.NOW)
    for place in (unit, CITY):
        old, new = (made.series[RECEIVED, place] for made in (before, after))
        assert (old.num[-1] or 0) + 1 == new.num[-1]
        assert (old.revised, new.revised) == ((), (yesterday,))
        average = after.cells[Address("appeal.received.daily_avg", place)]
        assert average.revised and not after.cells[Address(RECEIVED, place)].revised
    other = after.series[RECEIVED, CENTRES[4]]
    assert other.revised == ()
    assert found.revised and found.groups[0].revised


def test_both_sides_of_a_comparison_have_an_id_that_resolves() -> None:
    found = questions(CITY_OF, METRICS, tiny.TODAY, ())
    for window in ("week", "week_now", "usual", "usual_now"):
        query = cell_query(Address(RECEIVED, CITY, window))
        assert found[digest(query, METRICS[RECEIVED].version)].query["window"] == window

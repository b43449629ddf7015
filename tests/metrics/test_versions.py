"""Dated definitions: any period by any version, and no change without a version and a date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Connection

from centre.domain.places import CITY, UNASSIGNED
from centre.domain.scope import EVERYTHING
from centre.metrics import registry
from centre.metrics.board import board
from centre.metrics.evaluate import value
from centre.metrics.families.volume import CLOSED, RECEIVED
from centre.metrics.metric import Metric, Spell
from centre.metrics.questions import Question, UnknownVersion, Value
from centre.metrics.registry import METRICS, PARTS, BadVersions, Found, collect, of_city
from centre.snapshots.cells import Series
from tests import tiny
from tests.metrics import kept_definitions
from tests.metrics.boards import LIVE
from tests.metrics.kept_definitions import TABLE, definitions, kept, line

SATISFACTION = METRICS["appeal.satisfaction_rate"]
CHANGE = date(2026, 6, 16)
"""The second of the two days; here the closed ones begin to be the denominator."""

ADD = "python -m tests.metrics.kept_definitions"


def changing() -> dict[str, Metric]:
    """The registry, in which the satisfaction rate changes between the two days."""
    return {**METRICS, SATISFACTION.id: replace(SATISFACTION, valid_from=CHANGE)}


def ask(
    conn: Connection,
    version: int | None = None,
    *,
    unit: str = CITY,
    start: str = "06-15 00:00",
    end: str = "06-17 00:00",
) -> Value:
    question = Question(
        metric=SATISFACTION.id, unit=unit, start=tiny.at(start), end=tiny.at(end), version=version
    )
    return value(conn, tiny.CITY, question, EVERYTHING, tiny.NOW, metrics=changing())


HAND = {
    # city, north, south, river, unassigned
    1: ((3, 6), (1, 2), (1, 3), (1, 1), (0, 0)),
    2: ((8, 11), (3, 4), (3, 5), (1, 1), (1, 1)),
}


@pytest.mark.parametrize("version", HAND)
def test_any_period_can_be_asked_by_any_version(tiny_conn: Connection, version: int) -> None:
    units = (CITY, "north", "south", "river", UNASSIGNED)
    found = [ask(tiny_conn, version, unit=unit) for unit in units]
    assert tuple((one.num, one.den) for one in found) == HAND[version]
    assert {one.version for one in found} == {version}


def test_a_question_without_a_version_is_answered_by_the_newest(tiny_conn: Connection) -> None:
    found = ask(tiny_conn)
    assert (found.version, found.num, found.den) == (2, 8, 11)


def test_a_period_that_spans_a_change_says_it(tiny_conn: Connection) -> None:
    found = ask(tiny_conn)
    assert found.in_force == (Spell(1, date(2026, 6, 15)), Spell(2, CHANGE))
    before = ask(tiny_conn, 1, end="06-16 00:00")
    assert before.in_force == (Spell(1, date(2026, 6, 15)),)
    assert ask(tiny_conn, 2, end="06-16 00:00").in_force == before.in_force
    assert ask(tiny_conn, 2, start="06-16 00:00").in_force == (Spell(2, CHANGE),)


def test_a_version_that_there_is_not_is_refused_with_those_that_there_are(
    tiny_conn: Connection,
) -> None:
    with pytest.raises(UnknownVersion, match=r"no definition of version 3; there is: 1, 2"):
        ask(tiny_conn, 3)


def lines(conn: Connection, metrics: Mapping[str, Metric]) -> Mapping[tuple[str, str], Series]:
    made = board(conn, tiny.CITY, metrics, tiny.NOW, scope=EVERYTHING, sources=LIVE)
    return {key: one for key, one in made.series.items() if key[0] == SATISFACTION.id}


def test_a_line_breaks_where_its_definition_changes_and_says_by_which_it_is(
    tiny_conn: Connection,
) -> None:
    line = lines(tiny_conn, changing())[SATISFACTION.id, CITY]
    assert (line.breaks, line.versions, line.cuts) == ((CHANGE,), (1, 2), (29,))
    # 15 June by the followed up: S3 and S7, both dissatisfied; 16 June by the closed: N2 of 6
    assert (line.num[-2:], line.den and line.den[-2:]) == ((0, 5), (2, 6))
    assert line.version_on(date(2026, 6, 15)) == 1
    assert line.version_on(CHANGE) == 2
    assert line.missing == lines(tiny_conn, METRICS)[SATISFACTION.id, CITY].missing


def test_each_side_of_a_break_is_the_line_of_its_definition(tiny_conn: Connection) -> None:
    old, new = SATISFACTION.earlier[0], replace(SATISFACTION, earlier=())
    before, after = (lines(tiny_conn, {**METRICS, old.id: one}) for one in (old, new))
    for (metric, unit), both in lines(tiny_conn, changing()).items():
        pair = before.get((metric, unit)), after.get((metric, unit))
        nothing = (None,) * 30
        nums = [one.num if one else nothing for one in pair]
        dens = [(one.den if one else None) or nothing for one in pair]
        assert both.num == nums[0][:29] + nums[1][29:]
        assert both.den == dens[0][:29] + dens[1][29:]


def test_a_line_under_one_definition_does_not_break(tiny_conn: Connection) -> None:
    line = lines(tiny_conn, METRICS)[SATISFACTION.id, CITY]
    assert (line.breaks, line.versions) == ((), (2,))
    counted = of_city(replace(tiny.CITY, definitions={SATISFACTION.id: 1}))
    assert lines(tiny_conn, counted)[SATISFACTION.id, CITY].versions == ()


def test_days_before_a_definition_are_drawn_by_the_one_of_then(tiny_conn: Connection) -> None:
    announced = {**METRICS, SATISFACTION.id: replace(SATISFACTION, valid_from=date(2026, 7, 1))}
    line = lines(tiny_conn, announced)[SATISFACTION.id, CITY]
    assert (line.breaks, line.versions) == ((), (1,))
    assert (line.num[-2:], line.den and line.den[-2:]) == ((0, 3), (2, 4))


def test_the_registry_knows_each_definition_by_version_and_by_day() -> None:
    old, new = SATISFACTION.earlier[0], SATISFACTION
    assert registry.version(new.id, 1) is old
    assert registry.version(new.id, 2) is new
    assert registry.version(new.id, 3) is None
    assert registry.version("appeal.nothing", 1) is None
    assert registry.valid(new.id, date(2018, 12, 31)) is old
    assert registry.valid(new.id, date(2019, 1, 1)) is new
    assert registry.valid(new.id, date(2008, 1, 1)) is old


def test_the_parts_of_all_definitions_have_cubes() -> None:
    assert {"appeal.evaluated", "appeal.satisfied", "appeal.closed_not_dissatisfied"} <= {
        part.id for part in PARTS
    }


def test_a_city_counts_by_the_definition_that_its_pack_names() -> None:
    city = replace(tiny.CITY, definitions={SATISFACTION.id: 1})
    counted = of_city(city)[SATISFACTION.id]
    assert (counted.version, counted.in_force(date(2018, 1, 1), date(2026, 1, 1))) == (
        1,
        (Spell(1, date(2018, 1, 1)),),
    )
    assert [one.version for one in counted.versions] == [1, 2]
    assert of_city(tiny.CITY)[SATISFACTION.id] is SATISFACTION


@pytest.mark.parametrize("key", [SATISFACTION.id, "appeal.nothing"])
def test_a_city_cannot_count_by_a_definition_that_there_is_not(key: str) -> None:
    with pytest.raises(BadVersions, match=rf'definition\."{key}": no version 7'):
        of_city(replace(tiny.CITY, definitions={key: 7}))


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": 1},
        {"valid_from": date(2018, 1, 1)},
        {"digits": 1},
        {"direction": "down"},
    ],
    ids=str,
)
def test_definitions_that_do_not_follow_one_another_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadVersions, match="a new version has a higher number and a later date"):
        collect([Found("here", replace(SATISFACTION, **wrong))])


def test_no_definition_is_of_the_future() -> None:
    """A figure of today is by the newest: one that is yet to come must not be in the registry."""
    assert all(one.valid_from <= date.today() for one in definitions())  # noqa: DTZ011


@contextmanager
def telling(metric: Metric) -> Iterator[None]:
    name = f"{metric.id} version {metric.version}"
    try:
        yield
    except AssertionError as error:
        raise AssertionError(
            f"{name} is not what {TABLE.name} keeps of it. A changed definition is a new version"
            " with its date, the old one moves into `earlier`; where only the SQL was written"
            f" anew and every value is the same, take its line out and run: {ADD}"
        ) from error


def check(conn: Connection, metric: Metric) -> None:
    """Fail when a definition is not as it was kept."""
    lines = kept()
    key = (metric.id, metric.version)
    assert key in lines, f"{key} is new: run {ADD} and commit the table with the definition"
    with telling(metric):
        assert line(conn, metric) == lines[key]


@pytest.mark.parametrize("metric", list(definitions()), ids=lambda one: f"{one.id}@{one.version}")
def test_a_definition_is_what_it_was_kept_as(tiny_conn: Connection, metric: Metric) -> None:
    check(tiny_conn, metric)


def test_no_definition_that_was_ever_kept_is_lost() -> None:
    there = {(one.id, one.version) for one in definitions()}
    assert kept().keys() <= there, "keep it in `earlier`: old figures are asked by it"


def test_a_definition_that_changes_without_a_version_is_found(tiny_conn: Connection) -> None:
    metric = METRICS["appeal.closed.count"]
    with pytest.raises(AssertionError, match="is a new version with its date"):
        check(tiny_conn, replace(metric, num=RECEIVED))
    with pytest.raises(AssertionError, match="is a new version with its date"):
        check(tiny_conn, replace(metric, valid_from=date(2020, 1, 1)))
    with pytest.raises(AssertionError, match="is new: run python -m"):
        check(tiny_conn, replace(metric, version=2, num=CLOSED))


def test_the_table_is_in_order_so_that_old_and_new_stand_together() -> None:
    assert TABLE.read_text("utf-8") == kept_definitions.written(kept())

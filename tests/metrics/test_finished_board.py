"""The board of finished data: its clock stands, and before its first record there are no days."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from centre.domain.places import CITY
from centre.domain.scope import EVERYTHING
from centre.domain.status import Freshness
from centre.metrics.board import board
from centre.metrics.registry import METRICS
from centre.snapshots.cells import Address, Due
from tests import tiny
from tests.metrics.boards import HOTLINE, LIVE, RECEIVED, make, pair

FINISHED = replace(tiny.CITY, clock="latest")


def test_of_finished_data_a_case_closed_after_its_end_is_open(tiny_conn: Connection) -> None:
    end = tiny.at("06-17 10:17")  # N8 came in at 10:15 and was closed at 10:20
    made = board(tiny_conn, FINISHED, METRICS, end, scope=EVERYTHING, sources=(HOTLINE,))
    assert made.dues[CITY] == Due(open=7, lapses_today=1, overdue=2)


def test_finished_data_does_not_age(without_river: Connection) -> None:
    city = replace(tiny.CITY, clock="latest")
    states = tuple(replace(one, state="down") for one in LIVE)
    cell = make(without_river, states, city).cells[Address(RECEIVED, CITY)]
    assert (cell.num, cell.freshness, cell.present) == (3, Freshness.LIVE, 3)


def test_before_the_first_record_of_finished_data_there_are_no_days(
    tiny_conn: Connection,
) -> None:
    made = make(tiny_conn, (HOTLINE,), FINISHED)
    # The oldest case is S7 of 10 June: seven complete days, and one Wednesday back.
    assert pair(made, "appeal.received.daily_avg") == (16, 7)
    assert pair(made, "appeal.received.daily_avg", CITY, "week") == (None, None)
    assert pair(made, RECEIVED, "river", "usual") == (0, None)
    series = made.series[RECEIVED, CITY]
    assert series.num == ((None,) * 23 + (1, 0, 0, 0, 0, 8, 7))
    assert made.series["appeal.backlog.count", "river"].num[:23] == (None,) * 23
    assert made.series[RECEIVED, "unassigned"].num[:23] == (None,) * 23


def test_what_is_usual_is_unknown_in_the_first_week_of_finished_data(
    without_s7: Connection,
) -> None:
    made = make(without_s7, (HOTLINE,), FINISHED)
    for name in ("week", "usual"):
        for unit in (CITY, "north", "unassigned"):
            assert pair(made, RECEIVED, unit, name) == (None, None)
    assert pair(made, "appeal.backlog.count", CITY, "week") == (None, None)
    assert made.hours[CITY].usual == (None,) * 24
    assert {one.usual for one in made.shares["channel", CITY]} == {None}
    assert pair(made, "appeal.received.daily_avg") == (15, 2)


def test_each_source_of_finished_data_begins_with_its_own_first_record(
    tiny_conn: Connection,
) -> None:
    made = make(tiny_conn, LIVE, FINISHED)
    assert pair(made, "appeal.received.daily_avg", "south") == (6, 7)
    assert pair(made, "appeal.received.daily_avg", "north") == (6, 2)
    assert pair(made, "appeal.received.daily_avg", "river") == (3, 1)
    assert pair(made, RECEIVED, "north", "week") == (None, None)
    assert pair(made, RECEIVED, "south", "week") == (1, None)

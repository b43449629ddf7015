"""The board of the tiny city, by hand; and of silence, of days back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event

from centre.domain.places import CITY
from centre.domain.records import Case
from centre.domain.scope import EVERYTHING
from centre.domain.status import Freshness
from centre.metrics.evaluate import value
from centre.metrics.questions import Question
from centre.metrics.registry import METRICS, PARTS
from centre.metrics.window import window
from centre.snapshots.cells import Address, Cell, Due, Share, SourceState
from centre.store import sources
from centre.store.engine import reading
from centre.store.write import Delivery, write
from tests import tiny
from tests.metrics.boards import HOTLINE, LIVE, RECEIVED, RIVER_DOWN, make, pair, state
from tests.metrics.conftest import empty, fill


def test_counts_are_of_today_and_rates_of_the_thirty_days_before(tiny_conn: Connection) -> None:
    made = make(tiny_conn)
    assert pair(made, RECEIVED) == (3, None)
    assert pair(made, RECEIVED, "north") == (2, None)
    assert pair(made, "appeal.closed.count") == (2, None)
    assert pair(made, "appeal.satisfaction_rate") == (8, 11)
    assert pair(made, "appeal.on_time_rate") == (4, 7)  # S7 was due on 11 June
    assert pair(made, "appeal.received.daily_avg") == (16, 16)  # 16 of the days were delivered
    assert pair(made, "appeal.backlog.count") == (6, None)
    assert pair(made, "appeal.mailbox.count") == (4, None)
    assert pair(made, "channel.weibo.services_total") == (180, None)


def test_the_board_and_the_answer_to_a_question_are_the_same_number(
    tiny_conn: Connection,
) -> None:
    made = make(tiny_conn, RIVER_DOWN)
    for metric in ("appeal.received.count", "appeal.closed.count", "appeal.backlog.count"):
        for unit in (CITY, "north", "south"):
            question = Question(
                metric=metric, unit=unit, start=tiny.at("06-17 00:00"), end=tiny.NOW
            )
            found = value(tiny_conn, tiny.CITY, question, EVERYTHING, tiny.NOW, sources=RIVER_DOWN)
            cell = made.cells[Address(metric, unit)]
            assert (cell.num, cell.present, cell.missing, cell.freshness, cell.as_of) == (
                found.num,
                found.coverage.present,
                found.coverage.missing,
                found.freshness,
                found.as_of,
            )


@pytest.mark.parametrize("states", [LIVE, RIVER_DOWN], ids=["all live", "one down"])
@pytest.mark.parametrize("clock", ["now", "latest"])
def test_every_cell_is_the_answer_over_the_window_of_its_metric(
    tiny_conn: Connection, states: tuple[SourceState, ...], clock: str
) -> None:
    city = replace(tiny.CITY, clock=clock)
    made = make(tiny_conn, states, city)
    for (metric, unit, name), cell in made.cells.items():
        if name != "now" or cell.freshness is Freshness.DOWN:
            continue  # of the silent the board keeps the last word; an answer has none
        start, end = window(METRICS[metric], tiny.NOW, city.tz)
        asked = Question(metric=metric, unit=unit, start=start, end=end)
        found = value(tiny_conn, city, asked, EVERYTHING, tiny.NOW, sources=states)
        there = found.coverage
        shown = (cell.num, cell.den, cell.freshness, cell.as_of, cell.present)
        assert (metric, unit, *shown) == (
            *(metric, unit, found.num, found.den, found.freshness, found.as_of, there.present),
        )
        assert (cell.withheld, cell.revised) == (there.withheld, found.revised)
        if cell.num is not None:  # the board knows from other days who could have measured it
            shown = (cell.expected, cell.missing, cell.usual_share)
            assert shown == (there.expected, there.missing, there.usual_share)


def test_a_figure_of_midnight_is_of_the_day_that_begins(tiny_conn: Connection) -> None:
    midnight = tiny.at("06-17 00:00")
    start, end = window(METRICS[RECEIVED], midnight, tiny.ZONE)
    asked = Question(metric=RECEIVED, start=start, end=end)
    found = value(tiny_conn, tiny.CITY, asked, EVERYTHING, midnight, sources=LIVE)
    assert (found.start, found.coverage.present) == (midnight, 3)


def test_a_silent_centre_leaves_the_total_and_keeps_its_last_number(
    tiny_conn: Connection,
) -> None:
    made = make(tiny_conn, RIVER_DOWN)
    city = made.cells[Address("appeal.closed.count", CITY)]
    assert (city.num, city.present, city.expected, city.missing) == (1, 2, 3, ("river",))
    assert city.freshness is Freshness.LIVE
    river = made.cells[Address("appeal.closed.count", "river")]
    assert (river.num, river.freshness, river.present, river.expected) == (
        1,
        Freshness.DOWN,
        0,
        1,
    )


def test_a_silent_centre_stays_in_the_rate_of_the_complete_days(tiny_conn: Connection) -> None:
    city = make(tiny_conn, RIVER_DOWN).cells[Address("appeal.satisfaction_rate", CITY)]
    assert (city.num, city.den, city.present, city.missing) == (8, 11, 3, ())
    assert city.freshness is Freshness.LIVE
    assert city.as_of == tiny.NOW - timedelta(minutes=60)


def test_a_city_of_which_all_fell_silent_keeps_its_last_number_as_down(
    tiny_conn: Connection,
) -> None:
    silent = tuple(replace(one, state="down") for one in LIVE)
    city = make(tiny_conn, silent).cells[Address(RECEIVED, CITY)]
    assert (city.num, city.present, city.freshness) == (3, 0, Freshness.DOWN)


def test_a_unit_that_never_delivered_is_missing_and_not_zero(without_river: Connection) -> None:
    states = (*LIVE[:2], replace(state("river", "missing"), as_of=None), HOTLINE)
    made = make(without_river, states)
    assert made.cells[Address(RECEIVED, "river")] == Cell(
        num=None, present=0, expected=1, missing=("river",), usual_share=1.0
    )
    assert made.cells[Address("appeal.reopen_rate", CITY)].missing == ("river",)
    assert made.hours["river"].today == (None,) * 24


def test_the_past_is_counted_to_the_same_minute(tiny_conn: Connection) -> None:
    made = make(tiny_conn)
    # Wednesday 10 June: S7 at 09:30. Of the four Wednesdays only 10 and 3 June were delivered.
    assert pair(made, RECEIVED, CITY, "week") == (1, None)
    assert pair(made, RECEIVED, "south", "usual") == (0.5, None)
    # S7 was dispatched at 10:00: its hour is known, the minute is half of it.
    assert pair(made, "appeal.dispatched.count", CITY, "week") == (0.5, None)
    assert pair(made, "appeal.backlog.count", "south", "week") == (1, None)


def test_a_rate_of_a_week_ago_needs_most_of_its_days(tiny_conn: Connection) -> None:
    cell = make(tiny_conn).cells[Address("appeal.satisfaction_rate", CITY, "week")]
    assert (cell.num, cell.freshness) == (None, Freshness.MISSING)


def test_a_series_has_thirty_days_and_none_where_nothing_was_delivered(
    tiny_conn: Connection,
) -> None:
    series = make(tiny_conn).series[RECEIVED, CITY]
    assert series.first == tiny.TODAY - timedelta(days=30)
    assert len(series.num) == 30
    assert series.num[:14] == (None,) * 14  # May was not delivered
    assert series.num[-7:] == (1, 0, 0, 0, 0, 8, 7)
    backlog = make(tiny_conn).series["appeal.backlog.count", CITY]
    assert backlog.num[-3:] == (1, 4, 5)


def test_the_hours_to_come_are_none(tiny_conn: Connection) -> None:
    hours = make(tiny_conn).hours[CITY]
    assert hours.today[8:12] == (1, 1, 1, None)
    assert hours.usual[9] == 0.5


def test_shares_are_of_today_beside_the_usual(tiny_conn: Connection) -> None:
    assert make(tiny_conn).shares["channel", "south"] == (Share(key="phone", today=1.0, usual=0.5),)


def test_a_silent_centre_says_nothing_of_todays_shares(tiny_conn: Connection) -> None:
    made = make(tiny_conn, (state("north", "down", 60), *LIVE[1:]))
    assert {one.today for one in made.shares["channel", "north"]} == {None}
    assert None not in {one.today for one in made.shares["channel", CITY]}


def test_half_a_day_is_no_amount_of_a_day(tmp_path: Path) -> None:
    """The north fell silent on the 15th at noon and has not said the rest of that day."""
    engine = empty(tmp_path)
    fill(engine, silent=("north-desk",))
    noon, north = tiny.at("06-15 12:00"), [one for one in tiny.CASES if one.unit == "north"]
    own = [one for one in north if one.received_at < noon]
    delivery = _delivery(engine, "north-desk", own, "north")
    days = tuple(f"2026-06-{day:02d}" for day in range(1, 15))
    write(engine, replace(delivery, watermark=noon, days=days), PARTS, tiny.ZONE)
    states = (state("north", "down", 46 * 60 + 30), *LIVE[1:])
    with reading(engine) as conn:
        made = make(conn, states)
        start, end = window(METRICS["appeal.received.daily_avg"], tiny.NOW, tiny.ZONE)
        asked = Question(metric="appeal.received.daily_avg", unit="north", start=start, end=end)
        found = value(conn, tiny.CITY, asked, EVERYTHING, tiny.NOW, sources=states)
    engine.dispose()
    assert len([one for one in own if one.received_at >= tiny.at("06-15 00:00")]) > 0
    assert made.series[RECEIVED, "north"].num[-3:] == (0, None, None)
    assert pair(made, "appeal.received.daily_avg", "north") == (0, 14)
    assert (found.num, found.den) == (0, 14)


def test_what_was_delivered_once_is_known_for_ever(tmp_path: Path) -> None:
    """A year without a reopened case is a rate of 0, on the board as in an answer."""
    engine = empty(tmp_path)
    fill(engine)
    old = tiny.appeal("old", "north", "06-10 08:00", reopens=1, closed_at="06-10 09:00")
    year = timedelta(days=365)
    old = replace(old, received_at=old.received_at - year, closed_at=tiny.NOW - year)
    plain = [replace(one, reopens=0, source_version=9) for one in tiny.CASES]
    for unit in ("north", "south", "river"):
        own = [one for one in (old, *plain) if one.source == f"{unit}-desk"]
        write(engine, _delivery(engine, f"{unit}-desk", own, unit), PARTS, tiny.ZONE)
    with reading(engine) as conn:
        made = make(conn)
    engine.dispose()
    assert pair(made, "appeal.reopen_rate")[0] == 0
    assert ("appeal.reopen_rate", CITY) in made.series


def _delivery(engine: Engine, source: str, records: list[Case], unit: str) -> Delivery:
    return Delivery(
        source=source,
        epoch=sources.claim(engine, source),
        records=records,
        rows=(),
        cursor={},
        fetched_at=tiny.NOW,
        watermark=tiny.NOW,
        units=(unit,),
    )


def test_open_cases_are_counted_by_clock(tiny_conn: Connection) -> None:
    assert make(tiny_conn).dues[CITY] == Due(open=6, lapses_today=1, overdue=2)


def test_a_unit_without_due_times_has_nothing_overdue_that_could_be_counted(
    undated: Connection,
) -> None:
    dues = make(undated).dues
    assert dues["north"] == Due(open=3, lapses_today=None, overdue=None)
    assert dues["south"] == Due(open=2, lapses_today=1, overdue=0)
    assert dues[CITY] == Due(open=6, lapses_today=1, overdue=0)


def test_the_number_of_queries_does_not_grow_with_the_cases(tmp_path: Path) -> None:
    few, many = queries_of(tmp_path / "few", 1), queries_of(tmp_path / "many", 40)
    assert few == many
    assert few < 25


def queries_of(folder: Path, copies: int) -> int:
    """How many statements a board takes when the cases of the north are there so many times."""
    engine = empty(folder)
    north = [one for one in tiny.CASES if one.source == "north-desk"]
    delivery = Delivery(
        source="north-desk",
        epoch=sources.claim(engine, "north-desk"),
        records=[replace(one, key=f"{one.key}-{copy}") for copy in range(copies) for one in north],
        rows=(),
        cursor={},
        fetched_at=tiny.NOW,
        watermark=tiny.NOW,
        units=("north",),
    )
    write(engine, delivery, PARTS, tiny.ZONE)
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    with reading(engine) as conn:
        made = make(conn)
    engine.dispose()
    assert made.cells[Address(RECEIVED, "north")].num == 2 * copies
    return len(statements)

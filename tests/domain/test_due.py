"""Due times against a walk from minute to minute, and their own laws."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centre.domain import due
from centre.domain.due import DueRule
from centre.domain.records import Pause
from centre.domain.timetable import Timetable
from centre.domain.workdays import Calendar, calendar
from tests.domain.walk import RULES, ZONE, at, rule, some_case, stepped, walked

DAYS = rule()


def table_of(one: DueRule) -> Timetable:
    return due.timetable_of(one, "CN", ZONE)


def due_of(one: DueRule, anchor: datetime, *pauses: Pause) -> datetime | None:
    return due.due_at(one, table_of(one), anchor, pauses)


@pytest.mark.slow
def test_ten_thousand_cases_fall_due_where_a_walk_from_minute_to_minute_ends() -> None:
    dice = random.Random(20181228)
    undecided = 0
    for _ in range(10_000):
        one, anchor, pauses = some_case(dice)
        found, expected = due_of(one, anchor, *pauses), walked(one, anchor, pauses)
        assert found == expected, (one, anchor, pauses)
        undecided += found is None
    assert 300 < undecided < 3_000  # open pauses are among them, and do not rule them


def test_the_walk_is_what_it_says() -> None:
    """The vectors of the walk against a loop that steps from minute to minute."""
    dice = random.Random(1)
    for _ in range(60):
        one, anchor, pauses = some_case(dice)
        one = replace(one, length=1, extension=min(one.extension, 1))
        assert walked(one, anchor, pauses) == stepped(one, anchor, pauses)


INSTANTS = st.datetimes(
    min_value=datetime(2018, 1, 1),  # noqa: DTZ001 - hypothesis wants naive bounds
    max_value=datetime(2026, 6, 1),  # noqa: DTZ001
    timezones=st.just(ZONE),
)
LENGTHS = st.timedeltas(timedelta(0), timedelta(days=20))


@st.composite
def stops(draw: st.DrawFn, start: datetime) -> list[Pause]:
    """Closed pauses that stop a clock, near a start."""
    pairs = draw(st.lists(st.tuples(LENGTHS, LENGTHS), max_size=4))
    reasons = draw(st.lists(st.sampled_from(due.STOPS), min_size=4, max_size=4))
    return [
        Pause(reason=reason, start=start + after, end=start + after + length)
        for (after, length), reason in zip(pairs, reasons, strict=False)
    ]


@given(st.data(), INSTANTS, st.sampled_from(RULES), st.integers(0, 60))
def test_one_more_holiday_never_shortens(
    data: st.DataObject, anchor: datetime, one: DueRule, after: int
) -> None:
    pauses = data.draw(stops(anchor))
    holiday = anchor.toordinal() + after
    fewer = Calendar(workdays=lambda year: tuple(d for d in WORKDAYS(year) if d != holiday))
    table = table_of(one)
    if not one.is_working:
        return
    later = due.due_at(one, replace(table, days=fewer.workdays), anchor, pauses)
    assert later is not None
    assert later >= (due.due_at(one, table, anchor, pauses) or later)


WORKDAYS = calendar("CN").workdays


@given(st.data(), INSTANTS, st.sampled_from(RULES))
def test_a_pause_never_shortens_and_the_same_pause_twice_is_one(
    data: st.DataObject, anchor: datetime, one: DueRule
) -> None:
    pauses = data.draw(stops(anchor))
    plain, paused = due_of(one, anchor), due_of(one, anchor, *pauses)
    assert plain is not None
    assert paused is not None
    assert paused >= plain
    twice = [replace(p, reason="suspended") for p in pauses if p.reason in one.stops]
    both = replace(one, stops=due.STOPS)
    assert due_of(both, anchor, *twice, *twice) == due_of(both, anchor, *twice)


@given(st.data(), INSTANTS, st.sampled_from(RULES), LENGTHS)
def test_a_case_is_within_its_time_exactly_until_it_is_due(
    data: st.DataObject, anchor: datetime, one: DueRule, later: timedelta
) -> None:
    pauses = data.draw(stops(anchor))
    moment = anchor + later
    run = due.run(one, table_of(one), anchor, moment, pauses=pauses, closed_at=None)
    assert run.due_at is not None
    assert (moment <= run.due_at) == (run.left >= timedelta(0))
    assert run.used + run.stopped == table_of(one).passed(anchor, moment)


def test_a_pause_over_a_week_end_costs_no_more_than_its_working_time() -> None:
    friday, monday = at("2026-11-20 12:00"), at("2026-11-23 12:00")
    over = Pause(reason="suspended", start=friday, end=monday)
    anchor = at("2026-11-18 09:00")
    assert due_of(DAYS, anchor) == at("2026-11-25 09:00")
    assert due_of(DAYS, anchor, over) == at("2026-11-26 09:00")  # one working day, not three
    again = Pause(reason="third_party", start=friday, end=monday)
    within = Pause(reason="returned", start=at("2026-11-21"), end=at("2026-11-22"))
    assert due_of(DAYS, anchor, over, again, within) == at("2026-11-26 09:00")


def test_an_open_pause_stops_the_clock_until_the_case_is_closed() -> None:
    anchor, paused = at("2026-11-16 09:00"), at("2026-11-18 09:00")
    pauses = (Pause(reason="suspended", start=paused),)
    run = due.run(
        DAYS, table_of(DAYS), anchor, at("2026-11-20 09:00"), pauses=pauses, closed_at=None
    )
    assert run.due_at is None
    assert (run.left, run.stopped) == (timedelta(days=3), timedelta(days=2))
    assert run.by is not None
    assert run.by.pauses == pauses
    closed = at("2026-11-24 09:00")
    assert due.due_at(DAYS, table_of(DAYS), anchor, pauses, closed) == at("2026-11-27 09:00")


def test_a_pause_after_the_time_is_up_changes_nothing() -> None:
    anchor, late = at("2026-11-02 09:00"), at("2026-11-20 09:00")
    for end in (None, late + timedelta(days=3)):
        assert due_of(DAYS, anchor, Pause(reason="suspended", start=late, end=end)) == at(
            "2026-11-09 09:00"
        )


def test_one_extension_of_the_same_length_is_granted_and_no_second() -> None:
    law = rule(kind="disclosure", length=20, extension=20, stops=("third_party",))
    anchor = at("2026-03-02 10:00")
    first, second = (Pause(reason="extended", start=anchor + timedelta(days=d)) for d in (10, 12))
    plain, extended = due_of(law, anchor), due_of(law, anchor, first)
    assert plain == at("2026-03-30 10:00")
    assert extended == calendar("CN").add_workdays(anchor, 40, ZONE)
    assert due_of(law, anchor, first, second) == extended
    too_late = Pause(reason="extended", start=at("2026-03-31 10:00"))
    assert due_of(law, anchor, too_late) == plain


def test_an_extension_may_be_shorter_than_the_rule_allows_but_not_longer() -> None:
    law = rule(length=20, extension=5)
    anchor = at("2026-03-02 10:00")
    week = Pause(reason="extended", start=at("2026-03-09 00:00"), end=at("2026-03-11 00:00"))
    assert due_of(law, anchor, week) == calendar("CN").add_workdays(anchor, 22, ZONE)
    year = replace(week, end=at("2026-12-09 00:00"))
    assert due_of(law, anchor, year) == calendar("CN").add_workdays(anchor, 25, ZONE)


def test_hearing_a_third_party_during_an_extension_takes_nothing_from_it() -> None:
    law = rule(length=20, extension=20, stops=("third_party",))
    anchor = at("2026-03-02 10:00")
    extended = Pause(reason="extended", start=at("2026-03-20 10:00"))
    heard = Pause(reason="third_party", start=at("2026-04-13"), end=at("2026-04-18"))
    assert due_of(law, anchor, extended, heard) == calendar("CN").add_workdays(anchor, 45, ZONE)


def test_working_hours_and_calendar_hours_are_told_apart() -> None:
    friday = at("2026-11-20 16:30")
    calendar_hours = rule(clock="calendar_hours", length=24)
    working_hours = replace(RULES[4], length=8)
    assert due_of(calendar_hours, friday) == at("2026-11-21 16:30")
    assert due_of(working_hours, friday) == at("2026-11-24 09:00")  # 1 h, 7 h: the Monday is full
    assert due_of(replace(working_hours, length=7), friday) == at("2026-11-23 16:30")


def test_calendar_days_keep_the_local_time_when_clocks_change() -> None:
    west = ZoneInfo("America/Los_Angeles")
    one = rule(clock="calendar_days", length=2)
    start = datetime(2026, 3, 7, 9, tzinfo=west)
    found = due.due_at(one, due.timetable_of(one, "US", west), start)
    assert found == datetime(2026, 3, 9, 9, tzinfo=west)
    hours = replace(one, clock="calendar_hours", length=48)
    found = due.due_at(hours, due.timetable_of(hours, "US", west), start)
    assert found == datetime(2026, 3, 9, 10, tzinfo=west)

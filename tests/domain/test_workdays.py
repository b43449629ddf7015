"""Working days against a second package, a brute-force count and their own laws."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from centre.domain.workdays import GRAIN, Calendar, UnknownCalendar, calendar, grained

CHENGDU = ZoneInfo("Asia/Shanghai")
CHINA = calendar("CN")

_INSTANTS = st.datetimes(
    min_value=datetime(2018, 1, 1),  # noqa: DTZ001 - hypothesis wants naive bounds
    max_value=datetime(2026, 9, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def at(text: str) -> datetime:
    """A local time in Chengdu."""
    return datetime.fromisoformat(text).replace(tzinfo=CHENGDU)


def test_both_packages_agree_on_every_published_day() -> None:
    days = [date(2018, 1, 1) + timedelta(days=n) for n in range(3287)]
    assert days[-1] == date(2026, 12, 31)
    assert [d for d in days if CHINA.is_workday(d) != chinese_calendar.is_workday(d)] == []


@pytest.mark.parametrize(
    "day",
    [
        "2019-02-02",
        "2019-02-03",
        "2024-02-04",
        "2024-02-09",
        "2025-01-26",
        "2026-02-14",
        "2026-02-28",
    ],
)
def test_adjusted_weekends_are_worked(day: str) -> None:
    assert CHINA.is_workday(date.fromisoformat(day))


def test_a_year_without_notice_is_provisional() -> None:
    assert [CHINA.is_provisional(year) for year in (2025, 2026, 2027)] == [False, False, True]
    assert not calendar("US").is_provisional(2099)


def test_a_country_without_calendar_is_refused_by_name() -> None:
    with pytest.raises(UnknownCalendar, match='"XX" is not a country code'):
        calendar("XX")


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-06-15 10:30", 0, "2026-06-15 10:30"),
        ("2026-06-15 10:30", 3, "2026-06-18 10:30"),
        ("2026-06-15 10:30", 4, "2026-06-22 10:30"),  # Dragon Boat on Friday the 19th
        ("2026-06-13 10:30", 1, "2026-06-16 00:00"),  # begins on Saturday: from Monday 0:00
        ("2026-02-13 10:00", 5, "2026-02-27 10:00"),  # the 14th is worked, 15-23 are free
        ("2026-02-27 10:00", 1, "2026-02-28 10:00"),  # a worked Saturday
        ("2025-12-31 23:59", 1, "2026-01-04 23:59"),  # New Year, and a worked Sunday
    ],
)
def test_a_case_falls_due_at_the_same_local_time(start: str, days: int, due: str) -> None:
    found = CHINA.add_workdays(at(start), days, CHENGDU)
    assert found == at(due)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-06-12 10:00", "2026-06-15 10:00", 1.0),
        ("2026-06-12 10:00", "2026-06-13 10:00", 14 / 24),
        ("2026-06-13 10:00", "2026-06-14 20:00", 0.0),
        ("2026-06-15 00:00", "2026-06-15 06:00", 0.25),
        ("2026-06-15 10:00", "2026-06-12 10:00", -1.0),
        ("2025-12-31 12:00", "2026-01-05 12:00", 2.0),
    ],
)
def test_only_working_days_pass(start: str, end: str, days: float) -> None:
    assert CHINA.workdays_between(at(start), at(end), CHENGDU) == pytest.approx(days)


@given(start=_INSTANTS, days=st.integers(0, 60))
def test_adding_agrees_with_counting_day_by_day(start: datetime, days: int) -> None:
    local = start.astimezone(CHENGDU)
    day, clock = local.date(), local.time()
    while not chinese_calendar.is_workday(day):
        day, clock = day + timedelta(days=1), time()
    for _ in range(days):
        day += timedelta(days=1)
        while not chinese_calendar.is_workday(day):
            day += timedelta(days=1)
    due = datetime.combine(day, clock, CHENGDU)
    assert CHINA.add_workdays(start, days, CHENGDU) == due


@given(start=_INSTANTS, days=st.integers(0, 60))
def test_between_undoes_add(start: datetime, days: int) -> None:
    due = CHINA.add_workdays(start, days, CHENGDU)
    assert CHINA.workdays_between(start, due, CHENGDU) == pytest.approx(days, abs=1e-9)


@given(st.tuples(_INSTANTS, _INSTANTS, _INSTANTS).map(sorted))
def test_spans_add_up(moments: list[datetime]) -> None:
    a, b, c = moments
    parts = CHINA.workdays_between(a, b, CHENGDU) + CHINA.workdays_between(b, c, CHENGDU)
    assert CHINA.workdays_between(a, c, CHENGDU) == pytest.approx(parts, abs=1e-9)


@given(start=_INSTANTS, days=st.integers(0, 30), after=st.integers(0, 60))
def test_one_more_holiday_never_shortens(start: datetime, days: int, after: int) -> None:
    holiday = start.astimezone(CHENGDU).toordinal() + after
    fewer = Calendar(
        workdays=lambda year: tuple(day for day in CHINA.workdays(year) if day != holiday)
    )
    assert fewer.add_workdays(start, days, CHENGDU) >= CHINA.add_workdays(start, days, CHENGDU)
    end = start + timedelta(days=30)
    fewer_passed = fewer.workdays_between(start, end, CHENGDU)
    assert fewer_passed <= CHINA.workdays_between(start, end, CHENGDU) + 1e-9


def test_years_without_data_have_free_weekends_only() -> None:
    assert CHINA.is_workday(date(1949, 10, 3))
    assert not CHINA.is_workday(date(1949, 10, 2))
    assert not CHINA.is_workday(date(9999, 12, 26))


def test_a_due_time_in_the_hour_that_never_was_comes_an_hour_later() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    spring = datetime(1991, 4, 12, 23, 30, tzinfo=zone)
    assert CHINA.add_workdays(spring, 2, zone).astimezone(zone).hour == 23
    west = ZoneInfo("America/Los_Angeles")
    daily = Calendar(
        workdays=lambda year: tuple(
            range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
        )
    )
    start = datetime(2026, 3, 7, 2, 30, tzinfo=west)
    due = daily.add_workdays(start, 1, west)
    assert due == datetime(2026, 3, 8, 10, 30, tzinfo=UTC)  # 3:30 by the new clock


@given(st.lists(st.floats(0, 250), min_size=2, max_size=60), st.randoms())
def test_durations_add_up_exactly_in_any_order_and_leave_nothing_when_taken_away(
    days: list[float], chance: Random
) -> None:
    kept = [grained(one) for one in days]
    assert all(abs(one - whole) <= GRAIN / 2 for one, whole in zip(kept, days, strict=True))
    total = sum(kept)
    chance.shuffle(kept)
    assert sum(kept) == total
    for one in kept:
        total -= one
    assert total == 0

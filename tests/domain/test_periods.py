"""Local days and hours, on the days that are not 24 hours long too."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centre.domain.periods import (
    BadTime,
    Days,
    bucket,
    complete_days,
    day_start,
    duration_bucket,
    local_day,
    parse_instant,
)

CHENGDU = ZoneInfo("Asia/Shanghai")
ANGELES = ZoneInfo("America/Los_Angeles")


@pytest.mark.parametrize(
    ("day", "zone", "start", "hours"),
    [
        (date(2026, 6, 16), CHENGDU, "2026-06-15T16:00", 24),
        (date(1990, 7, 1), CHENGDU, "1990-06-30T15:00", 24),  # summer time in China
        (date(1990, 4, 15), CHENGDU, "1990-04-14T16:00", 23),
        (date(1990, 9, 16), CHENGDU, "1990-09-15T15:00", 25),
        (date(2025, 3, 9), ANGELES, "2025-03-09T08:00", 23),
        (date(2025, 11, 2), ANGELES, "2025-11-02T07:00", 25),
        (date(2028, 2, 29), ANGELES, "2028-02-29T08:00", 24),
    ],
)
def test_a_local_day_begins_and_lasts(day: date, zone: ZoneInfo, start: str, hours: int) -> None:
    begin = datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert day_start(day, zone) == begin
    end = day_start(day + timedelta(days=1), zone)
    assert end - begin == timedelta(hours=hours)
    assert local_day(begin, zone) == local_day(end - timedelta(microseconds=1), zone) == day


@given(
    instant=st.datetimes(
        min_value=datetime(1980, 1, 1),  # noqa: DTZ001 - hypothesis wants naive bounds
        max_value=datetime(2060, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    zone=st.sampled_from([CHENGDU, ANGELES, ZoneInfo("Asia/Kathmandu")]),
)
def test_the_cached_bucket_is_the_local_day_and_hour(instant: datetime, zone: ZoneInfo) -> None:
    local = instant.astimezone(zone)
    assert bucket(instant, zone) == (local.toordinal(), local.hour)


def test_the_repeated_hour_falls_into_one_bucket_twice() -> None:
    first = datetime(2025, 11, 2, 8, 30, tzinfo=UTC)
    second = first + timedelta(hours=1)
    assert bucket(first, ANGELES) == bucket(second, ANGELES) == (date(2025, 11, 2).toordinal(), 1)


def test_a_rate_is_the_thirty_days_that_ended_yesterday() -> None:
    now = datetime(2026, 6, 15, 16, 0, tzinfo=UTC)  # midnight in Chengdu
    found = complete_days(now, CHENGDU)
    assert found == Days(first=date(2026, 5, 17), last=date(2026, 6, 15))
    assert len(found) == 30
    before = complete_days(now - timedelta(microseconds=1), CHENGDU)
    assert before == Days(first=date(2026, 5, 16), last=date(2026, 6, 14))


@pytest.mark.parametrize(
    ("hours", "key"),
    [(0, "0.25"), (0.25, "0.25"), (0.26, "0.5"), (5, "8"), (768, "768"), (769, "inf")],
)
def test_a_duration_has_its_bucket(hours: float, key: str) -> None:
    start = datetime(2026, 6, 1, tzinfo=UTC)
    assert duration_bucket(start, start + timedelta(hours=hours)) == key


def test_a_plain_date_means_that_day_in_the_citys_zone() -> None:
    assert parse_instant("2026-06-16", CHENGDU) == datetime(2026, 6, 15, 16, tzinfo=UTC)
    expected = datetime(2026, 6, 16, 1, tzinfo=UTC)
    assert parse_instant("2026-06-16T09:00:00+08:00", CHENGDU) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("2026-06-16T09:00:00", "yesterday", "", "2026-13-01", "0" * 10),
        *("0001-01-01", "0001-01-01T00:00:00+14:00", "0001-01-01T12:00:00Z"),
        *("9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59Z"),
        *("1969-12-31", "2200-01-01", "2199-12-31T16:00:00Z", "0002-01-01"),
    ],
)
def test_a_time_that_cannot_be_read_is_quoted(text: str) -> None:
    with pytest.raises(BadTime) as caught:
        parse_instant(text, CHENGDU)
    assert str(caught.value).startswith(f'"{text}" is neither a date')

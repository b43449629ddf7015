"""Local and aware times in every format that sources write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centre.domain.times import compile_format, microseconds, time_reader
from centre.domain.words import BadValue

CHENGDU = ZoneInfo("Asia/Shanghai")
ANGELES = ZoneInfo("America/Los_Angeles")
AMPM = "%m/%d/%Y %I:%M:%S %p"
BIGQUERY = "%Y-%m-%d %H:%M:%S %Z"


@pytest.mark.parametrize(
    ("word", "format_", "zone", "utc"),
    [
        ("2026-06-15 09:00:00", None, CHENGDU, "2026-06-15T01:00:00"),
        ("2026-06-15T09:00:00Z", "iso", None, "2026-06-15T09:00:00"),
        ("2026-06-15T09:00:00.25+08:00", "iso", ANGELES, "2026-06-15T01:00:00.250000"),
        ("2026-06-15", "iso", CHENGDU, "2026-06-14T16:00:00"),
        ("1990-07-01 12:00", "iso", CHENGDU, "1990-07-01T03:00:00"),  # summer time in China
        ("1992-07-01 12:00", "iso", CHENGDU, "1992-07-01T04:00:00"),
        ("12/31/2017 11:59:58 PM", AMPM, ANGELES, "2018-01-01T07:59:58"),
        ("12/31/2017 12:00:00 AM", AMPM, ANGELES, "2017-12-31T08:00:00"),
        ("7/4/2017 12:00:00 pm", AMPM, ANGELES, "2017-07-04T19:00:00"),
        ("2019-10-06 00:05:55 UTC", BIGQUERY, CHENGDU, "2019-10-06T00:05:55"),
        ("06 Oct 69 07:08", "%d %b %y %H:%M", CHENGDU, "1969-10-05T23:08:00"),
        ("20260615T090000+0800", "%Y%m%dT%H%M%S%z", None, "2026-06-15T01:00:00"),
        ("2026年6月15日", "%Y年%m月%d日", CHENGDU, "2026-06-14T16:00:00"),
        ("1569888000", "epoch", None, "2019-10-01T00:00:00"),
        (1569888000000, "epoch", None, "2019-10-01T00:00:00"),
        (-1.5, "epoch", None, "1969-12-31T23:59:58.500000"),
        # The night the clocks go back: of two equal times the first, in summer time.
        ("2025-11-02 01:30", "iso", ANGELES, "2025-11-02T08:30:00"),
        ("2025-11-02 02:30", "iso", ANGELES, "2025-11-02T10:30:00"),
    ],
)
def test_a_time_is_read(word: Any, format_: str | None, zone: ZoneInfo | None, utc: str) -> None:
    found = time_reader(format_, zone)(word)
    assert found == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert found is not None
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("word", "format_", "zone", "reason"),
    [
        ("yesterday", "iso", CHENGDU, "bad_time"),
        ("2026-02-29", "iso", CHENGDU, "bad_time"),
        ("13/31/2017 11:59:58 PM", AMPM, ANGELES, "bad_time"),
        ("12/31/2017 13:59:58 PM", AMPM, ANGELES, "bad_time"),
        ("12/31/2017 11:59:58", AMPM, ANGELES, "bad_time"),
        ("2019-10-06 00:05:55 CST", BIGQUERY, CHENGDU, "bad_time"),  # Chicago's or China's
        ("06 Foo 69 07:08", "%d %b %y %H:%M", CHENGDU, "bad_time"),
        ("2026-06-15 09:00", "iso", None, "no_zone"),
        ("2025-03-09 02:30", "iso", ANGELES, "nonexistent_time"),
        ("1e309", "epoch", None, "not_a_number"),
        (1e20, "epoch", None, "bad_time"),
        ("9999-12-31 23:00", "iso", ANGELES, "bad_time"),
        ("0001-01-01 00:00", "iso", CHENGDU, "bad_time"),
        (True, "iso", CHENGDU, "bad_time"),
    ],
)
def test_a_bad_time_says_why(word: Any, format_: str, zone: ZoneInfo | None, reason: str) -> None:
    with pytest.raises(BadValue) as caught:
        time_reader(format_, zone)(word)
    assert caught.value.reason == reason


def test_a_blank_time_is_none() -> None:
    assert time_reader("iso", CHENGDU)("  ") is None
    assert time_reader("epoch", None)("") is None


@pytest.mark.parametrize("format_", ["%Q", "%Y-%m", "%d %b", "%c", "100%"])
def test_an_unknown_pattern_is_refused_when_it_is_read(format_: str) -> None:
    with pytest.raises(ValueError, match="%"):
        compile_format(format_)


@given(
    instant=st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2068, 1, 1)),  # noqa: DTZ001
    format_=st.sampled_from(
        [AMPM, "%Y-%m-%d %H:%M:%S.%f", "%y%m%d%H%M%S", "%d.%m.%Y %H:%M", "%Y/%m/%d", "%b %d %Y"]
    ),
)
def test_patterns_read_what_strptime_reads(instant: datetime, format_: str) -> None:
    text = instant.strftime(format_)
    assert compile_format(format_)(text) == datetime.strptime(text, format_)  # noqa: DTZ007


@given(
    instant=st.datetimes(min_value=datetime(1985, 1, 1), max_value=datetime(2030, 1, 1)),  # noqa: DTZ001
    zone=st.sampled_from([CHENGDU, ANGELES, ZoneInfo("Europe/London")]),
)
def test_what_is_written_in_local_time_is_read_back(instant: datetime, zone: ZoneInfo) -> None:
    known = instant.replace(tzinfo=UTC)
    local = known.astimezone(zone)
    text = local.replace(tzinfo=None).isoformat()
    assert time_reader("iso", zone)(text, fold=local.fold) == known


@given(st.datetimes(timezones=st.just(UTC)))
def test_microseconds_are_exact(instant: datetime) -> None:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert epoch + timedelta(microseconds=microseconds(instant)) == instant


def test_an_aware_time_of_any_offset_is_stored_in_utc() -> None:
    quarter = timezone(timedelta(hours=5, minutes=45))
    found = time_reader("iso", None)(datetime(2026, 6, 15, 9, tzinfo=quarter))
    assert found == datetime(2026, 6, 15, 3, 15, tzinfo=UTC)

"""Bad rows are refused with field, reason, message and the kept row; nothing makes parse raise."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.domain import fields
from centre.domain.due import DueRule
from centre.domain.records import Case, Rejected
from centre.domain.sources import FieldMap
from tests.domain.make import CITY, NOW, ROW, case, judge, refused, same_names, source

RECEIVED = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)


def test_an_unknown_unit_names_the_nearest_one() -> None:
    row = {**ROW, "unit": "Nob Hil"}
    assert refused(row) == ("unit", "unknown_unit", 'unknown unit "Nob Hil"; nearest: Nob Hill')
    found = judge(row)
    assert isinstance(found, Rejected)
    assert (found.key, dict(found.raw)) == ("a-1", row)


def test_a_unit_far_from_all_names_none() -> None:
    assert refused({**ROW, "unit": "zzzz"}) == ("unit", "unknown_unit", 'unknown unit "zzzz"')


@pytest.mark.parametrize("blank", ["", " ", None, "\u3000"])
def test_a_blank_unit_is_unassigned(blank: str | None) -> None:
    assert case(unit=blank).unit == "unassigned"


@pytest.mark.parametrize("spelling", ["510132", "510118", "新津", " XINJIN ", 510132, 510132.0])
def test_a_unit_is_known_by_code_former_code_and_name(spelling: Any) -> None:
    assert case(unit=spelling).unit == "510132"


def test_a_source_of_one_unit_need_not_name_it() -> None:
    row = {"key": "a-1", "received_at": "2026-06-15"}
    found = judge(row)
    assert isinstance(found, Case)
    assert found.unit == "unassigned"
    found = judge(row, source(same_names(row), unit="510104"))
    assert isinstance(found, Case)
    assert found.unit == "510104"


def test_a_time_without_zone_is_refused_when_the_source_declares_none() -> None:
    assert refused(ROW, source(same_names(ROW), zone=None)) == (
        "received_at",
        "no_zone",
        '"2026-06-15 09:00:00" has no time zone and the source declares none',
    )


def test_a_time_in_the_future_is_refused() -> None:
    field, reason, detail = refused({**ROW, "received_at": "2026-06-16 12:05:01"})
    assert (field, reason) == ("received_at", "future")
    expected = "2026-06-16T04:05:01+00:00 lies in the future; now it is 2026-06-16T04:00:00+00:00"
    assert detail == expected


def test_a_clock_five_minutes_ahead_is_forgiven() -> None:
    assert case(received_at="2026-06-16 12:05:00").received_at == NOW + timedelta(minutes=5)


def test_a_due_time_may_lie_in_the_future() -> None:
    assert case(due_at="2027-01-01 00:00").due_at == datetime(2026, 12, 31, 16, tzinfo=UTC)


def test_a_case_closed_before_it_was_received_is_refused() -> None:
    assert refused({**ROW, "closed_at": "2026-06-15 08:59:59"}) == (
        "closed_at",
        "closed_before_received",
        "closed at 2026-06-15T00:59:59+00:00, received at 2026-06-15T01:00:00+00:00",
    )


def test_other_stages_may_arrive_out_of_order() -> None:
    found = case(dispatched_at="2026-06-15 11:00", replied_at="2026-06-15 08:00")
    assert found.dispatched_at > found.replied_at
    assert found.reply_workdays is None


def test_a_case_closed_in_the_second_pass_of_the_repeated_hour_is_kept() -> None:
    row = {**ROW, "received_at": "2025-11-02 01:50", "closed_at": "2025-11-02 01:10"}
    found = judge(row, source(same_names(row), zone="America/Los_Angeles"))
    assert isinstance(found, Case)
    assert found.closed_at == found.received_at + timedelta(minutes=20)


def test_a_local_time_that_never_was_is_refused() -> None:
    row = {**ROW, "received_at": "2026-03-08 02:30:00"}
    assert refused(row, source(same_names(row), zone="America/Los_Angeles")) == (
        "received_at",
        "nonexistent_time",
        '"2026-03-08 02:30:00" does not exist in America/Los_Angeles: clocks change',
    )


@pytest.mark.parametrize("word", ["nan", "NaN", "1e309", "-inf", float("nan"), float("inf"), "x"])
def test_what_is_no_number_is_refused(word: Any) -> None:
    row = {**ROW, "returns": word}
    field, reason, detail = refused(row)
    assert (field, reason) == ("returns", "not_a_number")
    assert detail.endswith("is not a number")
    found = judge(row)
    assert isinstance(found, Rejected)
    assert found.raw["returns"] == str(word)  # as text: neither database keeps a NaN in JSON


def test_a_renamed_column_is_named_with_those_that_are_there() -> None:
    config = source(same_names(ROW))
    row = {"key": "a-1", "receivedAt": "2026-06-15 09:00:00", "unit": "510104"}
    found = judge(row, config)
    assert isinstance(found, Rejected)
    assert (found.field, found.reason) == ("received_at", "missing_column")
    assert found.detail == (
        'column "received_at" of received_at is missing; nearest: receivedAt; '
        "the row has: key, receivedAt, unit"
    )
    assert dict(found.raw) == row


def test_a_word_outside_its_code_table_names_the_nearest() -> None:
    row = {**ROW, "wx": "咨洵"}
    codes = {"咨询": "inquiry", "投诉举报": "report"}
    config = source(same_names(ROW, nature=FieldMap(column="wx", codes=codes)))
    assert refused(row, config) == (
        "nature",
        "unknown_code",
        '"咨洵" of column "wx" is not in the code table',
    )
    near = {**ROW, "wx": "投诉举"}
    assert refused(near, config)[2].endswith("; nearest: 投诉举报")


@pytest.mark.parametrize(
    ("field", "word", "reason"),
    [
        ("received_at", "16/06/2026", "bad_time"),
        ("received_at", "2026-02-30", "bad_time"),
        ("received_at", "", "missing"),
        ("key", " ", "missing"),
        ("key", "k" * 129, "too_long"),
        ("key", ["a"], "not_text"),
        ("kind", "complaint", "unknown_word"),
        ("nature", "反映", "unknown_word"),
        ("applicant", "robot", "unknown_word"),
        ("satisfied", "maybe", "not_a_boolean"),
        ("returns", "-1", "out_of_range"),
        ("returns", "1.5", "not_a_number"),
        ("title", "长" * 4001, "too_long"),
        ("url", "javascript:alert(1)", "bad_url"),
        ("source_version", "v2", "not_a_number"),
        ("source_version", "9" * 5000, "out_of_range"),
        ("closed_at", "9999-12-31T23:59:59-12:00", "bad_time"),
    ],
)
def test_a_bad_value_refuses_the_whole_row(field: str, word: Any, reason: str) -> None:
    assert refused({**ROW, field: word})[:2] == (field, reason)


@pytest.mark.parametrize(
    ("field", "word"),
    [("satisfied", "maybe"), ("closed_at", "2026-06-15 08:00"), ("closed_at", "2099-01-01")],
)
def test_a_field_may_be_blanked_instead(field: str, word: str) -> None:
    row = {**ROW, field: word}
    config = source(same_names(ROW, **{field: FieldMap(column=field, on_bad="blank")}))
    found = judge(row, config)
    assert isinstance(found, Case)
    assert getattr(found, field) is None
    assert found.source_version == case().source_version  # a blanked time is no event


def test_a_missing_column_may_be_blanked_too() -> None:
    config = source(same_names(ROW, title=FieldMap(column="subject", on_bad="blank")))
    found = judge(ROW, config)
    assert isinstance(found, Case)
    assert found.title is None


def test_half_a_point_and_zero_zero_are_no_point() -> None:
    for lon, lat in (("0", "0"), ("104.1", ""), ("", "30.6"), (0.0, 0)):
        found = case(lon=lon, lat=lat)
        assert (found.lon, found.lat) == (None, None)


def test_a_point_off_the_globe_is_refused_or_blanked() -> None:
    row = {**ROW, "lon": "30.6595", "lat": "104.0657"}
    assert refused(row) == ("lat", "out_of_range", "lat 104.066 is not between -90 and 90")
    found = judge(row, source(same_names(row, lat=FieldMap(column="lat", on_bad="blank"))))
    assert isinstance(found, Case)
    assert (found.lon, found.lat) == (None, None)


def test_a_point_is_stored_in_wgs84() -> None:
    row = {**ROW, "lon": 104.06828, "lat": 30.65713}  # Tianfu Square on a Chinese map
    found = judge(row, source(same_names(row), crs="gcj02"))
    assert isinstance(found, Case)
    assert (found.lon, found.lat) == pytest.approx((104.06577, 30.65955), abs=2e-5)


_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(), max_size=40),  # with lone surrogates, as JSON may carry them
    st.binary(max_size=10),
    st.datetimes(),
    st.datetimes(timezones=st.just(UTC)),
    st.dates(),
    st.sampled_from(["2026-06-15", "510104", "1e309", "nan", "13812345678", "0001-01-01", "是"]),
)
_JUNK = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
_CONFIGS = {
    record: source({name: FieldMap(column=name) for name in names}, record=record, crs="bd09")
    for record, names in fields.FIELDS.items()
}


@settings(max_examples=200, deadline=None)
@given(record=st.sampled_from(sorted(_CONFIGS)), data=st.data())
def test_parse_never_raises_and_what_it_keeps_can_be_stored(record: str, data: Any) -> None:
    import json

    names = sorted(fields.FIELDS[record])
    good = {"key": "k", "received_at": "2026-06-15", "series": "s", "at": "2026-06-15", "value": 1}
    good |= {"kind": "appeal", "state": "active", "since": "2026-06-15"}
    base = {name: good.get(name) for name in names}
    row = base | data.draw(st.dictionaries(st.sampled_from(names), _JUNK, max_size=4))
    found = judge(row, _CONFIGS[record])
    if isinstance(found, Rejected):
        assert found.reason != "unreadable", found.detail
        text = json.dumps(found.raw, allow_nan=False, ensure_ascii=False)
        (text + found.detail + (found.key or "")).encode()
        return
    for one in dataclasses.fields(found):
        value = getattr(found, one.name)
        assert not isinstance(value, datetime) or value.tzinfo is UTC
        if isinstance(value, str):
            assert value == value.strip().encode().decode()
            assert value or (record, one.name) == ("reading", "key")  # "" is its default


def test_numbers_beyond_64_bits_are_kept_as_text() -> None:
    bad = judge({**ROW, "unit": "zzzz", "n": 2**64, "huge": 10**5000})
    assert isinstance(bad, Rejected)
    assert bad.raw["n"] == "18446744073709551616"
    assert bad.raw["huge"] == "a number of more than 40 digits"
    assert refused({**ROW, "key": 10**5000})[:2] == ("key", "too_long")


def test_a_row_deeper_than_any_stack_is_kept_to_a_level() -> None:
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    assert refused({**ROW, "title": deep})[:2] == ("title", "not_text")


def test_dates_and_times_of_spreadsheets_are_read() -> None:
    assert case(received_at=datetime(2026, 6, 15, 9)).received_at == RECEIVED  # noqa: DTZ001
    expected = datetime(2026, 6, 14, 16, tzinfo=UTC)
    assert case(received_at=date(2026, 6, 15)).received_at == expected


def test_a_rule_without_any_length_is_due_at_its_anchor() -> None:
    city = dataclasses.replace(
        CITY, due_rules={"appeal": (DueRule(kind="appeal", clock="calendar_hours", length=0),)}
    )
    row = {**ROW, "dispatched_at": "2026-06-15 10:00"}
    found = judge(row, city=city)
    assert isinstance(found, Case)
    assert found.due_at == found.dispatched_at

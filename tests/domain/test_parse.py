"""Rows become records: what they say, and what follows from it."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from centre.domain import fields
from centre.domain.records import Asset, Case, Reading, Rejected
from centre.domain.sources import FieldMap
from centre.domain.words import Problem, Words
from centre.domain.workdays import grained
from tests.domain.make import CITY, NOW, ROW, case, direct, judge, same_names, source

RECEIVED = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)


def test_a_row_becomes_a_case_with_what_it_says_and_nothing_else() -> None:
    assert case() == Case(
        source="jinjiang",
        key="a-1",
        source_version=1_781_485_200_000_000,
        unit="510104",
        received_at=RECEIVED,
    )


def test_a_full_row_keeps_every_field() -> None:
    found = case(
        kind="appeal",
        nature="help",
        applicant="enterprise",
        channel="phone",
        category_path="物业管理/停车/收费",
        title="小区\x00停车\n收费",
        handler="锦江区",
        street="春熙路街道",
        lon="104.0657",
        lat="30.6595",
        dispatched_at="2026-06-15 10:00:00",
        replied_at="2026-06-16 11:30:00",
        closed_at="2026-06-16 11:45:00",
        contacted="是",
        resolved="Y",
        satisfied="0",
        dissatisfied_reason="太慢",
        returns="2",
        reopens=1.0,
        linked_key="a-0",
        url="https://12345.example/t/1",
        source_version="17",
    )
    assert (found.category, found.category_path) == ("物业管理", "物业管理/停车/收费")
    assert found.title == "小区停车 收费"
    assert (found.handler, found.handler_kind) == ("510104", "district")
    assert found.street == "510104020"
    assert (found.lon, found.lat) == (104.0657, 30.6595)
    assert (found.contacted, found.resolved, found.satisfied) == (True, True, False)
    assert (found.returns, found.reopens, found.source_version) == (2, 1, 17)
    assert found.due_at == datetime(2026, 6, 23, 2, 0, tzinfo=UTC)  # Dragon Boat: the 19th is free
    assert found.reply_workdays == grained(1 + 1.5 / 24)


def test_a_department_with_the_name_of_a_unit_stays_a_department() -> None:
    assert case(handler="新津", handler_kind="department").handler == "新津"
    assert case(handler="新津").handler == "510132"
    found = case(handler="市公安局")
    assert (found.handler, found.handler_kind) == ("市公安局", None)


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        ("appeal", None),  # five working days from a dispatch that has not happened
        ("onsite", RECEIVED + timedelta(hours=24)),
        ("project", RECEIVED + timedelta(days=90)),
        ("approval", None),  # the city has no rule for it
    ],
)
def test_each_kind_falls_due_by_its_own_rule(kind: str, due: datetime | None) -> None:
    assert case(kind=kind).due_at == due


def test_the_due_time_of_the_source_wins() -> None:
    assert case(kind="onsite", due_at="2026-06-17").due_at == datetime(2026, 6, 16, 16, tzinfo=UTC)


def test_the_version_is_the_newest_event_but_not_the_due_time() -> None:
    open_case = case(due_at="2026-07-01")
    closed = case(due_at="2026-07-01", closed_at="2026-06-16 11:00")
    assert open_case.source_version < closed.source_version == 1_781_578_800_000_000


def test_a_version_may_be_the_time_of_the_last_change() -> None:
    row = {**ROW, "updated": "2026-06-15 10:00:00"}
    config = source(same_names(ROW, source_version=FieldMap(column="updated", format="iso")))
    found = judge(row, config)
    assert isinstance(found, Case)
    assert found.source_version == 1_781_488_800_000_000


def test_numbers_of_persons_are_masked_in_case_message_and_kept_row() -> None:
    found = case(title="请回电 138-1234-5678", handler="张 13812345678", street="028-86123456 号")
    assert found.title == "请回电 138****5678"
    assert found.handler == "张 138****5678"
    assert found.street == "028-****3456 号"
    bad = judge({**ROW, "unit": "13812345678", "note": "13812345678"})
    assert isinstance(bad, Rejected)
    assert bad.detail == 'unknown unit "138****5678"'
    assert (bad.raw["unit"], bad.raw["note"]) == ("138****5678", "138****5678")


def test_a_kept_row_can_be_replayed() -> None:
    row = {"no": "13812345678", "at": "2026-06-15 09:00", "unit": "Jinjang"}
    fields_ = {"key": FieldMap(column="no"), "received_at": FieldMap(column="at")}
    bad = judge(row, source({**fields_, "unit": FieldMap(column="unit")}))
    assert isinstance(bad, Rejected)
    mended = FieldMap(column="unit", codes={"Jinjang": "510104"})
    found = judge(bad.raw, source({**fields_, "unit": mended}))
    assert isinstance(found, Case)
    assert (found.key, found.unit) == ("13812345678", "510104")


def test_finished_figures_become_readings() -> None:
    row = {"series": "calls.offered", "at": "2026-06-15", "value": "412", "unit": "锦江区"}
    assert judge(row, source(same_names(row), record="reading")) == Reading(
        source="jinjiang",
        series="calls.offered",
        unit="510104",
        at=datetime(2026, 6, 14, 16, tzinfo=UTC),
        value=412.0,
        source_version=1_781_452_800_000_000,
    )


def test_things_become_assets() -> None:
    row = {"key": "m1", "kind": "mailbox", "state": "active", "since": "2018-01-01", "unit": ""}
    found = judge(row, source(same_names(row), record="asset"))
    assert isinstance(found, Asset)
    assert (found.kind, found.state, found.unit) == ("mailbox", "active", "unassigned")


def test_rows_of_a_mixed_source_say_what_they_are() -> None:
    config = source({"record": FieldMap(column="record")}, record="mixed")
    values = {"record": "reading", "series": "calls", "at": "2026-06-15", "value": 1}
    assert isinstance(direct(values, config), Reading)
    assert isinstance(direct({**ROW, "record": "case"}, config), Case)
    bad = direct({**ROW, "record": "cake"}, config)
    assert isinstance(bad, Rejected)
    assert (bad.field, bad.reason) == ("record", "unknown_word")


def test_a_field_of_another_record_does_not_trouble_this_one() -> None:
    from centre.domain.parse import parse

    config = source({"record": FieldMap(column="record")}, record="mixed")
    problem = Problem(field="received_at", reason="missing_column", detail="…")
    values = {"record": "reading", "series": "calls", "at": "2026-06-15", "value": 1}
    words = Words(values=values, raw=values, problems=(problem,))
    assert isinstance(parse(words, config=config, city=CITY, now=NOW), Reading)


def test_every_field_of_a_record_can_be_mapped() -> None:
    derived = {"source", "reply_workdays", "pauses"}
    written = {"case": set(fields.PAUSE_TIMES)}  # what pauses are made of
    for record, kind in (("case", Case), ("reading", Reading), ("asset", Asset)):
        ours = {one.name for one in dataclasses.fields(kind)} - derived
        assert fields.FIELDS[record] == ours | written.get(record, set())

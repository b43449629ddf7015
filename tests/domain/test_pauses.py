"""Rules and pauses as rows and city packs bring them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date

import pytest

from tests.domain.make import CITY, case, refused
from tests.domain.walk import ZERO, at, rule


def test_the_rule_is_that_of_the_day_on_which_the_case_was_received() -> None:
    old = rule(kind="disclosure", anchor="received_at", length=15)
    new = replace(old, length=20, valid_from=date(2019, 5, 15))
    city = replace(CITY, due_rules={"disclosure": (old, new)})
    for text, length in (("2019-05-14 23:59", 15), ("2019-05-15 00:00", 20)):
        found = city.due_rule("disclosure", at(text).astimezone(UTC))
        assert found is not None
        assert found.length == length
    assert replace(city, due_rules={"disclosure": (new,)}).due_rule("disclosure", ZERO) is None
    assert city.due_rule("trade", ZERO) is None


def test_pauses_are_read_from_the_columns_of_a_row() -> None:
    found = case(
        dispatched_at="2026-06-01 09:00",
        suspended_from="2026-06-02 09:00;2026-06-04 09:00",
        suspended_until="2026-06-03 09:00;",
        third_party_from=["2026-06-02T12:00"],
        third_party_until=["2026-06-02T18:00"],
    )
    assert [(p.reason, p.end is None) for p in found.pauses] == [
        ("suspended", False),
        ("third_party", False),
        ("suspended", True),
    ]
    assert found.due_at is None


def test_a_pause_moves_the_due_time_of_a_row() -> None:
    row = {"dispatched_at": "2026-06-08 09:00", "closed_at": "2026-06-15 10:00"}
    assert case(**row).due_at == at("2026-06-15 09:00")
    paused = case(**row, returned_from="2026-06-09 09:00", returned_until="2026-06-10 09:00")
    assert paused.due_at == at("2026-06-16 09:00")


def test_the_beginning_and_the_end_of_a_pause_are_events_of_its_version() -> None:
    plain = case(suspended_from="2026-06-15 12:00")
    ended = case(suspended_from="2026-06-15 12:00", suspended_until="2026-06-16 09:00")
    planned = case(suspended_from="2026-06-15 12:00", suspended_until="2026-07-16 09:00")
    assert plain.source_version == planned.source_version < ended.source_version


@pytest.mark.parametrize(
    ("words", "field", "reason"),
    [
        ({"suspended_until": "2026-06-15 12:00"}, "suspended_from", "missing"),
        (
            {"suspended_from": "2026-06-15 12:00", "suspended_until": "2026-06-15 11:00"},
            "suspended_until",
            "ended_before_begun",
        ),
        ({"returned_from": "2026-07-15 12:00"}, "returned_from", "future"),
        ({"returned_from": "yesterday"}, "returned_from", "bad_time"),
        ({"returned_from": ";" * 200}, "returned_from", "too_long"),
        ({"returned_from": 7}, "returned_from", "bad_time"),
    ],
)
def test_a_pause_that_cannot_be_is_refused_by_field(
    words: dict[str, object], field: str, reason: str
) -> None:
    row = {"key": "a-1", "received_at": "2026-06-15 09:00:00", "unit": "510104", **words}
    assert refused(row)[:2] == (field, reason)


def test_a_case_that_waits_for_its_anchor_is_not_due() -> None:
    assert case(suspended_from="2026-06-15 12:00").due_at is None

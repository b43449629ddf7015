"""The two judgements that every screen shares, as tables."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from centre.domain.status import (
    Clocks,
    Freshness,
    Verdict,
    freshness,
    standing,
    together,
    verdict,
    worst,
)

NOW = datetime(2026, 6, 16, 4, 0, tzinfo=UTC)

TABLE = json.loads(Path(__file__).with_name("freshness_table.json").read_text())
"""Forty ages: on each limit (which belongs to the better word) and a millisecond beyond it."""


def as_of(row: dict[str, Any]) -> datetime | None:
    age = row["age_seconds"]
    return None if age is None else NOW - timedelta(seconds=age)


@pytest.mark.parametrize(
    "row", TABLE, ids=lambda row: f"{row['interval_seconds']}-{row['age_seconds']}"
)
def test_an_age_has_one_word(row: dict[str, Any]) -> None:
    assert freshness(as_of(row), NOW, row["interval_seconds"]) == row["word"]


def test_the_table_has_forty_rows_and_every_word() -> None:
    assert len(TABLE) == 40
    assert {row["word"] for row in TABLE} == set(Freshness)


@pytest.mark.parametrize("row", TABLE[:7], ids=lambda row: row["word"])
def test_finished_data_does_not_age_and_a_paused_source_is_down(row: dict[str, Any]) -> None:
    assert standing(row["word"], as_of(row), is_finished=True) == Freshness.LIVE
    assert standing(row["word"], as_of(row), is_finished=False) == row["word"]
    assert standing("paused", as_of(row), is_finished=False) == Freshness.DOWN
    assert standing(row["word"], None, is_finished=True) == Freshness.MISSING


def test_of_several_inputs_the_newest_event_and_receipt_and_the_oldest_data_time_count() -> None:
    one = Clocks(event_at=moment(-3), as_of=moment(-1), received_at=moment(-2))
    other = Clocks(event_at=moment(-5), as_of=moment(-4), received_at=moment(-1))
    assert together([one, other, Clocks()]) == Clocks(
        event_at=moment(-3), as_of=moment(-4), received_at=moment(-1)
    )
    assert together([]) == Clocks()


def test_what_never_was_is_missing() -> None:
    assert freshness(None, NOW, 60) == Freshness.MISSING


def test_an_age_only_ever_gets_worse() -> None:
    order = list(Freshness)
    seen = [freshness(NOW - timedelta(seconds=s), NOW, 60) for s in range(0, 2000, 7)]
    assert seen == sorted(seen, key=order.index)
    assert set(seen) == set(order[:4])


def test_the_worst_state_wins_and_none_is_missing() -> None:
    assert worst([Freshness.LIVE, Freshness.STALE, Freshness.LATE]) == Freshness.STALE
    assert worst([]) == Freshness.MISSING


def moment(hours: float | None) -> datetime | None:
    """An instant some hours from now; None stays None."""
    return None if hours is None else NOW + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("due", "closed", "expect"),
    [
        (None, None, Verdict.NONE),
        (None, -1, Verdict.NONE),
        (-1, -2, Verdict.ON_TIME),
        (-1, -1, Verdict.ON_TIME),  # closed exactly at its due time
        (-2, -1, Verdict.LATE),
        (2, -1, Verdict.ON_TIME),
        (2, None, Verdict.OPEN),
        (0, None, Verdict.OPEN),  # due this very moment
        (-1, None, Verdict.OVERDUE),
        (-1, 1, Verdict.OVERDUE),  # its closing has not happened yet
        (2, 1, Verdict.OPEN),
        (-1, 0, Verdict.LATE),
    ],
)
def test_a_case_has_one_verdict(due: float | None, closed: float | None, expect: Verdict) -> None:
    assert verdict(moment(due), moment(closed), NOW) == expect

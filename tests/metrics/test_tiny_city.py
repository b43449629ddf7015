"""Every metric of the tiny city, counted by hand for 15 and 16 June: (num, den), None missing."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from centre.domain.places import CITY, UNASSIGNED
from centre.domain.scope import EVERYTHING
from centre.metrics.evaluate import value
from centre.metrics.questions import Question, Value
from centre.metrics.registry import METRICS
from tests import tiny

START, END = tiny.at("06-15 00:00"), tiny.at("06-17 00:00")
UNITS = (CITY, "north", "south", "river", UNASSIGNED)

N = None
HAND: dict[str, tuple[tuple[float | None, float | None], ...]] = {
    # metric: city, north, south, river, unassigned
    "appeal.received.count": ((15, N), (6, N), (5, N), (3, N), (1, N)),
    "appeal.received.daily_avg": ((15, 2), (6, 2), (5, 2), (3, 2), (1, 2)),
    "appeal.dispatched.count": ((10, N), (5, N), (3, N), (2, N), (0, N)),
    "appeal.direct_answer_rate": ((4, 15), (1, 6), (2, 5), (0, 3), (1, 1)),
    "appeal.closed.count": ((11, N), (4, N), (5, N), (1, N), (1, N)),
    "appeal.resolution_rate": ((5, 7), (2, 3), (2, 3), (1, 1), (0, 0)),
    "appeal.satisfaction_rate": ((8, 11), (3, 4), (3, 5), (1, 1), (1, 1)),
    "appeal.dissatisfied.count": ((3, N), (1, N), (2, N), (0, N), (0, N)),
    "appeal.on_time_rate": ((4, 6), (1, 3), (2, 2), (1, 1), (0, 0)),
    "appeal.on_time_closed_rate": ((5, 7), (2, 3), (2, 3), (1, 1), (0, 0)),
    "appeal.overdue_rate": ((1, 10), (1, 5), (0, 3), (0, 2), (0, 0)),
    "appeal.reply_workdays.mean": ((5.5, 7), (1.75, 3), (2.75, 3), (1, 1), (0, 0)),
    "appeal.reopen_rate": ((2, 11), (1, 4), (0, 5), (1, 1), (0, 1)),
    "appeal.repeat_rate": ((2, 15), (1, 6), (1, 5), (0, 3), (0, 1)),
    "appeal.backlog.count": ((5, N), (2, N), (1, N), (2, N), (0, N)),
    "appeal.mailbox.count": ((3, N), (1, N), (1, N), (1, N), (N, N)),
    "channel.secretary_mailbox.count": ((1, N), (1, N), (0, N), (0, N), (0, N)),
    "channel.new_media_hall.count": ((1, N), (0, N), (1, N), (0, N), (0, N)),
    "channel.business_mailbox.count": ((1, N), (0, N), (1, N), (0, N), (0, N)),
    "channel.mobile.count": ((3, N), (2, N), (0, N), (1, N), (0, N)),
    "channel.12345.calls": ((110, N), (100, N), (10, N), (N, N), (N, N)),
    "channel.12345.connect_rate": ((93, 100), (93, 100), (N, N), (N, N), (N, N)),
    "channel.weibo.services_total": ((170, N), (170, N), (N, N), (N, N), (N, N)),
}
CELLS = [
    (metric, unit, *pair)
    for metric, pairs in HAND.items()
    for unit, pair in zip(UNITS, pairs, strict=True)
]


def ask(conn: Connection, metric: str, unit: str = CITY, by: str | None = None) -> Value:
    question = Question(metric=metric, unit=unit, start=START, end=END, by=by)
    return value(conn, tiny.CITY, question, EVERYTHING, tiny.NOW)


def test_every_metric_is_counted_by_hand() -> None:
    assert set(HAND) == set(METRICS)


@pytest.mark.parametrize(("metric", "unit", "num", "den"), CELLS)
def test_it_is_as_counted_by_hand(
    tiny_conn: Connection, metric: str, unit: str, num: float | None, den: float | None
) -> None:
    found = ask(tiny_conn, metric, unit)
    assert (found.num, found.den) == (num, den)
    if num is not None and den is not None:
        assert found.value == (num / den if den else None)


@pytest.mark.parametrize("metric", sorted(HAND))
def test_its_units_are_the_groups_of_the_city(tiny_conn: Connection, metric: str) -> None:
    groups = {one.key: (one.num, one.den) for one in ask(tiny_conn, metric, by="unit").groups}
    unassigned = groups.pop(UNASSIGNED, None)
    assert groups == dict(zip(UNITS[1:4], HAND[metric][1:4], strict=True))
    assert unassigned in {None, HAND[metric][4]}


def test_a_city_rate_is_a_sum_over_sums_and_no_mean_of_rates(tiny_conn: Connection) -> None:
    found = ask(tiny_conn, "appeal.on_time_rate", by="unit")
    mean = sum(one.value for one in found.groups if one.value is not None) / 3
    assert found.value == pytest.approx(4 / 6)
    assert mean == pytest.approx(7 / 9)


def test_a_missing_unit_leaves_both_parts_of_a_rate(without_river: Connection) -> None:
    found = ask(without_river, "appeal.direct_answer_rate", by="unit")
    assert (found.num, found.den) == (4, 12)
    assert found.coverage.missing == ("river",)
    assert (found.coverage.present, found.coverage.expected) == (2, 3)
    assert {one.key: one.num for one in found.groups}["river"] is None


def test_a_missing_unit_is_none_and_never_zero(without_river: Connection) -> None:
    found = ask(without_river, "appeal.received.count", "river")
    assert (found.num, found.value) == (None, None)
    assert found.coverage.missing == ("river",)


def test_nothing_over_nothing_is_none(tiny_conn: Connection) -> None:
    found = ask(tiny_conn, "appeal.resolution_rate", UNASSIGNED)
    assert (found.num, found.den, found.value) == (0, 0, None)


def test_a_unit_that_delivers_one_part_only_is_missing_from_the_rate(
    tiny_conn: Connection,
) -> None:
    found = ask(tiny_conn, "channel.12345.connect_rate")
    assert found.coverage.missing == ("south",)

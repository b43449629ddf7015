"""Questions of other shapes: breakdowns, moments within a day, and what cannot be answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import process_time

import pytest
from sqlalchemy import Connection

from centre.domain.places import CITY, UNASSIGNED
from centre.domain.scope import EVERYTHING, Scope
from centre.domain.status import Freshness
from centre.metrics.breakdown import offered
from centre.metrics.evaluate import value
from centre.metrics.metric import Shape
from centre.metrics.questions import (
    BadPeriod,
    OutOfScope,
    Question,
    UnknownBy,
    UnknownMetric,
    UnknownUnit,
    Value,
)
from centre.metrics.registry import METRICS
from tests import tiny
from tests.metrics.boards import state

RECEIVED = "appeal.received.count"


def ask(
    conn: Connection,
    metric: str = RECEIVED,
    start: str = "06-15 00:00",
    end: str = "06-17 00:00",
    *,
    unit: str = CITY,
    by: str | None = None,
    scope: Scope = EVERYTHING,
) -> Value:
    question = Question(metric=metric, unit=unit, start=tiny.at(start), end=tiny.at(end), by=by)
    return value(conn, tiny.CITY, question, scope, tiny.NOW)


def groups(found: Value) -> dict[str, tuple[float | None, float | None]]:
    return {one.key: (one.num, one.den) for one in found.groups}


def test_groups_by_channel_are_as_counted_by_hand(tiny_conn: Connection) -> None:
    found = groups(ask(tiny_conn, by="channel"))
    assert {key: num for key, (num, _) in found.items()} == {
        "phone": 9,
        "mobile": 3,
        "secretary_mailbox": 1,
        "new_media": 1,
        "business_mailbox": 1,
    }


def test_what_is_not_said_is_a_group_of_its_own(tiny_conn: Connection) -> None:
    found = groups(ask(tiny_conn, by="applicant"))
    assert found == {UNASSIGNED: (12, None), "person": (2, None), "enterprise": (1, None)}


def test_groups_of_a_rate_have_both_parts(tiny_conn: Connection) -> None:
    found = groups(ask(tiny_conn, "appeal.satisfaction_rate", by="channel"))
    assert found == {
        "phone": (3, 6),
        "mobile": (2, 2),
        "secretary_mailbox": (1, 1),
        "new_media": (1, 1),
        "business_mailbox": (1, 1),
    }


def test_groups_by_day_are_as_counted_by_hand(tiny_conn: Connection) -> None:
    assert groups(ask(tiny_conn, by="day")) == {"2026-06-15": (8, None), "2026-06-16": (7, None)}


def test_a_stock_by_day_is_that_of_each_days_end(tiny_conn: Connection) -> None:
    found = groups(ask(tiny_conn, "appeal.backlog.count", by="day"))
    # 9 received by the end of the 15th, S7 among them, 5 closed; 16 and 11 by the end of the 16th
    assert found == {"2026-06-15": (4, None), "2026-06-16": (5, None)}


def test_groups_by_hour_count_local_hours(tiny_conn: Connection) -> None:
    found = groups(ask(tiny_conn, by="hour", unit="north"))
    assert {key: num for key, (num, _) in found.items()} == {
        "08": 2,
        "09": 1,
        "23": 1,
        "00": 1,
        "10": 1,
    }


@pytest.mark.parametrize(
    ("metric", "by"),
    [
        (one.id, by)
        for one in METRICS.values()
        if one.shape in {Shape.COUNT, Shape.STOCK}
        for by in offered(one)
        if not (one.shape is Shape.STOCK and by == "day")
    ],
)
def test_the_groups_of_a_count_add_up_to_the_whole(
    tiny_conn: Connection, metric: str, by: str
) -> None:
    found = ask(tiny_conn, metric, by=by)
    assert found.num == sum(one.num for one in found.groups if one.num is not None)


ADDITIVE = [
    one.id
    for one in METRICS.values()
    if one.shape in {Shape.COUNT, Shape.RATIO, Shape.MEAN}
    and one.id != "channel.12345.connect_rate"  # pairs its parts within each piece
]


@pytest.mark.parametrize("metric", ADDITIVE)
def test_a_period_is_the_sum_of_its_pieces(tiny_conn: Connection, metric: str) -> None:
    """Edges are read from the records, whole days from cubes: both must tell the same."""
    first = ask(tiny_conn, metric, "06-15 00:00", "06-15 11:30")
    second = ask(tiny_conn, metric, "06-15 11:30", "06-17 00:00")
    whole = ask(tiny_conn, metric)
    assert (first.num or 0) + (second.num or 0) == whole.num
    assert (first.den or 0) + (second.den or 0) == (whole.den or 0)


def test_a_period_within_a_day_is_counted_to_the_minute(tiny_conn: Connection) -> None:
    assert ask(tiny_conn, start="06-15 08:10", end="06-15 08:20").num == 1
    assert ask(tiny_conn, start="06-15 08:10", end="06-15 08:21").num == 2
    assert ask(tiny_conn, start="06-15 23:59", end="06-16 00:01").num == 2


def test_a_period_within_a_day_has_the_same_groups(tiny_conn: Connection) -> None:
    found = groups(ask(tiny_conn, start="06-15 08:15", end="06-15 10:30", by="channel"))
    assert found == {"phone": (1, None), "mobile": (1, None), "new_media": (1, None)}
    hours = groups(ask(tiny_conn, start="06-15 08:15", end="06-15 10:30", by="hour"))
    assert hours == {"08": (1, None), "09": (1, None), "10": (1, None)}


def test_today_is_counted_so_far(tiny_conn: Connection) -> None:
    found = ask(tiny_conn, start="06-17 00:00", end="06-18 00:00")
    assert (found.num, found.end) == (3, tiny.NOW)


def test_what_is_due_later_today_is_not_yet_judged(tiny_conn: Connection) -> None:
    found = ask(tiny_conn, "appeal.on_time_rate", "06-17 00:00", "06-18 00:00")
    assert (found.num, found.den) == (1, 2)  # R1 in time, N4 open past due; S4 is due at 14:00


def test_a_stock_of_this_moment_knows_the_running_day(tiny_conn: Connection) -> None:
    found = ask(tiny_conn, "appeal.backlog.count", "06-17 00:00", "06-18 00:00")
    assert found.num == 6  # 5, and N7, N8, S6 came, R1 and N8 were closed
    assert ask(tiny_conn, "appeal.backlog.count", "06-16 00:00", "06-17 09:30").num == 6


def test_a_gauge_is_the_sum_of_the_last_readings(tiny_conn: Connection) -> None:
    assert ask(tiny_conn, "channel.weibo.services_total", end="06-18 00:00").num == 180


def test_a_reader_of_one_unit_sees_only_its_figures(tiny_conn: Connection) -> None:
    scope = Scope(units=frozenset({"south"}))
    found = ask(tiny_conn, scope=scope, by="unit")
    assert (found.num, groups(found)) == (5, {"south": (5, None)})
    with pytest.raises(OutOfScope, match='"north" is outside'):
        ask(tiny_conn, unit="north", scope=scope)


def test_a_reader_of_other_kinds_is_told_nothing_about_appeals(tiny_conn: Connection) -> None:
    approvals = Scope(kinds=frozenset({"approval"}))
    with pytest.raises(OutOfScope, match=r"appeal\.received\.count counts .*: appeal"):
        ask(tiny_conn, scope=approvals)
    both = Scope(kinds=frozenset({"approval", "appeal"}))
    assert ask(tiny_conn, scope=both).num == ask(tiny_conn).num
    gauge = "channel.weibo.services_total"  # of readings, which have no kind
    assert ask(tiny_conn, gauge, end="06-18 00:00", scope=approvals).num == 180


def test_a_period_that_begins_long_before_the_data_costs_no_more(tiny_conn: Connection) -> None:
    start, began = datetime(2, 1, 1, tzinfo=UTC), process_time()
    asked = Question(metric="appeal.received.daily_avg", start=start, end=tiny.NOW, by="unit")
    found = value(tiny_conn, tiny.CITY, asked, EVERYTHING, tiny.NOW)
    assert (found.start, found.num, found.den) == (start, 16, 16)  # today is no day yet
    assert process_time() - began < 0.25  # seconds; day by day it is several


def test_the_words_of_a_wrong_question_name_the_nearest(tiny_conn: Connection) -> None:
    with pytest.raises(UnknownMetric, match=r'"appeal.recieved.count"; nearest: appeal.received'):
        ask(tiny_conn, "appeal.recieved.count")
    with pytest.raises(UnknownUnit, match=r'no unit "nroth"; nearest: north'):
        ask(tiny_conn, unit="nroth")
    with pytest.raises(UnknownBy, match=r'no breakdown by "moon"; there is: unit, street'):
        ask(tiny_conn, by="moon")
    with pytest.raises(UnknownBy, match="there is: unit, day, hour"):
        ask(tiny_conn, "channel.12345.calls", by="street")
    with pytest.raises(BadPeriod, match="must lie after"):
        ask(tiny_conn, start="06-16 00:00", end="06-16 00:00")
    long = Question(metric=RECEIVED, start=datetime(1990, 1, 1, tzinfo=UTC), end=tiny.NOW, by="day")
    with pytest.raises(BadPeriod, match="7320 days at most"):
        value(tiny_conn, tiny.CITY, long, EVERYTHING, tiny.NOW)
    with pytest.raises(BadPeriod, match="yet to come"):
        ask(tiny_conn, start="06-18 00:00", end="06-19 00:00")


SOURCES = (state("north", "live", 1), state("south", "late", 2), state("river", "down", 60))


def test_a_silent_centre_is_left_out_of_today_and_named(tiny_conn: Connection) -> None:
    question = Question(metric=RECEIVED, start=tiny.at("06-17 00:00"), end=tiny.NOW)
    found = value(tiny_conn, tiny.CITY, question, EVERYTHING, tiny.NOW, sources=SOURCES)
    assert (found.coverage.present, found.coverage.expected) == (2, 3)
    assert found.coverage.missing == ("river",)
    assert found.as_of == tiny.NOW - timedelta(minutes=2)
    assert found.freshness is Freshness.LATE


def test_a_silent_centre_keeps_its_past_days(tiny_conn: Connection) -> None:
    question = Question(metric=RECEIVED, start=tiny.at("06-15 00:00"), end=tiny.at("06-17 00:00"))
    found = value(tiny_conn, tiny.CITY, question, EVERYTHING, tiny.NOW, sources=SOURCES)
    assert (found.num, found.coverage.missing) == (15, ())
    assert found.freshness is Freshness.LATE


def test_a_city_whose_data_is_finished_needs_no_deliveries_by_day(
    without_river: Connection,
) -> None:
    city = replace(tiny.CITY, clock="latest")
    question = Question(metric=RECEIVED, start=tiny.at("06-15 00:00"), end=tiny.at("06-17 00:00"))
    found = value(without_river, city, question, EVERYTHING, tiny.NOW)
    assert (found.num, found.coverage.present) == (12, 3)


def test_a_day_before_finished_data_begins_is_none_and_not_zero(tiny_conn: Connection) -> None:
    city = replace(tiny.CITY, clock="latest")
    period = {"start": tiny.at("06-08 00:00"), "end": tiny.at("06-12 00:00")}
    asked = Question(metric=RECEIVED, unit=CITY, by="day", **period)
    found = value(tiny_conn, city, asked, EVERYTHING, tiny.NOW)
    assert [one.num for one in found.groups] == [None, None, 1, 0]  # S7 of 10 June is the oldest
    before = replace(asked, start=tiny.at("05-01 00:00"), end=tiny.at("06-01 00:00"))
    assert value(tiny_conn, city, before, EVERYTHING, tiny.NOW).num is None

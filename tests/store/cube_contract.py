"""What the cubes promise on every database."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import strategies as st

from centre.domain.periods import Days
from centre.domain.scope import EVERYTHING
from centre.store import cubes, queries, tables
from centre.store.engine import reading as reading_of
from centre.store.engine import writing
from tests.store.make import (
    CALLS,
    CLOSED,
    DAY0,
    MAILBOXES,
    PARTS,
    RECEIVED,
    T0,
    ZONE,
    C,
    Feed,
    case,
    hours,
    mailbox,
    reading,
)

HOURS = st.integers(-60, 60)
CASES = st.builds(
    lambda received, closed, due, **words: case(
        received_at=T0 + hours(received),
        closed_at=None if closed is None else T0 + hours(received + closed),
        due_at=None if due is None else T0 + hours(received + due),
        **words,
    ),
    received=HOURS,
    closed=st.none() | st.integers(0, 90),  # None again: re-opened
    due=st.none() | st.integers(0, 60),
    key=st.sampled_from("1234"),
    version=st.integers(1, 6),
    unit=st.sampled_from(("a", "b", "unassigned")),
    handler=st.none() | st.sampled_from("xy"),
    category=st.none() | st.just("路灯"),
    kind=st.sampled_from(("appeal", "approval")),
    reply_workdays=st.none() | st.sampled_from((0.1, 0.7, 2.0)),
)
READINGS = st.builds(
    lambda at, **words: reading(T0 + hours(at), **words),
    at=st.integers(-2, 2),
    value=st.sampled_from((0.0, 0.1, 3.0, -3.0)),
    version=st.integers(1, 3),
)
MAILBOX = st.builds(
    mailbox,
    key=st.sampled_from("mn"),
    version=st.integers(1, 3),
    state=st.sampled_from(("active", "closed")),
    category=st.none() | st.just("city"),
)
GONE = st.sampled_from("1234")  # keys of cases that a sweep takes away, after what comes with them
DELIVERIES = st.lists(st.lists(CASES | READINGS | MAILBOX | GONE, max_size=6), max_size=8)


def empty(engine) -> None:
    """Forget all: hypothesis runs many examples on one database."""
    with writing(engine) as conn:
        for table in tables.metadata.sorted_tables:
            conn.execute(table.delete())


def assert_right(engine, parts=PARTS) -> None:
    """The cubes are what counting anew gives."""
    with reading_of(engine) as conn:
        should, are = cubes.recompute(conn, parts, ZONE), cubes.stored(conn)
    assert are == pytest.approx(should)


def assert_differences_add_up(engine, deliveries) -> None:
    """Write deliveries of any records in any order; the cubes must be what counting anew gives."""
    empty(engine)
    feed = Feed(engine)
    for number, records in enumerate(deliveries):
        feed.send_and_sweep(records, cursor={"n": number})
    assert_right(engine)


class CubeContract:
    """Inherited with a fixture `engine`: migrated and empty."""

    def test_shuffled_deliveries_end_as_ordered_ones(self, engine):
        randomly = random.Random(5)
        versions = [
            case(
                str(key),
                version,
                handler=f"h{version}",
                closed_at=T0 + hours(key) if version % 2 else None,
            )
            for key in range(8)
            for version in (1, 2, 3)
        ]
        ends = []
        for _ in range(3):
            empty(engine)
            feed = Feed(engine)
            for one in versions:
                feed.send(one)
            with reading_of(engine) as conn:
                found = queries.slice(conn, queries.CaseQuery(), EVERYTHING).rows
                ends.append((found, cubes.stored(conn)))
            randomly.shuffle(versions)
        assert ends[0] == ends[1] == ends[2]

    def test_readings_that_come_to_nothing_leave_no_cell(self, engine):
        feed = Feed(engine)
        feed.send(reading(T0, -3.0), reading(T0 + hours(1), 3.0))
        feed.send(reading(T0, 0.0, 2), reading(T0 + hours(1), 0.0, 2))
        feed.send(reading(T0 + hours(2), -1.0))
        feed.send(reading(T0 + hours(2), 0.0, 2))
        with reading_of(engine) as conn:
            assert cubes.stored(conn) == {}

    def test_a_reopened_case_leaves_its_old_day(self, engine):
        feed = Feed(engine)
        feed.send(case("1", closed_at=T0 + hours(3)))
        week = Days(first=T0.date(), last=T0.date() + (hours(24) * 6))
        with reading_of(engine) as conn:
            assert queries.by_day(conn, ["closed"], week, EVERYTHING) == {
                ("closed", "a"): {DAY0: 1.0}
            }
        feed.send(case("1", 2, closed_at=None, reopens=1))
        feed.send(case("1", 3, closed_at=T0 + hours(30), reopens=1))
        with reading_of(engine) as conn:
            assert queries.by_day(conn, [CLOSED], week, EVERYTHING) == {
                ("closed", "a"): {DAY0 + 1: 1.0}
            }
            assert queries.by_key(conn, CLOSED, "duration", week, EVERYTHING) == {"48": 1.0}

    def test_each_dimension_adds_up_to_the_total(self, engine):
        feed = Feed(engine)
        feed.send(
            case("1", channel="app", handler="h", closed_at=T0 + hours(1)),
            case("2", channel="phone"),
            case("3", received_at=T0 + hours(9), unit="b"),
        )
        day = Days(first=T0.date(), last=T0.date())
        with reading_of(engine) as conn:
            found = {
                dim: queries.by_key(conn, RECEIVED, dim, day, EVERYTHING)
                for dim in ("hour", "channel", "handler", "duration")
            }
            assert found == {
                "hour": {"08": 2.0, "17": 1.0},
                "channel": {"app": 1.0, "phone": 1.0, "": 1.0},
                "handler": {"h": 1.0, "": 2.0},
                "duration": {"1": 1.0},
            }
            assert queries.by_key(conn, RECEIVED, "hour", day, EVERYTHING, unit="b") == {"17": 1.0}
            assert queries.by_unit_key(conn, RECEIVED, "hour", day, EVERYTHING) == {
                ("a", "08"): 2.0,
                ("b", "17"): 1.0,
            }

    def test_readings_and_assets_have_cubes_too(self, engine):
        feed = Feed(engine)
        feed.send(reading(T0, 40), reading(T0 + hours(1), 2), mailbox("m"), mailbox("n"))
        feed.send(reading(T0, 41, 2), mailbox("n", 2, state="closed"))
        with reading_of(engine) as conn:
            assert queries.stock(conn, CALLS, DAY0, EVERYTHING) == {"a": 43.0}
            assert queries.stock(conn, MAILBOXES, DAY0, EVERYTHING) == {"a": 1.0}
            assert queries.stock(conn, MAILBOXES, DAY0 - 1, EVERYTHING) == {}
            assert queries.last_readings(conn, "calls", T0 + hours(0.5), EVERYTHING) == {
                "a": (41.0, T0)
            }

    def test_a_new_part_and_a_changed_part_are_refilled(self, engine):
        assert cubes.refill(engine, [RECEIVED], ZONE) == ("received",)
        feed = Feed(engine, parts=[RECEIVED])
        feed.send(*(case(str(key), channel=f"c{key % 3}") for key in range(50)))
        seen = []
        changed = replace(RECEIVED, where=(C.kind == "appeal") & (C.channel == "c0"))
        done = cubes.refill(engine, [changed, CLOSED], ZONE, lambda *rows: seen.append(rows))
        assert (done, seen) == (("received", "closed"), [(50, 50)])
        assert_right(engine, [changed, CLOSED])
        assert cubes.refill(engine, [changed, CLOSED], ZONE) == ()

    def test_a_part_that_went_leaves_no_cells_and_comes_back_right(self, engine):
        cubes.refill(engine, [RECEIVED, CLOSED], ZONE)
        Feed(engine, parts=[RECEIVED, CLOSED]).send(case("1", closed_at=T0))
        assert cubes.refill(engine, [RECEIVED], ZONE) == ()
        Feed(engine, parts=[RECEIVED]).send(case("2", closed_at=T0))
        assert_right(engine, [RECEIVED])
        assert cubes.refill(engine, [RECEIVED, CLOSED], ZONE) == ("closed",)
        assert_right(engine, [RECEIVED, CLOSED])

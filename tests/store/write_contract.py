"""What writing promises on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from centre.domain.scope import EVERYTHING
from centre.store import changes, history, queries, rejects, sources, tables
from centre.store.delivery import BadDelivery
from centre.store.engine import reading as reading_of
from centre.store.write import Fenced
from tests.store.make import T0, Feed, case, hours, mailbox, reading, refused


def counts(receipt):
    return receipt.sent, receipt.stored, receipt.duplicate, receipt.rejected


def rows(engine: Engine, table) -> int:
    with reading_of(engine) as conn:
        return conn.scalar(select(func.count()).select_from(table))


def stored(engine: Engine, key: str):
    with reading_of(engine) as conn:
        return queries.case(conn, "s", key, EVERYTHING)


class WriteContract:
    """Inherited with a fixture `engine`: migrated and empty."""

    def test_a_delivery_is_counted_and_kept(self, engine):
        feed = Feed(engine)
        receipt = feed.send(case("1"), reading(T0, 4.0), mailbox("m"), refused("x"), case("1"))
        assert counts(receipt) == (5, 3, 1, 1)
        assert stored(engine, "1") == case("1")
        with reading_of(engine) as conn:
            (state,) = sources.states(conn)
        assert (state.sent, state.stored, state.duplicate, state.rejected) == (5, 3, 1, 1)
        assert rows(engine, tables.delivery) == 1

    def test_every_field_of_a_case_comes_back(self, engine):
        full = case(
            "全",
            nature="report",
            applicant="enterprise",
            channel="app",
            category="物业管理",
            category_path="物业管理/停车",
            title="路灯不亮 🚦 'quoted' \"x\" %s",
            handler="h",
            handler_kind="district",
            street="st",
            lon=104.066,
            lat=30.657,
            dispatched_at=T0 + timedelta(microseconds=1),
            signed_at=T0 + hours(1),
            due_at=T0 + hours(24),
            replied_at=T0 + hours(2),
            followed_up_at=T0 + hours(4),
            closed_at=T0 + hours(3),
            contacted=True,
            resolved=False,
            satisfied=None,
            dissatisfied_reason="slow",
            returns=1,
            reopens=2,
            linked_key="0",
            url="https://x/1",
            reply_workdays=1.5,
        )
        Feed(engine).send(
            full, rows=[{"编号": "全", "n": float("nan"), "b": b"\x00", "big": 2**70}]
        )
        assert stored(engine, "全") == full
        with reading_of(engine) as conn:
            raw = queries.row(conn, "s", "全", EVERYTHING)
        assert (raw["编号"], raw["n"]) == ("全", "nan")

    def test_collecting_twice_is_collecting_once(self, engine):
        feed = Feed(engine)
        feed.send(case("1"), case("2"), refused("x"))
        again = feed.send(case("1"), case("2"), refused("x"))
        assert counts(again) == (3, 0, 2, 1)
        assert again.change is None
        assert (rows(engine, tables.case), rows(engine, tables.rejected)) == (2, 1)
        assert rows(engine, history.case_version) == 0

    def test_an_older_version_never_overwrites_a_newer(self, engine):
        feed = Feed(engine)
        feed.send(case("1", 5, title="new"))
        assert counts(feed.send(case("1", 4, title="old"))) == (1, 0, 1, 0)
        assert counts(feed.send(case("1", 5, title="same"))) == (1, 0, 1, 0)
        assert stored(engine, "1").title == "new"

    def test_of_several_versions_in_one_delivery_the_newest_is_stored(self, engine):
        receipt = Feed(engine).send(case("1", 1), case("1", 3, title="c"), case("1", 2))
        assert counts(receipt) == (3, 1, 2, 0)
        assert stored(engine, "1").title == "c"

    def test_every_version_that_was_known_stays_readable(self, engine):
        feed = Feed(engine)
        for version, title in ((1, "a"), (2, "b")):
            feed.send(case("1", version, title=title), cursor={"v": version})
        with reading_of(engine) as conn:
            known = queries.versions(conn, "s", "1", EVERYTHING)
        assert [(one.case.title, one.at) for one in known] == [("a", T0), ("b", T0)]
        assert known[0].change < known[1].change

    def test_a_case_stays_with_the_unit_that_accepted_it(self, engine):
        feed = Feed(engine)
        feed.send(case("1", unit="a"), case("2", unit="unassigned"))
        feed.send(case("1", 2, unit="b"), case("2", 2, unit="b"))
        assert [stored(engine, key).unit for key in "12"] == ["a", "b"]

    def test_the_fence_stops_who_was_replaced(self, engine):
        old, new = Feed(engine), Feed(engine)
        with pytest.raises(Fenced):
            old.send(case("1"))
        assert rows(engine, tables.case) == 0
        new.send(case("1"))
        assert rows(engine, tables.case) == 1

    def test_a_failing_delivery_leaves_nothing(self, engine):
        feed = Feed(engine)
        naive = case("2", received_at=datetime(2026, 6, 15))  # noqa: DTZ001 - what is refused
        with pytest.raises(ValueError, match="naive"):
            feed.send(case("1"), naive, refused("x"), cursor={"page": 2})
        names = ("case", "case_version", "cube", "change", "delivery", "rejected")
        assert {name: rows(engine, tables.metadata.tables[name]) for name in names} == (
            dict.fromkeys(names, 0)
        )
        with reading_of(engine) as conn:
            assert sources.cursor(conn, "s") is None

    def test_an_empty_poll_takes_no_number_and_no_row(self, engine):
        feed = Feed(engine)
        feed.send(case("1"), cursor={"page": 1})
        before = rows(engine, tables.change)
        mark = T0 + hours(1)
        receipt = feed.send(cursor={"page": 2}, fetched_at=mark, watermark=mark, units=("a",))
        assert (receipt.change, counts(receipt)) == (None, (0, 0, 0, 0))
        assert (rows(engine, tables.change), rows(engine, tables.delivery)) == (before, 1)
        with reading_of(engine) as conn:
            (state,) = sources.states(conn)
        assert (state.succeeded_at, state.watermark, state.cursor) == (mark, mark, {"page": 2})

    def test_a_watermark_never_goes_back(self, engine):
        feed = Feed(engine)
        for mark in (T0 + hours(1), T0):
            feed.send(watermark=mark)
        with reading_of(engine) as conn:
            assert sources.states(conn)[0].watermark == T0 + hours(1)

    def test_change_numbers_only_grow(self, engine):
        feeds = [Feed(engine, "s"), Feed(engine, "t")]
        numbers = [
            feed.send(replace(case(str(number)), source=feed.source)).change
            for number in range(3)
            for feed in feeds
        ]
        assert numbers == sorted(set(numbers))
        with reading_of(engine) as conn:
            assert changes.latest(conn) == numbers[-1]

    def test_a_mended_row_is_replayed_and_moves_in_the_counters(self, engine):
        feed = Feed(engine)
        feed.send(refused("1", {"a": 1}), refused("2", {"a": 2}))
        with reading_of(engine) as conn:
            bad = rejects.replayable(conn, "s")
            assert queries.reasons(conn, "s") == {("received_at", "no_zone"): 2}
        records = [
            case("1") if one.row == {"a": 1} else refused("2", {"a": 2}, reason="future")
            for one in bad
        ]
        ids = tuple(one.id for one in bad)
        feed.send(*records, rows=[one.row for one in bad], replayed_ids=ids)
        with reading_of(engine) as conn:
            (state,) = sources.states(conn)
            assert [one.reason for one in rejects.replayable(conn, "s")] == ["future"]
        assert (state.sent, state.stored, state.duplicate, state.rejected) == (2, 1, 0, 1)

    def test_a_delivery_that_contradicts_itself_is_refused(self, engine):
        feed = Feed(engine)
        with pytest.raises(BadDelivery, match="2 rows for 1 records"):
            feed.send(case("1"), rows=[{}, {}])
        with pytest.raises(BadDelivery, match="a record of t"):
            feed.send(replace(case("1"), source="t"))

    def test_a_source_can_fail_rest_and_be_wanted(self, engine):
        feed = Feed(engine)
        for _ in range(2):
            sources.failed(engine, "s", "timed out", T0)
        sources.pause(engine, "s", True)
        sources.want(engine, "s")
        with reading_of(engine) as conn:
            (state,) = sources.states(conn)
        assert (state.failures, state.error, state.paused, state.wanted) == (
            2,
            "timed out",
            True,
            True,
        )
        sources.attempted(engine, "s", T0)
        feed.send()
        with reading_of(engine) as conn:
            (state,) = sources.states(conn)
        assert (state.failures, state.error, state.wanted) == (0, None, False)

    def test_a_source_remembers_its_newest_event_and_when_its_newest_row_came(self, engine):
        feed = Feed(engine)
        soon = T0 + hours(9)  # a clock of theirs that runs ahead
        feed.send(case("1", closed_at=T0 + hours(2)), case("2", closed_at=soon), fetched_at=soon)
        feed.send(case("3", received_at=T0 + hours(1)), fetched_at=soon + hours(1))
        feed.send(case("3", received_at=T0 + hours(1)), fetched_at=soon + hours(2))  # nothing new
        with reading_of(engine) as conn:
            (state,) = sources.states(conn)
        assert (state.event_at, state.received_at) == (soon, soon + hours(1))
        feed.send(case("4", due_at=soon + hours(9)), fetched_at=soon + hours(3))
        feed.send(case("5", closed_at=soon + hours(99)), fetched_at=soon + hours(4))
        with reading_of(engine) as conn:
            (state,) = sources.states(conn)
        assert (state.event_at, state.received_at) == (soon, soon + hours(4))

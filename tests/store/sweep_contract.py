"""What is promised of sweeps and of what comparisons find, on every database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection

from centre.domain.periods import Days
from centre.domain.scope import EVERYTHING
from centre.store import changes, cubes, ledger, queries, reconciled, rejects, sources
from centre.store.delivery import Sweep
from centre.store.engine import reading as reading_of
from centre.store.engine import writing
from centre.store.reconciled import Day
from tests.store.make import DAY0, PARTS, T0, ZONE, Feed, case, hours, refused

TODAY = date.fromordinal(DAY0)
DAYS = Days(first=TODAY, last=TODAY)
CLOSED_DAY = {"days": ("2026-06-15",), "units": ("a",), "filled": 35, "total": 35}
LATER = T0 + timedelta(days=1)


def swept(feed, *records, gone=(), seen=10**6):
    """What a sweep writes: cases that were missed, keys that are gone."""
    return feed.send(*records, sweep=Sweep(gone=tuple(gone), seen=seen), fetched_at=LATER)


class SweepContract:
    """Inherited with a fixture `engine`: migrated and empty."""

    def test_a_removed_case_is_known_to_the_past_alone(self, engine):
        feed = Feed(engine)
        sent = feed.send(case("1"), case("2", closed_at=T0 + hours(3)), **CLOSED_DAY)
        done = swept(feed, gone=("2", "of-nobody"))
        assert (done.change, done.removed, done.sent) == (sent.change + 1, 1, 0)
        with reading_of(engine) as conn:
            assert queries.case(conn, "s", "2", EVERYTHING) is None
            assert queries.row(conn, "s", "2", EVERYTHING) is None
            then = queries.case(conn, "s", "2", EVERYTHING, at=sent.change)
            assert then == case("2", closed_at=T0 + hours(3))
            (version,) = queries.versions(conn, "s", "2", EVERYTHING)
            assert (version.ended, version.gone) == (done.change, True)
            assert cubes.stored(conn) == pytest.approx(cubes.recompute(conn, PARTS, ZONE))
            assert {unit for _, unit in queries.revised(conn, DAYS, EVERYTHING)} == {"a"}

    def test_what_a_sweep_brings_counts_as_sent_and_moves_no_clock(self, engine):
        feed = Feed(engine)
        feed.send(case("1"), cursor={"page": 7}, watermark=T0, **CLOSED_DAY)
        done = swept(feed, case("1", 2), case("2"), case("3"))
        assert (done.sent, done.stored, done.removed) == (3, 3, 0)
        with reading_of(engine) as conn:
            (row,) = sources.states(conn)
            assert (row.sent, row.stored, row.cursor) == (4, 4, {"page": 7})
            assert (row.watermark, row.succeeded_at) == (T0, T0)
            entries = ledger.read(conn, TODAY, TODAY + timedelta(days=1))
            assert sum(one.sent for one in entries) == row.sent
            assert cubes.stored(conn) == pytest.approx(cubes.recompute(conn, PARTS, ZONE))

    def test_a_case_that_spoke_meanwhile_is_not_removed(self, engine):
        feed = Feed(engine)
        feed.send(case("1"))
        with reading_of(engine) as conn:
            seen = changes.latest(conn)
        feed.send(case("1", 2), case("2"))
        done = swept(feed, gone=("1", "2"), seen=seen)
        assert (done.change, done.removed) == (None, 0)

    def test_a_removed_case_may_come_again(self, engine):
        feed = Feed(engine)
        feed.send(case("1"))
        gone = swept(feed, gone=("1",))
        back = feed.send(case("1"))
        assert back.stored == 1
        with reading_of(engine) as conn:
            before, now = queries.versions(conn, "s", "1", EVERYTHING)
            assert (before.ended, before.gone, now.change) == (gone.change, True, back.change)
            assert queries.case(conn, "s", "1", EVERYTHING, at=gone.change) is None
            assert cubes.stored(conn) == pytest.approx(cubes.recompute(conn, PARTS, ZONE))

    def test_refused_rows_of_a_case_that_is_gone_are_laid_aside(self, engine):
        feed = Feed(engine)
        feed.send(refused("1"), refused("2"))
        swept(feed, gone=("1",))
        with reading_of(engine) as conn:
            assert [one.key for one in rejects.replayable(conn, "s")] == ["2"]

    def test_days_that_differ_are_told_until_they_are_compared_again(self, engine):
        monday = Day(day=TODAY, theirs=3, stored=1, refused=1)
        tuesday = replace(monday, day=TODAY + timedelta(days=1), theirs=2)
        with writing(engine) as conn:
            reconciled.keep(conn, "s", [monday, tuesday], T0)
        with reading_of(engine) as conn:
            one = reconciled.summaries(conn)["s"]
            assert (one.compared_at, one.newest, one.differing) == (T0, tuesday.day, {TODAY: 1})
        with writing(engine) as conn:
            reconciled.swept(conn, "s", TODAY, came=1, removed=0, at=LATER)
            reconciled.keep(conn, "s", [replace(monday, stored=2)], LATER)
        with reading_of(engine) as conn:
            assert reconciled.summaries(conn)["s"].differing == {}
            found = reconciled.read(conn, TODAY, TODAY)["s"][DAY0]
            assert (found.came, found.removed, found.swept_at) == (1, 0, LATER)
            assert found.compared_at == LATER

    def test_what_was_compared_then_is_told_of_then(self, engine):
        monday, said = Day(day=TODAY, theirs=3, stored=1, refused=1), {}

        def read(at: int | None = None) -> object:
            with reading_of(engine) as conn:
                found = reconciled.read(conn, TODAY, TODAY, at=at).get("s", {}).get(DAY0)
            return found and (found.difference, found.came, found.swept_at)

        def then(note: Callable[[Connection], None]) -> None:
            with writing(engine) as conn:
                note(conn)
            with writing(engine) as conn:
                seq = changes.next_change(conn, "publish", None, T0)
            said[seq] = read()

        mended = replace(monday, stored=2)
        then(lambda conn: None)
        then(lambda conn: reconciled.keep(conn, "s", [monday], T0))
        then(lambda conn: reconciled.keep(conn, "s", [monday], LATER))
        then(lambda conn: reconciled.swept(conn, "s", TODAY, came=1, removed=0, at=LATER))
        then(lambda conn: reconciled.keep(conn, "s", [mended], LATER))
        assert list(said.values()) == [
            None,
            (1, 0, None),
            (1, 0, None),
            (1, 1, LATER),
            (0, 1, LATER),
        ]
        assert {seq: read(seq) for seq in said} == said

    def test_comparisons_are_forgotten_after_400_days(self, engine):
        old = Day(day=TODAY, theirs=1, stored=1, refused=0)
        new = replace(old, day=TODAY + timedelta(days=reconciled.KEPT_DAYS))
        with writing(engine) as conn:
            reconciled.keep(conn, "s", [old], T0)
            reconciled.keep(conn, "s", [new], LATER)
        with reading_of(engine) as conn:
            assert list(reconciled.read(conn, TODAY, new.day)["s"]) == [new.day.toordinal()]

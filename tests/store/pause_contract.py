"""What keeping the pauses of cases promises on every database."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select

from centre.domain.records import Pause
from centre.domain.scope import EVERYTHING
from centre.store import pauses, queries
from centre.store.engine import reading as reading_of
from centre.store.queries import CaseQuery
from centre.store.queries.closings import Closing, closings
from tests.store.make import T0, Feed, case, hours

HALF = Pause(reason="suspended", start=T0 + hours(1), end=T0 + hours(2))
OPEN = Pause(reason="third_party", start=T0 + hours(3))


def found(conn, at=None, **words):
    page = queries.slice(conn, CaseQuery(order="received_at", **words), EVERYTHING, at=at)
    return {one.key: one.pauses for one in page.rows}


class PauseContract:
    """Inherited with a fixture `engine`: migrated and empty."""

    def test_each_version_of_a_case_has_its_own_pauses(self, engine):
        feed = Feed(engine)
        sent = [
            feed.send(case("1", version, pauses=rests), case("2", version)).change
            for version, rests in enumerate(((), (HALF,), (HALF, OPEN), (OPEN,)), start=1)
        ]
        with reading_of(engine) as conn:
            assert found(conn) == {"1": (OPEN,), "2": ()}
            assert [found(conn, at)["1"] for at in sent] == [
                (),
                (HALF,),
                (HALF, OPEN),
                (OPEN,),
            ]
            versions = queries.versions(conn, "s", "1", EVERYTHING)
            assert [one.case.pauses for one in versions] == [(), (HALF,), (HALF, OPEN), (OPEN,)]
            one = queries.case(conn, "s", "1", EVERYTHING, at=sent[1])
            assert one is not None
            assert one.pauses == (HALF,)
            assert queries.numbered(conn, "1", EVERYTHING)[0].pauses == (OPEN,)
            assert [one.pauses for one in queries.stream(conn, CaseQuery(), EVERYTHING)] == [
                (),
                (OPEN,),
            ]

    def test_an_older_version_that_comes_late_adds_no_pause(self, engine):
        feed = Feed(engine)
        feed.send(case("1", 5, pauses=(HALF,)))
        feed.send(case("1", 4, pauses=(HALF, OPEN)), case("1", 5, pauses=(OPEN,)))
        with reading_of(engine) as conn:
            assert found(conn) == {"1": (HALF,)}
            assert conn.scalar(select(func.count()).select_from(pauses.case_pause)) == 1

    def test_a_stopped_clock_is_a_state_of_its_own_and_not_a_missing_limit(self, engine):
        feed = Feed(engine)
        sent = feed.send(
            case("1", pauses=(OPEN,)),
            case("2", pauses=(HALF,)),
            case("3", due_at=T0 + hours(9), pauses=(OPEN,)),
            case("4", closed_at=T0 + hours(9), pauses=(OPEN,)),
        ).change
        resumed = replace(OPEN, end=T0 + hours(5))
        feed.send(case("1", 2, due_at=T0 + hours(20), pauses=(resumed,)))
        with reading_of(engine) as conn:
            assert set(found(conn, status="stopped")) == set()
            assert set(found(conn, sent, status="stopped")) == {"1"}
            assert set(found(conn, sent, status="undated")) == {"2"}
            bands = ("overdue", "due_today", "due_soon", "due_later", "stopped", "undated")
            clock = {"now": T0, "day_end": T0 + hours(15.5)}
            every = [key for band in bands for key in found(conn, sent, status=band, **clock)]
            assert sorted(every) == sorted(found(conn, sent, status="open"))

    def test_a_forecast_reads_what_falls_due_around_now_and_was_open_shortly_before(self, engine):
        day = hours(24)
        Feed(engine).send(
            case("1", due_at=T0 + day, received_at=T0 - 30 * day),
            case("2", due_at=T0 - day, received_at=T0 - 30 * day, closed_at=T0),
            case("3", due_at=T0 - day, received_at=T0 - 30 * day, closed_at=T0 - 25 * day),
            case("4", due_at=T0 - 90 * day, received_at=T0 - 100 * day),
            case("5", due_at=T0 + day, received_at=T0 + hours(1)),
            case("6", unit="b", due_at=T0 + day),
            case("7", kind="approval", due_at=T0 + day),
        )
        with reading_of(engine) as conn:
            rows = closings(conn, "a", T0 - 28 * day, T0 + 7 * day, EVERYTHING, now=T0)
        assert set(rows) == {Closing(T0 + day, None), Closing(T0 - day, T0)}

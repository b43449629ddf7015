"""What is promised of the ledger: it says by day what the counters of a source say in all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st
from sqlalchemy import select

from centre.store import changes, ledger, ledger_past, rejects, sources
from centre.store.engine import reading as reading_of
from centre.store.engine import writing
from centre.store.queries.quality import ledger_since
from tests.store.cube_contract import CASES, MAILBOX, READINGS, empty
from tests.store.make import T0, ZONE, Feed, case, hours, mailbox, refused

REFUSED = st.builds(refused, st.sampled_from("xyz"), reason=st.sampled_from(("no_zone", "future")))
STEPS = st.lists(
    st.tuples(
        st.lists(CASES | READINGS | MAILBOX | REFUSED, max_size=6),
        st.integers(0, 30),  # hours that pass
        st.booleans(),  # whether the refused rows are read anew then
        st.booleans(),  # whether they have been mended
    ),
    max_size=8,
)


def entries(engine) -> dict[date, ledger.Entry]:
    with reading_of(engine) as conn:
        found = ledger.read(conn, date(1, 1, 1), date(2100, 1, 1))
    return {date.fromordinal(one.day): one for one in found}


def known(engine, at: int | None) -> tuple[object, object]:
    """The ledger, and since when it is kept, as known at a change."""
    with reading_of(engine) as conn:
        return ledger.read(conn, date(1, 1, 1), date(2100, 1, 1), at=at), ledger_since(conn, at=at)


def published(engine, now) -> int:
    """The number of a snapshot taken now."""
    with writing(engine) as conn:
        return changes.next_change(conn, "publish", None, now)


def counted(one) -> tuple[int, int, int, int]:
    return one.sent, one.stored, one.duplicate, one.rejected


def assert_conserved(engine, steps) -> None:
    """Whatever comes and is read anew, the days add up to the counters, and each within itself.

    What the ledger said at each snapshot it says of that snapshot for ever.
    """
    empty(engine)
    feed, now, said = Feed(engine), T0, {}
    for records, passed, is_replay, is_mended in steps:
        now += hours(passed)
        feed.send(*records, fetched_at=now)
        if is_replay:
            replay(feed, now, is_mended=is_mended)
        with reading_of(engine) as conn:
            (state,) = sources.states(conn)
        days = list(entries(engine).values())
        assert tuple(sum(each) for each in zip((0,) * 4, *map(counted, days), strict=True)) == (
            counted(state)
        )
        for one in days:
            assert one.sent == one.stored + one.duplicate + one.rejected
            assert min(counted(one)) >= 0
        said[published(engine, now)] = known(engine, None)
    assert {seq: known(engine, seq) for seq in said} == said


def replay(feed: Feed, now, *, is_mended: bool) -> None:
    """Read all kept rows of a source anew."""
    with reading_of(feed.engine) as conn:
        kept = rejects.replayable(conn, feed.source)
    records = [
        case(f"mended {one.row['id']}") if is_mended else refused(str(one.key), dict(one.row))
        for one in kept
    ]
    if kept:
        ids = tuple(one.id for one in kept)
        feed.send(*records, rows=[one.row for one in kept], replayed_ids=ids, fetched_at=now)


class LedgerContract:
    """Inherited with a fixture `engine`: migrated and empty."""

    def test_a_row_that_is_read_anew_moves_on_the_day_it_came_on(self, engine):
        feed = Feed(engine)
        feed.send(refused("x"), case("1"))
        feed.send(case("2"), fetched_at=T0 + hours(48))
        replay(feed, T0 + hours(48), is_mended=True)

        first, later = entries(engine).values()
        assert (counted(first), counted(later)) == ((2, 2, 0, 0), (1, 1, 0, 0))

    def test_a_row_refused_before_the_ledger_was_kept_moves_in_its_opening(self, engine):
        feed = Feed(engine)
        feed.send(refused("x"))
        with engine.begin() as conn:
            conn.execute(ledger.ledger.update().values(day=ledger.OPENING))
        replay(feed, T0 + hours(48), is_mended=True)

        with reading_of(engine) as conn:
            (row,) = conn.execute(select(ledger.ledger))
        assert (row.day, *counted(row)) == (ledger.OPENING, 1, 1, 0, 0)

    def test_an_empty_poll_in_time_enters_nothing(self, engine):
        feed = Feed(engine)
        for passed in (0, 1):
            now = T0 + hours(passed)
            feed.send(fetched_at=now, watermark=now, promised_seconds=3600)

        assert entries(engine) == {}

    def test_time_beyond_one_and_a_half_promises_is_missed_once_and_cut_at_midnight(self, engine):
        feed = Feed(engine)
        hour = 3600.0
        midnight = (T0 + hours(15.5)).astimezone(ZONE)
        feed.send(fetched_at=T0, watermark=T0, promised_seconds=hour)
        feed.send(fetched_at=T0 + hours(3), watermark=T0, promised_seconds=hour)
        feed.send(fetched_at=T0 + hours(5), promised_seconds=hour)  # refused: no newer data
        feed.send(fetched_at=T0 + hours(20), watermark=T0 + hours(20), promised_seconds=hour)
        feed.send(fetched_at=T0 + hours(21), watermark=T0 + hours(21), promised_seconds=hour)

        missed = {day: one.missed_seconds / hour for day, one in entries(engine).items()}
        assert missed == {
            midnight.date() - timedelta(days=1): 15.5 - 1.5,
            midnight.date(): 20 - 15.5,
        }

    def test_late_time_is_one_stretch_until_the_source_is_in_time_again(self, engine):
        feed = Feed(engine)
        for passed, until in ((0, 0), (3, 0), (5, 0), (20, 20), (30, 20)):
            watermark = T0 + hours(until)
            feed.send(fetched_at=T0 + hours(passed), watermark=watermark, promised_seconds=3600)

        def after(passed: float) -> list[tuple[float, float]]:
            with reading_of(engine) as conn:
                found = ledger_past.late_after(conn, T0 + hours(passed)).get("s", ())
            return [tuple((one - T0) / hours(1) for one in stretch) for stretch in found]

        assert after(0) == [(1.5, 20), (21.5, 30)]
        assert after(10) == [(10, 20), (21.5, 30)]
        assert after(30) == []

    def test_a_batch_that_is_refused_is_no_answer_and_its_late_time_counts_once(self, engine):
        feed = Feed(engine)
        promise = {"promised_seconds": 3600.0}
        feed.send(fetched_at=T0, watermark=T0, **promise)
        for passed in (3, 4, 5):
            feed.send(refused("x"), fetched_at=T0 + hours(passed), is_refused=True, **promise)
        feed.send(fetched_at=T0 + hours(6), watermark=T0 + hours(6), **promise)

        assert sum(one.missed_seconds for one in entries(engine).values()) == 4.5 * 3600

    def test_nobody_is_late_who_promises_nothing(self, engine):
        feed = Feed(engine)
        for passed in (0, 100):
            now = T0 + hours(passed)
            feed.send(fetched_at=now, watermark=now)

        assert entries(engine) == {}

    def test_a_correction_takes_back_what_was_said_and_a_next_stage_does_not(self, engine):
        feed = Feed(engine)
        first = case("1", category="路灯")
        later = replace(first, source_version=2, signed_at=T0 + hours(1))
        closed = replace(later, source_version=3, closed_at=T0 + hours(9))
        again = replace(closed, source_version=4, closed_at=None, reopens=1)

        def corrected(one) -> int:
            before = sum(day.corrected for day in entries(engine).values())
            feed.send(one)
            return sum(day.corrected for day in entries(engine).values()) - before

        assert [corrected(one) for one in (first, later, closed, again)] == [0, 0, 0, 0]
        assert corrected(replace(again, source_version=5, category="停车")) == 1
        assert corrected(replace(again, source_version=6, category="停车", signed_at=None)) == 1
        assert corrected(replace(again, source_version=3, category="噪声")) == 0  # an old one
        assert corrected(mailbox("m")) == 0
        assert corrected(mailbox("m", 2, state="closed")) == 0

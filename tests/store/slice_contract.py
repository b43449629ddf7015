"""What reading of cases promises on every database: lists, their order, groups, sums, clocks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from centre.domain.periods import Days
from centre.domain.scope import EVERYTHING, Scope
from centre.store import changes, queries
from centre.store.engine import reading as reading_of
from centre.store.past import Past
from centre.store.queries import BadQuery, CaseQuery
from tests.store.make import DAY0, RECEIVED, T0, ZONE, Feed, case, hours, mailbox, reading

ONLY_B = Scope(units=frozenset("b"))
DAY = date(2026, 6, 15)


def keys(conn, scope=EVERYTHING, **words):
    return [one.key for one in queries.slice(conn, CaseQuery(**words), scope).rows]


def walk(conn, **words):
    """Every key, page by page, and the totals that the pages named."""
    found, totals, cursor = [], set(), None
    while True:
        page = queries.slice(conn, CaseQuery(cursor=cursor, **words), EVERYTHING)
        found += [one.key for one in page.rows]
        totals.add(page.total)
        cursor = page.next_cursor
        if cursor is None:
            return found, totals


FOUND = (
    ({}, ["14", "11", "13", "12", "10"]),
    ({"order": "received_at"}, ["10", "12", "13", "11", "14"]),
    ({"order": "due_at"}, ["11", "12", "10", "14", "13"]),
    ({"order": "-closed_at", "unit": "b"}, ["13", "12"]),
    ({"channel": "app"}, ["10"]),
    ({"channel": "", "unit": "a"}, ["14", "11"]),
    ({"kind": "approval"}, ["13"]),
    ({"status": "open"}, ["14", "11", "10"]),
    ({"status": "overdue"}, ["11"]),
    ({"status": "due_today"}, ["10"]),
    ({"status": "due_3days"}, ["14", "10"]),
    ({"status": "late"}, ["12"]),
    ({"status": "direct"}, ["13", "12"]),
    ({"status": "reopened"}, ["14"]),
    ({"status": "unresolved"}, ["13"]),
    ({"status": "dissatisfied"}, ["12"]),
    ({"start": T0 + hours(1), "end": T0 + hours(2)}, ["11"]),
    ({"anchor": "closed_at", "start": T0 + hours(4)}, ["13"]),
    ({"text": "路灯"}, ["10"]),
    ({"text": "%_"}, ["11"]),
    ({"text": "12", "unit": "a", "end": T0}, ["12"]),
    ({"text": "'; DROP TABLE"}, []),
)

IMPOSSIBLE = (
    ({"channel": "a\x00"}, "channel holds a NUL"),
    ({"text": "\x00"}, "text holds a NUL"),
    ({"status": "lost"}, 'status "lost" is unknown; choose one of open'),
    ({"order": "title; --"}, "order"),
    ({"anchor": "title"}, "anchor"),
    ({"limit": 0}, "limit 0"),
    ({"limit": 10**9}, "limit"),
    ({"cursor": "x"}, "cursor"),
    ({"cursor": "bnVsbA"}, "cursor"),
    ({"status": "overdue"}, "needs the time"),
)


class SliceContract:
    """Inherited with a fixture `engine`: migrated and empty."""

    @pytest.fixture
    def some(self, engine):
        """Cases with everything that a filter looks at."""
        Feed(engine).send(
            case("10", title="路灯不亮", channel="app", due_at=T0 + hours(5)),
            case("11", title="100%_路", due_at=T0 - hours(1), received_at=T0 + hours(1)),
            case("12", unit="b", closed_at=T0 + hours(3), due_at=T0 + hours(2), satisfied=False),
            case("13", unit="b", closed_at=T0 + hours(9), resolved=False, kind="approval"),
            case(
                "14", due_at=T0 + hours(48), dispatched_at=T0, received_at=T0 + hours(2), reopens=1
            ),
        )
        return engine

    def test_a_filter_finds_its_cases(self, some):
        with reading_of(some) as conn:
            for words, found in FOUND:
                actual = keys(conn, now=T0, day_end=T0 + hours(15.5), **words)
                assert (words, actual) == (words, found)

    def test_a_query_that_cannot_be_asked_says_why(self, engine):
        with reading_of(engine) as conn:
            for words, message in IMPOSSIBLE:
                with pytest.raises(BadQuery, match=message):
                    keys(conn, **words)

    @pytest.mark.parametrize("order", ["received_at", "-received_at", "due_at", "-closed_at"])
    def test_pages_hold_every_case_once_and_in_order(self, engine, order):
        Feed(engine).send(
            *(
                case(
                    f"{number:02d}",
                    received_at=T0 + hours(number % 3),
                    due_at=T0 + hours(number % 4) if number % 5 else None,
                    closed_at=T0 if number % 2 else None,
                )
                for number in range(23)
            )
        )
        with reading_of(engine) as conn:
            whole = keys(conn, order=order)
            found, totals = walk(conn, order=order, limit=4)
            streamed = [one.key for one in queries.stream(conn, CaseQuery(order=order), EVERYTHING)]
        assert (found, streamed) == (whole, whole)
        assert (len(set(found)), totals) == (23, {23})

    def test_a_foreign_unit_gives_nothing(self, some):
        Feed(some, "s").send(reading(T0, 3.0), mailbox("m"), watermark=T0, units=("a",))
        days = Days(first=DAY, last=DAY)
        with reading_of(some) as conn:
            assert keys(conn, ONLY_B) == ["13", "12"]
            assert keys(conn, ONLY_B, text="10") == []
            assert keys(conn, ONLY_B, unit="a") == []
            assert keys(conn, Scope(kinds=frozenset(["approval"]))) == ["13"]
            assert keys(conn, Scope(units=frozenset())) == []
            for found in (
                queries.case(conn, "s", "10", ONLY_B),
                queries.row(conn, "s", "10", ONLY_B),
                *queries.versions(conn, "s", "10", ONLY_B),
            ):
                assert found is None
            assert queries.presence(conn, days, ONLY_B) == {}
            assert queries.last_readings(conn, "calls", T0, ONLY_B) == {}
            assert queries.stock(conn, RECEIVED, 10**6, ONLY_B) == {"b": 1.0}
            assert queries.by_day(conn, [RECEIVED], days, ONLY_B).keys() == {("received", "b")}
            assert queries.by_key(conn, RECEIVED, "hour", days, ONLY_B, unit="a") == {}
            assert queries.by_unit_key(conn, RECEIVED, "hour", days, ONLY_B).keys() == {("b", "08")}
            assert queries.received_between(conn, T0, T0 + hours(9), ONLY_B) == {"b": 1}
            assert queries.dues(conn, T0, T0, ONLY_B) == {"b": (1, 0, 0, 1)}
            assert queries.slice_groups(conn, CaseQuery(), "unit", ONLY_B) == {"b": 2}
            streamed = queries.stream(conn, CaseQuery(), ONLY_B)
            assert [one.key for one in streamed] == ["13", "12"]

    def test_groups_count_what_no_cube_has(self, some):
        with reading_of(some) as conn:
            query = CaseQuery(unit="a", status="open")
            assert queries.slice_groups(conn, query, "channel", EVERYTHING) == {"app": 1, "": 2}
            with pytest.raises(BadQuery, match="by"):
                queries.slice_groups(conn, query, "title", EVERYTHING)

    def test_open_cases_are_told_by_the_clock(self, some):
        with reading_of(some) as conn:
            found = queries.dues(conn, T0, T0 + hours(15.5), EVERYTHING)
            assert found == {"a": (3, 1, 1, 3), "b": (1, 1, 0, 1)}  # 12 was closed at T0 + 3 h
            later = queries.dues(conn, T0 + hours(4), T0 + hours(15.5), EVERYTHING)
            assert later == {"a": (3, 1, 1, 3)}
            assert queries.received_between(conn, T0, T0 + hours(1), EVERYTHING) == {"a": 1, "b": 1}
            end = T0 + hours(1) + timedelta(microseconds=1)
            assert queries.received_between(conn, T0, end, EVERYTHING, kind=None) == {
                "a": 2,
                "b": 2,
            }

    def test_what_is_due_at_midnight_is_due_on_the_day_before(self, engine):
        midnight, second = T0 + hours(15.5), timedelta(seconds=1)
        due = {"at": midnight, "soon": midnight + second, "later": midnight + hours(48) + second}
        Feed(engine).send(*(case(key, due_at=at) for key, at in due.items()))
        with reading_of(engine) as conn:
            assert queries.dues(conn, T0, midnight, EVERYTHING) == {"a": (3, 1, 0, 3)}
            for status, key in (("due_today", "at"), ("due_soon", "soon"), ("due_later", "later")):
                assert keys(conn, now=T0, day_end=midnight, status=status) == [key]

    def test_what_closed_after_the_time_of_finished_data_was_still_open(self, engine):
        now, end, due = T0 + hours(4), T0 + hours(15), T0 + hours(2)
        closed = {"before": T0 + hours(1), "after": T0 + hours(5), "never": None}
        Feed(engine).send(*(case(key, due_at=due, closed_at=at) for key, at in closed.items()))

        def found(status):
            return sorted(keys(conn, now=now, day_end=end, as_of=now, status=status))

        with reading_of(engine) as conn:
            (known,) = queries.dues(conn, now, end, EVERYTHING).values()
            assert found("open") == found("overdue") == ["after", "never"]
            assert (known.open, known.overdue) == (2, 2)
            assert found("closed") == found("direct") == found("on_time") == ["before"]
            assert (found("late"), found("not_on_time")) == ([], ["after", "never"])
            assert keys(conn, now=now, status="open") == ["never"]

    def test_a_slice_is_summed_by_day_and_key_as_it_was_known(self, engine):
        feed = Feed(engine)
        mine = {"street": "st", "channel": "app"}
        feed.send(
            case("1", **mine, category="noise"),
            case("2", **mine, received_at=T0 + hours(16)),  # 00:30 of the next day
            case("3", street="st", channel="web"),
            case("4", channel="app"),
        )
        with reading_of(engine) as conn:
            known = changes.latest(conn)
        feed.send(case("1", 2, street="elsewhere", channel="app"))
        span = (T0 - hours(9), T0 + hours(48))

        def found(past=None, **words):
            with reading_of(engine) as conn:
                slots = queries.filtered(
                    conn,
                    (RECEIVED,),
                    words.pop("within"),
                    span,
                    scope=EVERYTHING,
                    zone=ZONE,
                    past=past,
                    **words,
                )
            return {(slot.day - DAY0, slot.key): amount for slot, amount in slots.items()}

        then = Past(at=known, zone=ZONE)
        assert found(then, within=mine) == {(0, ""): 1, (1, ""): 1}
        assert found(within=mine) == {(1, ""): 1}
        assert found(within={"street": ""}, by="channel") == {(0, "app"): 1}
        assert found(within={"channel": "app"}, by="hour") == {(0, "08"): 2, (1, "00"): 1}
        assert found(then, within={}, by="category") == {(0, "noise"): 1, (0, ""): 2, (1, ""): 1}

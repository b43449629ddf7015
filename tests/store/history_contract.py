"""What is promised of the past: what was known at a change is still found by its number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, TextClause, bindparam, delete, func, select, text

from centre.domain.periods import Days
from centre.domain.scope import EVERYTHING, Scope
from centre.store import changes, history, journal, migrations, queries, tables
from centre.store.engine import connect, writing
from centre.store.engine import reading as reading_of
from centre.store.past import Past
from centre.store.queries import CaseQuery
from centre.store.queries.horizon import first_case_at, last_record_at
from centre.store.types import UtcDateTime
from tests.store.cube_contract import empty
from tests.store.make import (
    CALLS,
    DAY0,
    MAILBOXES,
    PARTS,
    RECEIVED,
    T0,
    ZONE,
    Feed,
    case,
    hours,
    mailbox,
    reading,
)

DAYS = Days(first=(T0 - timedelta(days=6)).date(), last=(T0 + timedelta(days=8)).date())
ONLY_A = Scope(units=frozenset("a"), kinds=frozenset({"appeal"}))
OPEN = CaseQuery(status="open", order="due_at")
OVERDUE = CaseQuery(status="overdue", now=T0 + hours(9))


def of_records(conn: Connection, at: int | None) -> Iterator[Any]:
    """All that is asked of cases, readings, assets and presence."""
    for query in (CaseQuery(), OPEN, OVERDUE, CaseQuery(unit="b", limit=2)):
        yield queries.slice(conn, query, EVERYTHING, at=at)
    for scope in (EVERYTHING, ONLY_A):
        yield list(queries.stream(conn, CaseQuery(), scope, at=at))
        yield queries.slice_groups(conn, CaseQuery(), "handler", scope, at=at)
        yield [queries.case(conn, "s", key, scope, at=at) for key in "1234"]
        yield queries.numbered(conn, "1", scope, at=at)
        yield [one for key in "1234" for one in queries.versions(conn, "s", key, scope, at=at)]
        yield queries.received_between(conn, T0 - hours(9), T0 + hours(20), scope, at=at)
        for now in (T0, T0 + hours(30)):
            yield queries.dues(conn, now, now + hours(9), scope, None, at=at)
            yield queries.last_readings(conn, "calls", now, scope, at=at)
        yield queries.presence(conn, DAYS, scope, at=at)
        yield first_case_at(conn, scope, at=at), last_record_at(conn, scope, at=at)
    yield [queries.deliverers(conn, what, at=at) for what in (*PARTS, "calls")]


def of_cubes(conn: Connection, past: Past | None) -> Iterator[Any]:
    """All that is asked of the cubes, and of parts by exact moments."""
    some = (DAY0 - 1, DAY0, DAY0 + 1)
    for scope in (EVERYTHING, ONLY_A):
        yield queries.by_day(conn, PARTS, DAYS, scope, past=past)
        yield queries.stocks(conn, PARTS, DAY0 + 1, scope, past=past)
        yield queries.stock(conn, CALLS, DAY0, scope, past=past)
        for part, dim in ((RECEIVED, "handler"), (MAILBOXES, "category"), (CALLS, "hour")):
            yield queries.by_key(conn, part, dim, DAYS, scope, past=past)
            yield queries.by_key(conn, part, dim, DAYS, scope, unit="a", past=past)
            yield queries.by_unit_key(conn, part, dim, DAYS, scope, past=past)
            yield queries.by_key_on_days(conn, part, dim, some, scope, past=past)
        yield queries.on_days(conn, PARTS, "hour", some, scope=scope, before="10", past=past)
        yield queries.on_days(conn, PARTS, "hour", some, scope=scope, only="08", past=past)
        span = (T0 - hours(9), T0 + hours(7.5))
        yield queries.between(conn, PARTS, *span, scope=scope, past=past)
        yield queries.between(conn, PARTS[:4], *span, scope=scope, by="handler", past=past)


def tidied(found: Any) -> Any:
    """Amounts without the noise that live sums have too, and without what is nothing."""
    if isinstance(found, float):
        return round(found, 6)
    if not isinstance(found, dict):
        return found
    amounts = {key: tidied(one) for key, one in found.items()}
    return {key: one for key, one in amounts.items() if one not in (0.0, {})}


def known(conn: Connection, at: int | None) -> list[Any]:
    """Every answer, as of a change or now."""
    past = None if at is None else Past(at=at, zone=ZONE)
    return [*of_records(conn, at), *map(tidied, of_cubes(conn, past))]


def assert_the_past_stays(engine, deliveries) -> None:
    """Write deliveries, note all answers after each; later each is answered the same again."""
    empty(engine)
    feed, then = Feed(engine), {}
    for number, records in enumerate(deliveries):
        day = (T0 + timedelta(days=number // 2)).date().isoformat()
        words = {"days": (day,)} if number % 2 else {"watermark": T0 + hours(12 * number)}
        feed.send_and_sweep(records, cursor={"n": number}, units=("a", "b"), **words)
        with writing(engine) as conn:  # as a snapshot takes its seq
            seq = changes.next_change(conn, "publish", None, T0)
        with reading_of(engine) as conn:
            then[seq] = known(conn, None)
    with reading_of(engine) as conn:
        for at, answers in then.items():
            assert known(conn, at) == answers


class HistoryContract:
    """Inherited with a fixture `engine`: migrated and empty."""

    def test_what_is_not_overwritten_costs_the_history_nothing(self, engine):
        Feed(engine).send(case("1"), reading(T0, 4.0), mailbox("m"))
        with reading_of(engine) as conn:
            kept = [conn.execute(table.select()).all() for table in history.HISTORY.values()]
        assert kept == [[]] * len(history.HISTORY)

    def test_a_case_is_found_as_it_was_known(self, engine):
        feed = Feed(engine)
        first = feed.send(case("1", title="old")).change
        second = feed.send(case("1", 2, title="new", closed_at=T0 + hours(1))).change
        with reading_of(engine) as conn:
            assert queries.case(conn, "s", "1", EVERYTHING, at=first - 1) is None
            assert queries.case(conn, "s", "1", EVERYTHING, at=first).title == "old"
            assert queries.case(conn, "s", "1", EVERYTHING, at=second).title == "new"
            assert queries.slice(conn, CaseQuery(text="old"), EVERYTHING).total == 0
            assert queries.slice(conn, CaseQuery(text="old"), EVERYTHING, at=first).total == 1
            spans = [(one.change, one.ended) for one in _versions(conn)]
            assert spans == [(first, second), (second, None)]
            assert [(one.change, one.ended) for one in _versions(conn, first)] == [(first, None)]

    def test_a_removed_case_is_known_until_it_went(self, engine):
        feed = Feed(engine)
        first = feed.send(case("1")).change
        with writing(engine) as conn:
            removed = changes.next_change(conn, "write", "s", T0)
            history.end(conn, tables.case, tables.case.c.key == "1", removed, gone=True)
            conn.execute(delete(tables.case))
        with reading_of(engine) as conn:
            assert queries.case(conn, "s", "1", EVERYTHING, at=first) == case("1")
            assert queries.case(conn, "s", "1", EVERYTHING, at=removed) is None
            (only,) = _versions(conn)
            assert (only.ended, only.gone) == (removed, True)

    def test_a_day_was_running_until_it_was_complete(self, engine):
        feed = Feed(engine)
        running = feed.send(case("1"), watermark=T0, units=("a",)).change
        whole = feed.send(case("2"), watermark=T0 + hours(24), units=("a",)).change
        midnight = T0 + hours(15.5)
        with reading_of(engine) as conn:
            assert queries.presence(conn, DAYS, EVERYTHING, at=running) == {"a": {DAY0: T0}}
            found = queries.presence(conn, DAYS, EVERYTHING, at=whole)
        assert found == {"a": {DAY0: midnight, DAY0 + 1: T0 + hours(24)}}

    def test_an_empty_poll_is_known_to_the_next_number(self, engine):
        feed = Feed(engine)
        change = feed.send(case("1")).change
        feed.send(watermark=T0, units=("a",), cursor=None)
        with reading_of(engine) as conn:
            assert queries.presence(conn, DAYS, EVERYTHING, at=change) == {}
            assert queries.presence(conn, DAYS, EVERYTHING, at=change + 1) == {"a": {DAY0: T0}}

    @pytest.mark.slow
    def test_the_past_is_found_from_any_block_of_the_journal(self, engine, monkeypatch):
        monkeypatch.setattr(journal, "ROWS", 3)
        chance = Random(3)
        deliveries = [
            [case(key, n, closed_at=T0 + hours(chance.randint(0, 90))) for key in "12"]
            for n in range(1, 13)
        ]
        assert_the_past_stays(engine, deliveries)
        with reading_of(engine) as conn:
            assert conn.scalar(select(func.count()).select_from(journal.block)) > 5

    def test_a_page_of_then_says_how_many_there_were_also_beyond_the_cap(self, engine, monkeypatch):
        feed = Feed(engine)
        first = feed.send(*(case(key) for key in "12345")).change
        feed.send(*(case(key, 2, closed_at=T0 + hours(1)) for key in "123"), case("6"))
        for cap, told in ((3, (3, True)), (4, (4, True)), (5, (5, False)), (9, (5, False))):
            monkeypatch.setattr(queries.cases, "COUNTED", cap)
            with reading_of(engine) as conn:
                for query in (CaseQuery(limit=2), CaseQuery(limit=2, status="open")):
                    page = queries.slice(conn, query, EVERYTHING, at=first)
                    assert (page.total, page.is_capped) == told

    def test_where_most_changed_since_the_past_is_counted_anew(self, engine):
        feed = Feed(engine)
        first = feed.send(case("1", handler="h"), case("2")).change
        for version in (2, 3):
            feed.send(*(case(str(key), version, unit="a") for key in range(1, 40)))
        past = Past(at=first, zone=ZONE)
        with reading_of(engine) as conn:
            by_key = queries.by_key(conn, RECEIVED, "handler", DAYS, EVERYTHING, past=past)
            assert by_key == {"h": 1.0, "": 1.0}
            nothing = Past(at=0, zone=ZONE)
            assert queries.by_day(conn, PARTS, DAYS, EVERYTHING, past=nothing) == {}

    def test_versions_that_were_kept_twice_are_taken_over(self, url):
        engine = connect(url)
        with writing(engine) as conn:
            command.upgrade(migrations.config(conn), "0003")
            for change in (1, 2):
                conn.execute(_timed(_NUMBERED), {"change": change, "at": T0})
                conn.execute(_timed(_OLD.format("case_version")), {"change": change, "at": T0})
            conn.execute(_timed(_OLD.format('"case"')), {"change": 2, "at": T0})
        migrations.upgrade(engine)
        with reading_of(engine) as conn:
            kept = conn.execute(select(history.case_version.c.change, history.case_version.c.ended))
            assert kept.all() == [(1, 2)]
            spans = [(one.change, one.ended, one.gone) for one in _versions(conn)]
            assert spans == [(1, 2, False), (2, None, False)]
            assert [one.change for one in _versions(conn, 1)] == [1]
        engine.dispose()


_NUMBERED = "INSERT INTO change (change, at, kind) VALUES (:change, :at, 'write')"
_OLD = (
    "INSERT INTO {} (source, key, change, source_version, kind, unit, received_at, returns,"
    " reopens) VALUES ('s', '1', :change, :change, 'appeal', 'a', :at, 0, 0)"
)


def _timed(statement: str) -> TextClause:
    return text(statement).bindparams(bindparam("at", type_=UtcDateTime()))


def _versions(conn: Connection, at: int | None = None) -> tuple[queries.Version, ...]:
    return queries.versions(conn, "s", "1", EVERYTHING, at=at)

"""What reading promises on every database of presence, refused rows, numbers and figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from centre.domain.periods import Days
from centre.domain.scope import EVERYTHING, Scope
from centre.store import figures, queries
from centre.store.engine import reading as reading_of
from centre.store.queries import case_query
from tests.store.make import T0, Feed, case, hours, refused

ONLY_B = Scope(units=frozenset("b"))
DAY = date(2026, 6, 15)


class QueryContract:
    """Inherited with a fixture `engine`: migrated and empty."""

    def test_presence_is_complete_until_the_watermark(self, engine):
        feed, days = Feed(engine), Days(first=DAY - timedelta(days=3), last=DAY)
        noon = T0 + hours(3.5)
        midnight = T0 + hours(15.5)
        today = DAY.toordinal()
        feed.send(watermark=noon - timedelta(days=1), units=("a", "b"))
        feed.send(watermark=noon, days=("2026-06-12",), units=("a",))
        with reading_of(engine) as conn:
            found = queries.presence(conn, days, EVERYTHING)
        assert found == {
            "a": {
                today - 3: midnight - timedelta(days=3),
                today - 1: midnight - timedelta(days=1),  # the day has passed since
                today: noon,
            },
            "b": {today - 1: noon - timedelta(days=1)},
        }

    def test_of_two_sources_of_a_unit_the_one_behind_counts(self, engine):
        Feed(engine, "s").send(watermark=T0, units=("a",))
        Feed(engine, "t").send(watermark=T0 + hours(1), units=("a",))
        with reading_of(engine) as conn:
            found = queries.presence(conn, Days(first=DAY, last=DAY), EVERYTHING)
        assert found == {"a": {DAY.toordinal(): T0}}

    def test_a_nul_character_finds_nothing_or_is_refused(self, engine):
        with reading_of(engine) as conn:
            assert queries.case(conn, "s", "\x00", EVERYTHING) is None
            assert queries.case(conn, "\x00", "1", EVERYTHING) is None
            assert queries.numbered(conn, "1\x00", EVERYTHING) == ()
            with pytest.raises(queries.BadQuery, match="NUL"):
                queries.rejects(conn, "s", "no\x00zone")
            with pytest.raises(queries.BadQuery, match="NUL"):
                queries.rejects(conn, "s", cursor="1.\x00")
            mark = case_query.Mark(at=None, source="s", key="\x00", total=1, is_capped=False)
            with pytest.raises(queries.BadQuery, match="cursor"):
                queries.slice(conn, queries.CaseQuery(cursor=mark.encode()), EVERYTHING)

    def test_rejects_come_in_pages_newest_first(self, engine):
        feed = Feed(engine)
        for number in range(5):
            feed.send(refused(str(number)), units=("a",), watermark=T0)
        feed.send(refused("9", reason="future"))
        with reading_of(engine) as conn:
            first = queries.rejects(conn, "s", "no_zone", limit=3)
            second = queries.rejects(conn, "s", "no_zone", limit=3, cursor=first.next_cursor)
            assert [one.key for one in first.rows + second.rows] == ["4", "3", "2", "1", "0"]
            assert second.next_cursor is None
            assert first.rows[0].row == {"id": "4"}
            assert queries.rejects(conn, "s", scope=ONLY_B).rows == ()
            assert queries.reasons(conn, "s", scope=ONLY_B) == {}
            assert sum(queries.reasons(conn, "s").values()) == 6
            assert len(queries.rejects(conn, "s", scope=Scope(units=frozenset("a"))).rows) == 6

    def test_one_number_of_two_sources_finds_both(self, engine):
        Feed(engine, "s").send(case("1"))
        Feed(engine, "t").send(replace(case("1"), source="t"))
        with reading_of(engine) as conn:
            assert [one.source for one in queries.numbered(conn, " 1 ", EVERYTHING)] == ["s", "t"]

    def test_a_figure_id_resolves_to_its_query(self, engine):
        figures.keep(engine, {"f1": {"metric": "m"}}, 7)
        figures.keep(engine, {"f1": {"metric": "m"}, "f2": {}}, 8)
        with reading_of(engine) as conn:
            kept = figures.find(conn, "f1")
            assert (kept.change, kept.query) == (7, {"metric": "m"})
            assert figures.find(conn, "f9") is None

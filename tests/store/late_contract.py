"""What late data leaves behind on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from centre.domain.periods import Days
from centre.domain.scope import EVERYTHING, Scope
from centre.store import queries
from centre.store.engine import reading as reading_of
from tests.store.make import DAY0, PARTS, T0, Feed, case, hours

DAYS = Days(first=date.fromordinal(DAY0), last=date.fromordinal(DAY0 + 3))
CLOSED_DAY = {"days": ("2026-06-15",), "units": ("a",), "filled": 35, "total": 35}
NEXT = {"fetched_at": T0 + timedelta(days=1), "filled": 35, "total": 35}
WHO = {("received", "a"): frozenset({DAY0})}


def late(engine, scope=EVERYTHING, **words):
    with reading_of(engine) as conn:
        return queries.revised(conn, DAYS, scope, **words)


class LateContract:
    """Inherited with a fixture `engine`: migrated and empty."""

    def test_a_day_that_changes_after_it_was_complete_is_revised(self, engine):
        feed = Feed(engine)
        feed.send(case("1"), **CLOSED_DAY)
        assert late(engine) == {}
        receipt = feed.send(case("2"), **NEXT)
        feed.send(case("3"), **NEXT)
        assert late(engine) == WHO
        assert late(engine, at=receipt.change - 1) == {}
        assert late(engine, at=receipt.change) == WHO
        assert late(engine, Scope(units=frozenset({"b"}))) == {}

    def test_the_delivery_that_completes_a_day_does_not_revise_it(self, engine):
        feed = Feed(engine)
        feed.send(case("0", unit="b"), filled=35, total=35)
        feed.send(case("1"), **{**NEXT, **CLOSED_DAY})
        assert late(engine) == {}

    def test_a_day_that_goes_on_is_not_revised(self, engine):
        feed = Feed(engine)
        feed.send(case("1"), **CLOSED_DAY)
        feed.send(case("2"), filled=35, total=35)  # fetched on the day itself
        assert late(engine) == {}

    def test_history_that_comes_in_for_the_first_time_is_not_late(self, engine):
        feed = Feed(engine)
        feed.send(case("1"), **{**CLOSED_DAY, "filled": 3})
        feed.send(case("2"), **{**NEXT, "filled": 4})
        assert late(engine) == {}

    def test_another_source_that_closed_its_day_promised_nothing_for_this_one(self, engine):
        Feed(engine, "t").send(**CLOSED_DAY)
        feed = Feed(engine)
        feed.send(filled=35, total=35)
        feed.send(case("2"), **NEXT)
        assert late(engine) == {}

    def test_what_has_no_unit_is_late_when_its_source_had_closed_the_day(self, engine):
        feed = Feed(engine)
        feed.send(case("1"), **CLOSED_DAY)
        feed.send(case("2", unit="unassigned"), **NEXT)
        assert late(engine) == {("received", "unassigned"): frozenset({DAY0})}

    def test_what_matures_by_itself_is_no_news_of_its_day(self, engine):
        ripening = tuple(replace(part, matures=part.id == "received") for part in PARTS)
        feed = Feed(engine, parts=ripening)
        feed.send(case("1"), **CLOSED_DAY)
        feed.send(case("2", closed_at=T0 + hours(1)), **NEXT)
        assert late(engine) == {("closed", "a"): frozenset({DAY0})}

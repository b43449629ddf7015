"""What is promised of cases that are built anew, on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from centre.domain.periods import Days
from centre.domain.scope import EVERYTHING
from centre.store import cubes, queries
from centre.store.engine import reading as reading_of
from centre.store.reread import Kept, Where, pages, rewrite
from tests.store.make import DAY0, PARTS, T0, ZONE, Feed, case

DAYS = Days(first=date.fromordinal(DAY0), last=date.fromordinal(DAY0))
CLOSED_DAY = {"days": ("2026-06-15",), "units": ("a", "b"), "filled": 35, "total": 35}
LATER = T0 + timedelta(days=1)
HERE = Where(source="s", zone=ZONE)


def to_b(kept: list[Kept]) -> list:
    return [replace(one, unit="b") for one, _ in kept if one.unit != "b"]


class RereadContract:
    """Inherited with a fixture `engine`: migrated and empty."""

    def test_a_case_is_built_anew_under_the_version_it_has(self, engine):
        sent = Feed(engine).send(case("1"), case("2", unit="b"), **CLOSED_DAY)
        change = rewrite(engine, HERE, to_b, at=LATER, parts=PARTS)
        assert change == sent.change + 1
        with reading_of(engine) as conn:
            first, then = queries.versions(conn, "s", "1", EVERYTHING)
            assert (first.case.unit, first.ended, then.case.unit) == ("a", change, "b")
            assert queries.row(conn, "s", "1", EVERYTHING) == {"id": "1"}
            assert cubes.stored(conn) == pytest.approx(cubes.recompute(conn, PARTS, ZONE))
            assert {unit for _, unit in queries.revised(conn, DAYS, EVERYTHING)} == {"a", "b"}

    def test_nothing_to_build_anew_takes_no_number(self, engine):
        Feed(engine).send(case("1", unit="b"))
        assert rewrite(engine, HERE, to_b, at=LATER, parts=PARTS) is None

    def test_kept_rows_come_in_pages_with_their_cases(self, engine):
        feed = Feed(engine)
        feed.send(*(case(str(number)) for number in range(5)))
        feed.send(case("3", 2), case("4", received_at=LATER, version=2))
        few = replace(HERE, limit=2)
        keys = [[one.key for one, _ in kept] for _, kept in pages(engine, few)]
        assert keys == [["0", "1"], ["2", "3"], ["4"]]

        def found(**words) -> list[str]:
            with reading_of(engine) as conn:
                return [row["id"] for _, row in replace(HERE, **words).read(conn)]

        assert found(is_first=True) == ["0", "1", "2"]
        assert found(is_first=False) == ["3", "4"]
        assert found(days=DAYS, after="0", until="4") == ["1", "2", "3"]

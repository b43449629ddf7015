"""A board from what was kept is the board from everything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine

from centre.domain.records import Asset, Case, Reading
from centre.domain.scope import EVERYTHING
from centre.domain.workdays import grained
from centre.metrics import board as room
from centre.metrics import kept as keeping
from centre.metrics.board import Board
from centre.metrics.kept import Kept
from centre.metrics.registry import METRICS, PARTS
from centre.store import cubes, sources
from centre.store.engine import reading
from centre.store.write import Delivery, write
from tests import tiny
from tests.metrics.boards import LIVE
from tests.metrics.conftest import empty, fill

UNITS = ("north", "south", "river", "unassigned")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A store of its own with the tiny city."""
    engine = empty(tmp_path)
    fill(engine)
    yield engine
    engine.dispose()


def look(engine: Engine, before: Kept | None = None) -> Board:
    """The board of the tiny city now."""
    with reading(engine) as conn:
        return room.board(
            conn,
            tiny.CITY,
            METRICS,
            tiny.NOW,
            scope=EVERYTHING,
            sources=LIVE,
            before=before,
        )


def deliver(engine: Engine, source: str, *records: Case | Reading | Asset) -> None:
    """Write some records of a source."""
    delivery = Delivery(
        source=source,
        epoch=sources.claim(engine, source),
        records=[replace(one, source=source) for one in records],
        rows=(),
        cursor={},
        fetched_at=tiny.NOW,
    )
    write(engine, delivery, PARTS, tiny.ZONE)


def anything(chance: Random, version: int) -> Case | Reading | Asset:
    """A new or changed record, of today, of the last weeks or of long ago."""
    like = chance.choice(tiny.RECORDS)
    days = chance.choice((0, 0, 1, 7, 14, 29, 36, 37, 38, 400))
    basis = {"source_version": version, "unit": chance.choice(UNITS)}
    back = timedelta(days=days)
    if isinstance(like, Reading):
        return replace(like, at=like.at - back, **basis)
    if isinstance(like, Asset):
        return replace(like, since=like.since - back, **basis)
    received = like.received_at - back
    closed = chance.choice((None, tiny.NOW, received + timedelta(hours=5)))
    key = chance.choice((like.key, f"{like.key}-{version}"))
    reply = chance.choice((None, grained(5 * chance.random())))
    words = {"received_at": received, "closed_at": closed, "reply_workdays": reply}
    return replace(like, key=key, **words, **basis)


class TestKept:
    @pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
    def test_a_warm_board_equals_a_cold_one_after_any_deliveries(
        self, engine: Engine, seed: int
    ) -> None:
        chance, kept = Random(seed), look(engine).kept
        for version in range(100, 110):
            source = chance.choice(("north-desk", "south-desk", "river-desk", "hotline"))
            some = [anything(chance, version) for _ in range(chance.choice((1, 1, 3)))]
            deliver(engine, source, *some)
            warm = look(engine, kept)
            cold = look(engine)
            assert warm == cold
            assert warm.kept == cold.kept
            kept = warm.kept

    def test_what_did_not_move_is_not_read_again(
        self, engine: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = look(engine)

        def forbidden(*_words: object) -> Kept:
            raise AssertionError("everything was read again")

        monkeypatch.setattr(keeping, "_anew", forbidden)
        again = look(engine, first.kept)
        assert again == first
        assert again.kept.sums is first.kept.sums

    def test_what_was_kept_is_not_changed_by_a_later_board(self, engine: Engine) -> None:
        first = look(engine)
        cells = {cell: dict(days) for cell, days in first.kept.sums.items()}
        like = next(one for one in tiny.RECORDS if isinstance(one, Case))
        deliver(engine, "hotline", replace(like, key="new", source_version=9))
        assert look(engine, first.kept).kept.sums != first.kept.sums
        assert first.kept.sums == cells

    def test_another_day_keeps_nothing(self, engine: Engine) -> None:
        before = look(engine).kept
        days = replace(before.wanted.days, first=before.wanted.days.first + timedelta(days=1))
        other = replace(before, wanted=replace(before.wanted, days=days), sums={})
        assert look(engine, other) == look(engine)

    def test_cubes_that_were_counted_anew_are_read_again(self, engine: Engine) -> None:
        before = look(engine).kept
        cubes.refill(engine, PARTS[1:], tiny.ZONE)
        cubes.refill(engine, PARTS, tiny.ZONE)
        assert look(engine, before) == look(engine)
        assert look(engine, before).kept.change > before.change

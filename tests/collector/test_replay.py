"""Refused rows come in after the map is mended, each counted once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from centre.collector.ground import ground, opened
from centre.collector.ingest import ingest
from centre.collector.replay import NeverCollected, Replayed, replay
from centre.domain.scope import EVERYTHING
from centre.domain.sources import FieldMap, SourceConfig
from centre.metrics.registry import PARTS
from centre.store import queries
from centre.store.engine import reading
from centre.store.sources import SourceRow, states
from tests.collector.scripted import Clock, Script, Scripted, config, row, settings
from tests.tiny import CITY

ROWS = [
    row("A1"),
    row("A2", unit="N."),
    row("A3", unit="N."),
    row("A4", received="2026-06-17 08:00 oops"),
    row("A5", unit="Nowhere"),
]
CODES = {"N.": "north", "north": "north", "Nowhere": "nowhere"}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """The tiny city's store after one delivery with four bad rows of five."""
    with opened(settings(tmp_path)) as engine:
        one = config()
        with ground(engine, CITY, [one], Clock()) as base:
            ingest(Scripted(Script(pages=[ROWS])), base.claim(one), lambda _done, _total: None)
        yield engine


def mended() -> SourceConfig:
    """The source's file after somebody added the code "N."."""
    one = config()
    return replace(one, fields={**one.fields, "unit": FieldMap(column="unit", codes=CODES)})


def run(engine: Engine, one: SourceConfig, reason: str | None = None) -> Replayed:
    return replay(engine, one, city=CITY, parts=PARTS, clock=Clock(), reason=reason)


def state(engine: Engine) -> SourceRow:
    with reading(engine) as conn:
        (found,) = states(conn)
    return found


def test_a_mended_map_stores_what_was_refused_and_keeps_the_rest(engine: Engine) -> None:
    before = state(engine)
    assert (before.sent, before.stored, before.rejected) == (5, 1, 4)
    assert run(engine, mended()) == Replayed(read=4, stored=2, duplicate=0, rejected=2)
    after = state(engine)
    assert (after.sent, after.stored, after.duplicate, after.rejected) == (5, 3, 0, 2)
    with reading(engine) as conn:
        assert queries.case(conn, "north-desk", "A3", EVERYTHING) is not None
        assert len(queries.rejects(conn, "north-desk", scope=EVERYTHING).rows) == 2


def test_a_replay_moves_neither_cursor_nor_clocks(engine: Engine) -> None:
    before = state(engine)
    run(engine, mended())
    after = state(engine)
    assert (after.cursor, after.succeeded_at) == (before.cursor, before.succeeded_at)
    assert after.epoch == before.epoch


def test_replaying_twice_is_replaying_once(engine: Engine) -> None:
    run(engine, mended())
    once = state(engine)
    assert run(engine, mended()) == Replayed(read=2, rejected=2)
    assert state(engine) == once


def test_only_rows_of_one_reason_may_be_replayed(engine: Engine) -> None:
    assert run(engine, mended(), reason="unknown_unit") == Replayed(read=3, stored=2, rejected=1)


def test_a_source_that_was_never_collected_is_said_plainly(engine: Engine) -> None:
    with pytest.raises(NeverCollected, match="south-desk: never collected"):
        run(engine, config("south-desk", "south"))

"""What screens showed is kept: every second for an hour, then each minute, then each quarter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from centre.collector.archivist import Archivist
from centre.collector.writer import Writer
from centre.metrics import past
from centre.settings import ARCHIVE
from centre.snapshots.cells import Address, Cell, Snapshot
from centre.store import archive
from centre.store.engine import connect, reading
from tests.collector.scripted import Script, collecting, row
from tests.snapshots.strategies import snapshots
from tests.stores import laid

NOON = datetime(2026, 6, 16, 4, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = connect(laid(tmp_path / "archive.db"))
    yield made
    made.dispose()


@pytest.fixture
def writer() -> Iterator[Writer]:
    made = Writer()
    yield made
    made.close()


def shown(seq: int, seconds: float) -> Snapshot:
    """A city of which one number moves."""
    at = NOON + timedelta(seconds=seconds)
    cells = {
        Address("appeal.received.count", "city"): Cell(num=float(seq), as_of=at),
        Address("appeal.closed.count", "city"): Cell(num=7.0, as_of=at),
    }
    return Snapshot(seq=seq, published_at=at, city_now=at, clock="now", cells=cells)


def kept(engine: Engine, chain: str) -> list[int]:
    with reading(engine) as conn:
        found = [archive.newest(conn, one.seq) for one in archive.between(conn, 0, 10**9, 10**6)]
        return [one.change for one in found if one and one.chain == chain]


def test_every_snapshot_of_the_last_hour_comes_back_as_it_was(
    engine: Engine, writer: Writer
) -> None:
    made = [shown(seq, seq) for seq in range(1, 200)]
    keeper = Archivist(engine, writer, ARCHIVE)
    for one in made:
        keeper.archive(one)
    with reading(engine) as conn:
        for one in reversed(made):
            assert past.snapshot_at(conn, one.seq) == one
        assert past.snapshot_at(conn, 0) is None
        assert past.snapshot_at(conn, 10_000) == made[-1]


@pytest.mark.slow
@given(st.lists(snapshots, min_size=1, max_size=5))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_snapshots_come_back_after_a_restart_too(
    tmp_path_factory: pytest.TempPathFactory, given_: list[Snapshot]
) -> None:
    made = [
        replace(one, seq=seq, published_at=NOON + timedelta(seconds=seq))
        for seq, one in enumerate(given_, 1)
    ]
    engine = connect(laid(tmp_path_factory.mktemp("any") / "archive.db"))
    writer = Writer()
    keepers = [Archivist(engine, writer, ARCHIVE), Archivist(engine, writer, ARCHIVE)]
    for one in made:
        keepers[one.seq > 2].archive(one)
    with reading(engine) as conn:
        for one in made:
            assert past.snapshot_at(conn, one.seq) == one
    writer.close()
    engine.dispose()


def test_after_an_hour_one_a_minute_is_left_and_after_a_week_one_a_quarter_hour(
    engine: Engine, writer: Writer
) -> None:
    keeper = Archivist(engine, writer, ARCHIVE)
    # an hour and a minute of a snapshot each 20 s, then as much eight days later
    begun = [shown(seq, 20 * (seq - 1)) for seq in range(1, 184)]
    later = [shown(200 + seq, 8 * 86_400 + 20 * (seq - 1)) for seq in range(1, 184)]
    for one in begun:
        keeper.archive(one)
    assert len(kept(engine, "each")) == 183
    for one in later:
        keeper.archive(one)
    with reading(engine) as conn:
        of_old = [one.at for one in archive.between(conn, 0, 180, 10_000)]
        of_new = archive.between(conn, 201, 10_000, 10_000)
        assert past.snapshot_at(conn, 100) == begun[90]  # 30:00, which begins a quarter
    assert [at.minute for at in of_old] == [0, 15, 30, 45]
    assert [one.seq for one in of_new] == [one.seq for one in later]


def test_a_retention_of_its_own_is_kept_to(engine: Engine, writer: Writer) -> None:
    keep = {**ARCHIVE, "each": timedelta(seconds=90)}
    keeper = Archivist(engine, writer, keep)
    for seq in range(1, 302):
        keeper.archive(shown(seq, seq))
    # the group that was running 90 s ago stays whole: 301 began a group, 211 lies in 181–240
    assert min(kept(engine, "each")) == 181
    assert kept(engine, "minute") == [1, 60, 120, 180]


def test_what_a_collector_publishes_can_be_shown_again(tmp_path: Path) -> None:
    script = Script(pages=[[row("A")]])
    with collecting(tmp_path, {"north-desk": script}) as running:
        first = running.until(lambda one: one.cell("appeal.received.count", "north").num == 1)
        script.pages.append([row("B")])
        last = running.until(lambda one: one.cell("appeal.received.count", "north").num == 2)
        engine = connect(running.url)
        with reading(engine) as conn:
            assert past.snapshot_at(conn, first.seq) == first
            assert past.snapshot_at(conn, last.seq) == last
        engine.dispose()

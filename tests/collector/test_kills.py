"""A collector that is killed in the middle of a fill goes on without a gap and without a double."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from centre.domain.periods import local_day
from centre.domain.places import City
from centre.domain.sources import SourceConfig
from tests.collector.pack import CENTRES, committed, expected, kill, pack, victim

KILLS = 3
DAYS = 12


@pytest.mark.slow
def test_killed_collectors_store_every_case_of_the_simulator_once(tmp_path: Path) -> None:
    city, _ = pack(datetime.now(UTC).date())
    start = local_day(datetime.now(UTC), city.tz) - timedelta(days=DAYS - 1)
    city, configs = pack(start)
    chance, landed, seen = random.Random(5), 0, [0]
    for _ in range(KILLS):
        process = victim(tmp_path, start)
        _until(lambda: _stored(tmp_path) > seen[-1])
        time.sleep(chance.uniform(0.0, 0.03))
        landed += kill(process) == -9
        seen.append(_check(tmp_path, city, configs))
    assert landed == KILLS
    assert not _is_full(tmp_path, start), "the last kill came after everything was written"
    process = victim(tmp_path, start)
    _until(lambda: _is_full(tmp_path, start))
    kill(process)
    assert _check(tmp_path, city, configs) > seen[-1] > seen[1] > 0


def _stored(folder: Path) -> int:
    return sum(len(stored) for stored, _ in committed(folder).values())


def _is_full(folder: Path, start: date) -> bool:
    filled = {id_: cursor["filled"] for id_, (_, cursor) in committed(folder).items()}
    return filled == dict.fromkeys(CENTRES, start.isoformat())


def _until(holds: Callable[[], bool], seconds: float = 60) -> None:
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit, f"did not happen within {seconds} s"
        time.sleep(0.01)


def _check(folder: Path, city: City, configs: tuple[SourceConfig, ...]) -> int:
    """Stored = what the committed cursors say, source by source; how many cases that is."""
    total = 0
    by_id = {one.id: one for one in configs}
    for id_, (stored, cursor) in committed(folder).items():
        assert sorted(stored) == sorted(expected(by_id[id_], city, cursor))
        total += len(stored)
    return total

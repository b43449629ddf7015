"""Twenty-one of twenty-two centres hang: the last one does not notice, and nothing piles up."""

from __future__ import annotations

import resource
from pathlib import Path
from threading import enumerate as threads

import pytest

from tests.faults.lines import Lines, serving
from tests.faults.matrix import BEFORE, DURING, NEIGHBOUR, Scene, scene, until
from tests.faults.world import World, rows

pytestmark = pytest.mark.slow

HANGING = tuple(f"centre {number}" for number in range(21))
MOST_BYTES = 32 * 2**20  # that the process may grow by while all of them hang


def test_of_22_centres_21_hang_and_the_last_goes_on_each_interval(tmp_path: Path) -> None:
    world = World(name="lines", open=serving, adapter=Lines, deadline_seconds=1)
    with scene(world, tmp_path, HANGING) as on:
        assert until(lambda: all(on.row(one).stored == BEFORE for one in HANGING))
        before, fetched = _peak(), on.neighbour.fetches
        for one in HANGING:
            on.proxies[one].set("hang")
            on.upstream.put(on.number(one), rows(BEFORE, DURING))
        assert until(lambda: all(source in on.told.first for source in on.sources.values()))
        assert until(lambda: on.neighbour.fetches > fetched + 20)
        assert _threads(on) <= 2 * len(HANGING)
        assert _peak() - before < MOST_BYTES
        assert not on.told.down[NEIGHBOUR]
        assert on.running.source(NEIGHBOUR).failures == 0
        for one in HANGING:
            on.proxies[one].set("pass")
        assert until(lambda: all(on.is_back(one, BEFORE + DURING) for one in HANGING))
        assert set(on.told.down.values()) == {1}, "one line of each outage"
        assert not on.told.errors


def _threads(on: Scene) -> int:
    names = {f"source-{source}" for source in on.sources.values()}
    return sum(one.name in names for one in threads())


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

"""Nothing that an adapter is sent raises but a SourceError, and no bad row is stored."""

from __future__ import annotations

import math
import os
import resource
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from centre.collector.ground import ground, opened, surroundings
from centre.collector.sink import StoreSink
from centre.collector.worker import Step
from centre.domain.places import UNASSIGNED
from centre.domain.sources import Limits, SourceConfig
from centre.store import sources, tables
from centre.store.engine import reading
from datasources.source import SourceError
from tests.collector.scripted import Clock, settings
from tests.faults.lines import Careless, serving
from tests.faults.payloads import payloads
from tests.faults.table import PROPERTY
from tests.faults.world import Upstream, World, worlds
from tests.tiny import CITY, NOW

pytestmark = pytest.mark.slow  # most worlds are real servers
COUNT = int(os.environ.get("PAYLOADS", "500"))
MOST_BYTES = 64 * 2**20  # that the process may grow by
_MOST_BATCHES = 20
OF_TEXT = [one for one in worlds() if one.payloads]


@pytest.mark.parametrize("world", OF_TEXT, ids=lambda one: one.name)
def test_nasty_answers_are_refused_with_reasons_and_crash_nothing(
    world: World, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    assert world.payloads
    ends: Counter[str] = Counter()
    with _sink(world, tmp_path) as (upstream, sink, config):
        for number, body in enumerate(payloads(world.payloads, COUNT)):
            upstream.serve(0, body)  # type: ignore[attr-defined]
            ends[_fetched(world, sink, config, number)] += 1
            if number == COUNT // 10:
                before = _peak()
        grown = _peak() - before
        counts = _counted(sink.engine, config.id)
        _check_stored(sink.engine)
    record_property(PROPERTY, f"{world.name:12} {COUNT} payloads     {dict(ends)}, {counts}")
    assert grown < MOST_BYTES
    assert ends["taken"], "none was taken: the rig proves nothing"
    assert counts["rejected"], "none of the rows was refused: the rig proves nothing"


def test_an_adapter_that_trusts_what_it_is_sent_is_caught(tmp_path: Path) -> None:
    """The negative control: rows that are no objects are our bug, not the source's error."""
    world = World(name="careless", open=serving, payloads="json", adapter=Careless)
    with _sink(world, tmp_path) as (upstream, sink, config), pytest.raises(AttributeError):
        upstream.serve(0, b"[1]\n")  # type: ignore[attr-defined]
        _fetched(world, sink, config, 0)


@contextmanager
def _sink(world: World, folder: Path) -> Iterator[tuple[Upstream, StoreSink, SourceConfig]]:
    """A store with one claimed source of a world, behind no proxy."""
    with (
        opened(settings(folder)) as engine,
        world.open() as upstream,
        pytest.MonkeyPatch.context() as env,
    ):
        for name, value in upstream.secrets.items():
            env.setenv(name, value)
        limits = Limits(deadline_seconds=5, most_bytes=2**20)
        config = replace(upstream.config(0, upstream.port), limits=limits)
        with ground(engine, CITY, [config], Clock()) as base:
            yield upstream, base.claim(config), config


def _fetched(world: World, sink: StoreSink, config: SourceConfig, number: int) -> str:
    """One fetch from the beginning: how it ended. Anything but a SourceError is our bug."""
    around = surroundings(settings(Path()), CITY, config.limits)
    adapter = world.make(config, around)
    around.budget.begin()
    try:
        for count, batch in enumerate(adapter.fetch(None, NOW)):
            sink.commit(batch, Step.LIVE, NOW)
            around.budget.begin()
            assert count < _MOST_BATCHES, f"payload {number}: it never ends"
    except SourceError as error:
        assert str(error).strip(), f"payload {number}: refused without a word"
        return type(error).__name__
    return "taken"


def _counted(engine: Engine, source: str) -> dict[str, int]:
    """The counters, which agree with what is kept."""
    with reading(engine) as conn:
        row = next(one for one in sources.states(conn) if one.id == source)
        kept = conn.execute(select(tables.rejected)).all()
    assert row.sent == row.stored + row.duplicate + row.rejected
    assert all(one.reason and one.field and one.detail for one in kept)
    return {"sent": row.sent, "stored": row.stored, "rejected": row.rejected, "kept": len(kept)}


def _check_stored(engine: Engine) -> None:
    """Every stored case is one that a screen can show."""
    with reading(engine) as conn:
        cases = conn.execute(select(tables.case)).all()
    for one in cases:
        assert one.key.strip()
        assert len(one.key) <= 128
        assert one.unit in {*CITY.by_code, UNASSIGNED}
        assert one.received_at <= NOW.replace(hour=23)
        assert one.received_at.year > 1900
        for word in (one.key, one.title or ""):
            assert "\x00" not in word
            word.encode()  # no half of a surrogate pair
        assert all(math.isfinite(word) for word in one if isinstance(word, float))


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

"""The shipped Chengdu after 35 days: megabytes of each kind, and what a lived day adds to them.

Measured, not reckoned: all sources deliver their 35 days as `make run` fills them, then the next
day is lived on a clock of its own, fetched every ten minutes. Snapshots are published with it, in
its last hour every minute and in its last minute every second, so that each chain of the archive
has entries of its own distance. What is reckoned from that says so: the archive as it is kept.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select

from bench.city import NOW, Bench, load, store
from bench.line import Line
from bench.lived import megabytes
from centre.collector.archivist import Archivist
from centre.collector.pipeline import judge
from centre.collector.tick import Publisher
from centre.collector.writer import Writer
from centre.domain.sources import SourceConfig
from centre.metrics.registry import PARTS
from centre.settings import ARCHIVE
from centre.snapshots.bus.memory import MemoryBus
from centre.store.delivery import Delivery
from centre.store.tables import archived
from centre.store.write import write
from datasources import registry
from datasources.source import Batch, DataSource, Surroundings

DAYS = 35
STEP, MINUTE, SECOND = timedelta(minutes=10), timedelta(minutes=1), timedelta(seconds=1)

KINDS: Mapping[str, tuple[str, ...]] = {
    "cases and their rows": ("case", "case_row", "row_shape", "case_pause"),
    "versions of cases": ("case_version",),
    "cubes": ("cube", "touched"),
    "the journal": ("moved", "block", "revised"),
    "readings and assets": ("reading", "asset", "reading_version", "asset_version"),
}


@dataclass(slots=True, kw_only=True)
class City:
    """A store that its sources fill, by a clock that is moved by hand."""

    bench: Bench
    engine: Engine
    epochs: Mapping[str, int]
    now: datetime
    feeds: dict[str, tuple[SourceConfig, DataSource]]
    cursors: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def fetch(self) -> None:
        """Everything that the sources have until now."""
        for id_, (config, source) in self.feeds.items():
            more = True
            while more:
                more = False
                for batch in source.fetch(self.cursors.get(id_), self.now):
                    self._store(config, batch)
                    self.cursors[id_], more = batch.cursor, batch.more

    def _store(self, config: SourceConfig, batch: Batch) -> None:
        judged = judge(batch.rows, config, self.bench.city, self.now)
        delivery = Delivery(
            source=config.id,
            epoch=self.epochs[config.id],
            records=judged.records,
            rows=judged.rows,
            cursor=batch.cursor,
            fetched_at=self.now,
            watermark=batch.watermark,
            days=batch.days,
            filled=batch.filled,
            total=batch.total,
            units=(config.unit,) if config.unit else (),
            promised_seconds=config.interval_seconds,
        )
        write(self.engine, delivery, PARTS, self.bench.city.tz)


def lines() -> Iterator[Line]:
    """Kinds, then the database and the archive in all."""
    bench = load()
    with tempfile.TemporaryDirectory() as folder:
        city = _city(bench, Path(folder))
        city.fetch()
        filled = megabytes(city.engine)
        _live_a_day(city)
        yield from _compared(filled, megabytes(city.engine))
        yield from _archive(city.engine)
        city.engine.dispose()


def _city(bench: Bench, folder: Path) -> City:
    engine, epochs = store(folder, bench)
    around = Surroundings(city=bench.city, data_dir=None, secrets={})
    feeds = {one.id: (one, registry.build(one, around)) for one in bench.sources}
    return City(bench=bench, engine=engine, epochs=epochs, now=NOW, feeds=feeds)


def _live_a_day(city: City) -> None:
    writer = Writer()
    archivist = Archivist(city.engine, writer, ARCHIVE)
    publisher = Publisher(
        engine=city.engine,
        writer=writer,
        city=city.bench.city,
        configs=city.bench.sources,
        bus=MemoryBus(),
        clock=lambda: city.now,
        archive=archivist.archive,
    )
    hour = timedelta(hours=1)
    for step, until in ((STEP, NOW + 23 * hour), (MINUTE, NOW + 24 * hour - MINUTE)):
        while city.now < until:
            city.now += step
            city.fetch()
            publisher.tick(changed=True, troubles={})
    while city.now < NOW + 24 * hour:
        city.now += SECOND
        city.fetch()
        publisher.tick(changed=True, troubles={})
    writer.close()


def _compared(filled: Mapping[str, float], lived: Mapping[str, float]) -> Iterator[Line]:
    named = {table for tables in KINDS.values() for table in tables} | {"archived"}
    rest = tuple(table for table in lived if table not in named)
    for kind, tables in {**KINDS, "all other tables": rest}.items():
        before, after = (sum(one.get(table, 0.0) for table in tables) for one in (filled, lived))
        yield _line(kind, before, after - before)
    before, after = (sum(one.values()) - one.get("archived", 0.0) for one in (filled, lived))
    yield _line("the database without archive", before, after - before)
    yield _line(
        "the same had each day been lived, reckoned", DAYS * (after - before), after - before
    )


def _line(name: str, filled: float, a_day: float) -> Line:
    """`ours`: as filled, when a case comes once, as it ended."""
    return Line(
        name=f"after {DAYS} days: {name}",
        unit="MB",
        ours=[filled],
        peer_name="what a lived day adds",
        peer=[a_day],
    )


def _archive(engine: Engine) -> Iterator[Line]:
    """Entries of each chain, and what they come to as they are kept."""
    keep, total = ARCHIVE, 0.0
    for chain, step in (("each", SECOND), ("minute", MINUTE), ("quarter", 15 * MINUTE)):
        sizes = _entries(engine, chain, step)
        mean = sum(sizes) / len(sizes)
        count = min(keep[chain], timedelta(days=DAYS)) / step
        total += mean * count / 1e6
        yield Line(
            name=f'after {DAYS} days: archive, chain "{chain}"',
            unit="MB",
            ours=[mean * count / 1e6],
            peer_name=f"reckoned: KB an entry x {count:,.0f} kept",
            peer=[mean / 1e3],
        )
    yield Line(
        name=f"after {DAYS} days: the archive",
        unit="MB",
        ours=[total],
        peer_name="a further day adds (quarters alone)",
        peer=[mean * 96 / 1e6],
    )


def _entries(engine: Engine, chain: str, step: timedelta) -> list[int]:
    """Bytes of the entries that follow the one before them at the distance of the chain."""
    statement = select(archived.c.at, func.length(archived.c.data))
    with engine.connect() as conn:
        rows = conn.execute(
            statement.where(archived.c.chain == chain).order_by(archived.c.at)
        ).all()
    near = pairwise(rows)
    return [size for (before, _), (at, size) in near if at - before <= 1.5 * step]

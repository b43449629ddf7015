"""Cases to measure with: the shipped Chengdu, simulated, parsed and ready to be written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from centre.citypack.load import load_city, load_sources
from centre.collector.pipeline import Judged, judge
from centre.domain.places import City
from centre.domain.records import Case
from centre.domain.sources import SourceConfig
from centre.metrics.registry import PARTS
from centre.store import migrations, sources
from centre.store.engine import connect
from centre.store.write import Delivery, write
from datasources import registry
from datasources.source import Surroundings

PACK = Path(__file__).resolve().parents[1] / "conf" / "chengdu"
NOW = datetime(2026, 6, 16, 6, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A city and its simulated sources."""

    city: City
    sources: tuple[SourceConfig, ...]


def load() -> Bench:
    """Read the shipped pack."""
    city = load_city(PACK)
    configs, findings = load_sources(PACK, city)
    assert not findings, findings
    return Bench(city=city, sources=tuple(configs))


def judged(bench: Bench, config: SourceConfig, now: datetime = NOW) -> Iterator[Judged]:
    """All 35 days of a source as the collector judges them, one batch a day."""
    around = Surroundings(city=bench.city, data_dir=None, secrets={})
    source = registry.build(config, around)
    cursor = None
    more = True
    while more:
        more = False
        for batch in source.fetch(cursor, now):
            cursor, more = batch.cursor, batch.more
            yield judge(batch.rows, config, bench.city, now)


def store(folder: Path, bench: Bench) -> tuple[Engine, dict[str, int]]:
    """A new SQLite store with every source claimed: the engine and the epochs."""
    engine = connect(f"sqlite:///{folder / 'bench.db'}")
    migrations.upgrade(engine)
    return engine, {one.id: sources.claim(engine, one.id, 35) for one in bench.sources}


def deliver(
    engine: Engine, bench: Bench, config: SourceConfig, epoch: int, batch: Judged, at: datetime
) -> None:
    """Write one judged batch as the collector does."""
    delivery = Delivery(
        source=config.id,
        epoch=epoch,
        records=batch.records,
        rows=batch.rows,
        cursor={"bench": at.isoformat()},
        fetched_at=at,
        watermark=at,
        units=(config.unit,) if config.unit else (),
    )
    write(engine, delivery, PARTS, bench.city.tz)


def copies(batch: Judged, count: int) -> Iterator[Judged]:
    """The same batch under other keys, to reach a million cases without simulating each."""
    for copy in range(count):
        records = tuple(
            replace(one, key=f"{one.key}~{copy}") if isinstance(one, Case) else one
            for one in batch.records
        )
        yield Judged(records=records, rows=batch.rows)


def later(at: datetime, seconds: float) -> datetime:
    """A moment after another."""
    return at + timedelta(seconds=seconds)

"""Cases to measure with: the shipped Chengdu, simulated, parsed and ready to be written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
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
    engine: Engine, bench: Bench, epochs: Mapping[str, int], batch: Judged, at: datetime
) -> None:
    """Write one judged batch as the collector does; its records say whose it is."""
    source = batch.records[0].source
    delivery = Delivery(
        source=source,
        epoch=epochs[source],
        records=batch.records,
        rows=batch.rows,
        cursor={"bench": at.isoformat()},
        fetched_at=at,
        watermark=at,
        units=tuple({one.unit for one in batch.records if isinstance(one, Case)}),
    )
    write(engine, delivery, PARTS, bench.city.tz)


def cases(batch: Judged) -> Judged:
    """The cases of a batch alone."""
    pairs = zip(batch.records, batch.rows, strict=True)
    kept = [(one, row) for one, row in pairs if isinstance(one, Case)]
    return Judged(records=tuple(one for one, _ in kept), rows=tuple(row for _, row in kept))


def moved(batch: Judged, config: SourceConfig, number: int) -> Judged:
    """The same cases as another source's, under other keys: a city without simulating all of it."""
    unit = config.unit or "unassigned"
    records = tuple(
        replace(one, source=config.id, unit=unit, key=f"{config.id}-{number}-{one.key}")
        for one in batch.records
        if isinstance(one, Case)
    )
    return Judged(records=records, rows=batch.rows)

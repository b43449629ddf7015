"""What the commands need beside the collector itself: a city made ready in its database."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from centre.collector.form import Forms
from centre.collector.inbox import StoreInbox
from centre.collector.sink import StoreSink, units_of
from centre.collector.writer import Writer
from centre.domain.places import City
from centre.domain.sources import Limits, SourceConfig
from centre.metrics.registry import PARTS
from centre.settings import Settings
from centre.store import cubes, health, migrations, sources
from centre.store.cubes import Progress
from centre.store.engine import connect, reading
from centre.store.health import Health
from datasources.budget import Budget
from datasources.source import Surroundings


@dataclass(slots=True, kw_only=True)
class Ground:
    """A city's database, ready to be written. `configs`: all of its sources, replaced whole."""

    engine: Engine
    writer: Writer
    city: City
    configs: Sequence[SourceConfig]
    clock: Callable[[], datetime]

    def claim(self, config: SourceConfig, held: Mapping[str, int] | None = None) -> StoreSink:
        """Become the one writer of a source.

        `held`: epochs of ours; Fenced is raised when one is over.
        """
        with reading(self.engine) as conn:
            known = health.read(conn).get(config.id, Health(source=config.id))
        return StoreSink(
            engine=self.engine,
            writer=self.writer,
            config=config,
            city=self.city,
            parts=PARTS,
            epoch=sources.claim(self.engine, config.id, held=held),
            units=lambda: units_of(config, self.configs, self.city),
            clock=self.clock,
            forms=Forms(known, config),
        )


@contextmanager
def ground(
    engine: Engine,
    city: City,
    configs: Sequence[SourceConfig],
    clock: Callable[[], datetime],
    progress: Progress | None = None,
) -> Iterator[Ground]:
    """Schema and cubes up to date, and one writer for as long as the block lasts."""
    migrations.upgrade(engine)
    cubes.refill(engine, PARTS, city.tz, progress)
    writer = Writer()
    try:
        yield Ground(engine=engine, writer=writer, city=city, configs=configs, clock=clock)
    finally:
        writer.close()


@contextmanager
def opened(settings: Settings) -> Iterator[Engine]:
    """The city's database, let go of at the end."""
    engine = connect(settings.database_url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def ready(settings: Settings) -> Iterator[Engine]:
    """The same, with the present schema."""
    with opened(settings) as engine:
        migrations.upgrade(engine)
        yield engine


def surroundings(
    settings: Settings, city: City, limits: Limits, engine: Engine | None = None
) -> Surroundings:
    """What the adapter of one source may know, and what it may take.

    `engine`: the city's database, where there is one; what was pushed waits in it.
    """
    return Surroundings(
        city=city,
        data_dir=settings.data_dir,
        secrets=dict(os.environ),
        budget=Budget(limits),
        inbox=None if engine is None else StoreInbox(engine),
    )

"""The tiny city in a store of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from centre.domain.records import Case
from centre.metrics.registry import PARTS
from centre.store import migrations, sources
from centre.store.engine import connect, reading
from centre.store.write import Delivery, write
from tests import tiny
from tests.servers import fresh_database
from tests.stores import laid

UNITS_OF = {
    "north-desk": ("north",),
    "south-desk": ("south",),
    "river-desk": ("river",),
    "hotline": (),
}


def fill(
    engine: Engine,
    silent: tuple[str, ...] = (),
    *,
    without: tuple[str, ...] = (),
    undated: tuple[str, ...] = (),
) -> None:
    """Deliver the tiny city, but for the sources in `silent` and the records in `without`.

    Cases of sources in `undated` have no due time.
    """
    for source, units in UNITS_OF.items():
        if source in silent:
            continue
        own = [one for one in tiny.RECORDS if one.source == source]
        records = [one for one in own if one.key not in without]
        if source in undated:
            records = [replace(one, due_at=None) for one in records if isinstance(one, Case)]
        delivery = Delivery(
            source=source,
            epoch=sources.claim(engine, source),
            records=records,
            rows=(),
            cursor={},
            fetched_at=tiny.NOW,
            watermark=tiny.NOW,
            days=tuple(f"2026-06-{day:02d}" for day in range(1, 17)),
            units=units,
        )
        write(engine, delivery, PARTS, tiny.ZONE)


def empty(folder: Path) -> Engine:
    """A store of its own in a folder, without any record."""
    return connect(laid(folder / "tiny.db"))


def upgraded(url: str) -> Engine:
    """A store at a URL, migrated."""
    engine = connect(url)
    migrations.upgrade(engine)
    return engine


@pytest.fixture(scope="session")
def tiny_conn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A reading connection on the whole tiny city."""
    engine = empty(tmp_path_factory.mktemp("tiny"))
    fill(engine)
    with reading(engine) as conn:
        yield conn
    engine.dispose()


@pytest.fixture(scope="session")
def without_river(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """The same, but the river's desk never delivered anything."""
    engine = empty(tmp_path_factory.mktemp("tiny"))
    fill(engine, silent=("river-desk",))
    with reading(engine) as conn:
        yield conn
    engine.dispose()


@pytest.fixture(scope="session")
def without_s7(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """The tiny city from 15 June on: its oldest case was never there."""
    engine = empty(tmp_path_factory.mktemp("tiny"))
    fill(engine, without=("S7",))
    with reading(engine) as conn:
        yield conn
    engine.dispose()


@pytest.fixture(scope="session")
def undated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """The tiny city, but the north knows no due times."""
    engine = empty(tmp_path_factory.mktemp("tiny"))
    fill(engine, undated=("north-desk",))
    with reading(engine) as conn:
        yield conn
    engine.dispose()


@pytest.fixture(scope="session")
def tiny_on_postgres(postgres_url: str) -> Iterator[Connection]:
    """The whole tiny city on PostgreSQL."""
    engine = upgraded(fresh_database(postgres_url))
    fill(engine)
    with reading(engine) as conn:
        yield conn
    engine.dispose()

"""However deliveries come, shuffled, twice or late, the figures end as if they had come in order.

Every order is judged by what was sent last: the newest version of each case, counted here by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine

from centre.domain.records import Case
from centre.domain.scope import EVERYTHING
from centre.metrics.evaluate import value
from centre.metrics.questions import Question
from centre.metrics.registry import METRICS
from centre.store import cubes, queries, sources, tables
from centre.store.engine import reading, writing
from centre.store.parts import Part
from centre.store.write import Delivery, write
from tests import tiny
from tests.metrics.conftest import empty, upgraded
from tests.servers import fresh_database

ASKED = (
    "appeal.received.count",
    "appeal.closed.count",
    "appeal.on_time_rate",
    "appeal.reply_workdays.mean",
    "appeal.backlog.count",
)
PARTS: tuple[Part, ...] = tuple(
    {part.id: part for name in ASKED for part in METRICS[name].parts}.values()
)
START, END = tiny.at("06-10 00:00"), tiny.at("06-17 00:00")

WEEK = tuple(f"2026-06-{day:02d}" for day in range(10, 17))
SOURCES = {"north-desk": "north", "south-desk": "south", "hotline": "unassigned"}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty store."""
    engine = empty(tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Engine]:
    """An empty store on PostgreSQL."""
    engine = upgraded(fresh_database(postgres_url))
    yield engine
    engine.dispose()


def histories(chance: Random) -> list[list[Case]]:
    """Some cases, each as a list of its versions; stages come, move and go."""
    return [_history(chance, str(key)) for key in range(chance.randint(1, 5))]


def _history(chance: Random, key: str) -> list[Case]:
    source = chance.choice(sorted(SOURCES))
    unit, made = SOURCES[source], []
    basis = tiny.appeal(key, unit, "06-10 00:00", source=source)
    basis = replace(basis, received_at=START + timedelta(hours=chance.randint(0, 160)))
    for version in range(1, chance.randint(2, 4)):
        if unit == "unassigned" and chance.random() < 0.3:
            unit = "river"  # whoever accepted it is told later, once
        made.append(_version(chance, replace(basis, unit=unit), version))
    return made


def _version(chance: Random, basis: Case, version: int) -> Case:
    received = basis.received_at
    moments = {
        name: received + timedelta(hours=chance.randint(0, 72)) if chance.random() < 0.7 else None
        for name in ("due_at", "closed_at", "replied_at")
    }
    days = chance.choice((0.1, 0.25, 3.0)) if moments["replied_at"] else None
    words = {"source_version": version, "reply_workdays": days, **moments}
    return replace(basis, handler=chance.choice((None, "h")), **words)


def shuffled(chance: Random, cases: Sequence[Sequence[Case]]) -> list[list[Case]]:
    """All versions in any order, some twice, in deliveries of one source each."""
    sent = [one for versions in cases for one in versions]
    sent += chance.sample(sent, chance.randint(0, len(sent)))
    chance.shuffle(sent)
    deliveries: list[list[Case]] = []
    for one in sent:
        fits = deliveries and deliveries[-1][0].source == one.source
        if not fits or chance.random() < 0.3:
            deliveries.append([])
        deliveries[-1].append(one)
    return deliveries


def send(
    engine: Engine, epochs: Mapping[str, int], source: str, records: Sequence[Case], number: int
) -> None:
    """Write one delivery."""
    delivery = Delivery(
        source=source,
        epoch=epochs[source],
        records=records,
        rows=(),
        cursor={"n": number},
        fetched_at=tiny.NOW,
        watermark=tiny.NOW,
        days=() if records else WEEK,
        units=(SOURCES[source],) if source != "hotline" else ("river",),
    )
    write(engine, delivery, PARTS, tiny.ZONE)


def begin(engine: Engine) -> dict[str, int]:
    """Claim the sources; each delivers its week, so that whatever follows comes late."""
    epochs = {source: sources.claim(engine, source) for source in SOURCES}
    for source in SOURCES:
        send(engine, epochs, source, (), 0)
    return epochs


def forget(engine: Engine) -> None:
    """Leave no record: the next order begins in the same database."""
    kept = ("change", "source", "presence")
    with writing(engine, durable=False) as conn:
        for table in tables.metadata.sorted_tables:
            if table.name not in kept:
                conn.execute(table.delete())


def counted(cases: Sequence[Case]) -> dict[str, tuple[float, float | None]]:
    """The figures of the week, by hand."""
    received = [one for one in cases if START <= one.received_at < END]
    closed = [one for one in cases if one.closed_at and START <= one.closed_at < END]
    due = [one for one in cases if one.due_at and START <= one.due_at < END]
    in_time = [one for one in due if one.closed_at and one.closed_at <= one.due_at]
    days = [one.reply_workdays for one in closed if one.reply_workdays is not None]
    still = [one for one in cases if not one.closed_at or one.closed_at >= END]
    return {
        "appeal.received.count": (len(received), None),
        "appeal.closed.count": (len(closed), None),
        "appeal.on_time_rate": (len(in_time), len(due)),
        "appeal.reply_workdays.mean": (sum(days), len(days)),
        "appeal.backlog.count": (len([one for one in still if one.received_at < END]), None),
    }


def assert_orders_end_alike(engine: Engine, seeds: range) -> None:
    """Send each seed's cases in an order of its own; compare with what was sent last."""
    epochs = begin(engine)
    for seed in seeds:
        forget(engine)
        chance = Random(seed)
        cases = histories(chance)
        for number, records in enumerate(shuffled(chance, cases), start=1):
            send(engine, epochs, records[0].source, records, number)
        newest = [versions[-1] for versions in cases if versions]
        with reading(engine) as conn:
            found = queries.slice(conn, queries.CaseQuery(), EVERYTHING).rows
            assert sorted(found, key=repr) == sorted(newest, key=repr), seed
            assert cubes.stored(conn) == pytest.approx(cubes.recompute(conn, PARTS, tiny.ZONE))
            for name, expected in chance.sample(sorted(counted(newest).items()), 3):
                question = Question(metric=name, start=START, end=END)
                told = value(conn, tiny.CITY, question, EVERYTHING, tiny.NOW)
                assert (told.num, told.den) == pytest.approx(expected), (seed, name)


@pytest.mark.slow
def test_nine_hundred_orders_end_alike(engine: Engine) -> None:
    assert_orders_end_alike(engine, range(900))


@pytest.mark.servers
def test_a_hundred_orders_end_alike_on_postgresql(postgres: Engine) -> None:
    assert_orders_end_alike(postgres, range(900, 1000))

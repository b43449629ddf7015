"""A store in which a last day was lived: a million cases, of which one day came as days come."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random

from sqlalchemy import Engine, text

from bench.city import NOW, Bench, cases, deliver, judged, moved, store
from bench.line import Line
from centre.collector.pipeline import Judged
from centre.domain.periods import local_day
from centre.domain.records import Case
from centre.metrics.registry import PARTS
from centre.store import changes
from centre.store.delivery import Delivery
from centre.store.engine import writing
from centre.store.write import write

CASES = int(os.environ.get("BENCH_CASES", "1000000"))
A_DAY = CASES // 365  # Chengdu has 908,000 appeals a year
SLOTS = 144  # ten minutes each: the last day is written as it would have come
HISTORY_DAYS = 36
UPDATES = 3  # of each case: dispatched, replied, closed
AGO = {"10 minutes": 1, "an hour": 6, "a day": SLOTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """A filled store, and the numbers that were the newest so long ago."""

    bench: Bench
    engine: Engine
    ago: Mapping[str, int]


def fill(bench: Bench, folder: Path) -> Lived:
    """Cases as they ended; then a day in slots of ten minutes, with later stages of older ones."""
    engine, epochs = store(folder, bench)
    _attend(bench, engine, epochs)
    return live(bench, engine, epochs, _older(bench, engine, epochs, CASES - A_DAY))


def live(bench: Bench, engine: Engine, epochs: Mapping[str, int], old: Sequence[Case]) -> Lived:
    """A day of new cases like some old ones, and of news about both."""
    chance, recent, ago = Random(1), list[Case](), dict[str, int]()
    for slot in range(SLOTS):
        for name, slots in AGO.items():
            if slot == SLOTS - slots:
                ago[name] = _number(engine)
        new = [replace(one, key=f"new-{slot}-{one.key}") for one in _some(chance, old, A_DAY)]
        _send(bench, engine, epochs, slot, new)
        _send(bench, engine, epochs, slot, _updated(chance, [*recent, *old], UPDATES * A_DAY, slot))
        recent += new
    return Lived(bench=bench, engine=engine, ago=ago)


def _attend(bench: Bench, engine: Engine, epochs: Mapping[str, int]) -> None:
    """Every source has delivered its days to their end, so that rates have days to stand on."""
    today = local_day(NOW, bench.city.tz)
    days = tuple((today - timedelta(days=back)).isoformat() for back in range(1, HISTORY_DAYS))
    for one in bench.sources:
        delivery = Delivery(
            source=one.id,
            epoch=epochs[one.id],
            records=(),
            rows=(),
            cursor=None,
            fetched_at=NOW,
            watermark=NOW,
            days=days,
            units=(one.unit,) if one.unit else (),
        )
        write(engine, delivery, PARTS, bench.city.tz)


def _older(bench: Bench, engine: Engine, epochs: Mapping[str, int], wanted: int) -> list[Case]:
    """All but the last day, as they ended; returns those of the newest days."""
    days = [one for one in map(cases, judged(bench, bench.sources[1])) if one.records]
    known, newest = 0, list[Case]()
    for number in count():
        for config in bench.sources:
            for place, day in enumerate(days):
                if known >= wanted:
                    return newest
                batch = moved(day, config, number)
                deliver(engine, bench, epochs, batch, NOW + timedelta(milliseconds=known))
                known += len(batch.records)
                if place >= len(days) - 7 and number == 0:
                    newest += [one for one in batch.records if isinstance(one, Case)]
    return newest


def _some(chance: Random, known: Sequence[Case], a_day: int) -> list[Case]:
    return chance.sample(known, min(len(known), max(1, a_day // SLOTS)))


def _updated(chance: Random, known: Sequence[Case], a_day: int, slot: int) -> list[Case]:
    """The next stage of some cases."""
    return [
        replace(
            one,
            source_version=one.source_version + slot + 1,
            replied_at=one.received_at + timedelta(hours=slot + 1),
            closed_at=one.received_at + timedelta(hours=slot + 2) if slot % 3 else None,
        )
        for one in _some(chance, known, a_day)
    ]


def _send(
    bench: Bench, engine: Engine, epochs: Mapping[str, int], slot: int, some: Sequence[Case]
) -> None:
    at = NOW + timedelta(hours=1, seconds=slot)
    for source in sorted({one.source for one in some}):
        own = tuple(one for one in some if one.source == source)
        rows = tuple({"id": one.key} for one in own)
        deliver(engine, bench, epochs, Judged(records=own, rows=rows), at)


def _number(engine: Engine) -> int:
    with writing(engine) as conn:
        return changes.next_change(conn, "publish", None, NOW)


def sizes(lived: Lived) -> Iterator[Line]:
    """What the largest tables take with their indexes."""
    tables = megabytes(lived.engine)
    for name, size in list(tables.items())[:8]:
        yield Line(
            name=f"size of {name} with indexes",
            unit="MB",
            ours=[size],
            peer_name=f"the database of {CASES:,} cases",
            peer=[sum(tables.values())],
        )


def megabytes(engine: Engine) -> Mapping[str, float]:
    """Table -> MB with its indexes, the largest first."""
    with engine.connect() as conn:
        # SQLite's own table of pages has no counterpart in SQLAlchemy.
        pages = conn.execute(
            text(
                "SELECT m.tbl_name, SUM(s.pgsize) / 1e6 FROM dbstat s"
                " JOIN sqlite_master m ON m.name = s.name GROUP BY m.tbl_name ORDER BY 2 DESC"
            )
        )
        return dict(pages.all())

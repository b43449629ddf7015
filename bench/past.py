"""The past: asked by change number against the same asked live, and what keeping it costs.

BENCH_CASES=50000 python -m bench past    smaller than the million of the promise
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random
from unittest.mock import patch

from sqlalchemy import Connection, Engine, text

from bench.city import NOW, Bench, cases, deliver, judged, load, moved, store
from bench.line import Line, seconds
from centre.collector.health import source_states
from centre.collector.pipeline import Judged
from centre.domain.periods import RATE_DAYS, day_start, local_day
from centre.domain.records import Case
from centre.domain.scope import EVERYTHING
from centre.metrics.board import board
from centre.metrics.evaluate import value
from centre.metrics.questions import Question
from centre.metrics.registry import METRICS
from centre.snapshots.cells import SourceState
from centre.store import changes, queries, sources
from centre.store.engine import reading, writing
from centre.store.queries import CaseQuery

CASES = int(os.environ.get("BENCH_CASES", "1000000"))
LIMIT = "limit 3"  # at= may cost three times the live query
RUNS = 5
A_DAY = CASES // 365  # Chengdu has 908,000 appeals a year
SLOTS = 144  # ten minutes each: the last day is written as it would have come
UPDATES = 3  # of each case: dispatched, replied, closed
AGO = {"10 minutes": 1, "an hour": 6, "a day": SLOTS}

Ask = Callable[[Connection, int | None], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A filled store, and the numbers that were the newest so long ago."""

    bench: Bench
    engine: Engine
    ago: Mapping[str, int]


def lines() -> Iterator[Line]:
    """Ratios for each question and each age, then ingest, then sizes."""
    bench = load()
    with tempfile.TemporaryDirectory() as folder:
        kept = _fill(bench, Path(folder))
        for name, ask in _questions(bench).items():
            yield from _ratios(kept, name, ask)
        yield from _sizes(kept.engine)
        kept.engine.dispose()
    yield _ingest(bench)


def _ratios(kept: Kept, name: str, ask: Ask) -> Iterator[Line]:
    for ago, at in kept.ago.items():
        pairs = [(_took(kept, ask, at), _took(kept, ask, None)) for _ in range(RUNS + 1)][1:]
        yield Line(
            name=f"{name}, {ago} ago",
            unit="ms",
            ours=[then for then, _ in pairs],
            peer_name=f"live ({LIMIT})",
            peer=[live for _, live in pairs],
        )


def _took(kept: Kept, ask: Ask, at: int | None) -> float:
    """In milliseconds, on a connection of its own: nothing is kept from the run before."""
    with reading(kept.engine) as conn:
        return seconds(lambda: ask(conn, at)) * 1000


def _questions(bench: Bench) -> dict[str, Ask]:
    today = day_start(local_day(NOW, bench.city.tz), bench.city.tz)
    month = today - timedelta(days=RATE_DAYS)
    unit = bench.city.units[0].code

    def figure(metric: str, by: str | None = None) -> Ask:
        start = month if METRICS[metric].is_rate or by else today
        question = Question(metric=metric, start=start, end=NOW if start == today else today, by=by)
        return lambda conn, at: value(
            conn, bench.city, question, EVERYTHING, NOW, sources=_states(conn, bench), at=at
        )

    def page(query: CaseQuery) -> Ask:
        return lambda conn, at: queries.slice(conn, query, EVERYTHING, at=at)

    def whole(conn: Connection, at: int | None) -> object:
        states = _states(conn, bench)
        return board(conn, bench.city, METRICS, NOW, scope=EVERYTHING, sources=states, at=at)

    return {
        "a count of today": figure("appeal.received.count"),
        "a rate of 30 days": figure("appeal.satisfaction_rate"),
        "a rate of 30 days by unit": figure("appeal.on_time_rate", "unit"),
        "a count of 30 days by channel": figure("appeal.received.count", "channel"),
        "the first page of all cases": page(CaseQuery()),
        "the first page of a unit's open": page(CaseQuery(unit=unit, status="open")),
        "the whole board": whole,
    }


def _states(conn: Connection, bench: Bench) -> Sequence[SourceState]:
    return source_states(bench.sources, sources.states(conn), NOW, {})


def _fill(bench: Bench, folder: Path) -> Kept:
    """Cases as they ended; then a day in slots of ten minutes, with later stages of older ones."""
    engine, epochs = store(folder, bench)
    old, recent = _older(bench, engine, epochs, CASES - A_DAY), list[Case]()
    chance, ago = Random(1), dict[str, int]()
    for slot in range(SLOTS):
        for name, slots in AGO.items():
            if slot == SLOTS - slots:
                ago[name] = _number(engine)
        new = [replace(one, key=f"new-{slot}-{one.key}") for one in _some(chance, old, A_DAY)]
        _send(bench, engine, epochs, slot, new)
        _send(bench, engine, epochs, slot, _updated(chance, [*recent, *old], UPDATES * A_DAY, slot))
        recent += new
    return Kept(bench=bench, engine=engine, ago=ago)


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


def _sizes(engine: Engine) -> Iterator[Line]:
    """What each table takes with its indexes."""
    with engine.connect() as conn:
        # SQLite's own table of pages has no counterpart in SQLAlchemy.
        pages = conn.execute(
            text(
                "SELECT m.tbl_name, SUM(s.pgsize) / 1e6 FROM dbstat s"
                " JOIN sqlite_master m ON m.name = s.name GROUP BY m.tbl_name ORDER BY 2 DESC"
            )
        ).all()
    total = [sum(size for _, size in pages)]
    for name, size in pages[:8]:
        yield Line(
            name=f"size of {name} with indexes",
            unit="MB",
            ours=[size],
            peer_name=f"the database of {CASES:,} cases",
            peer=total,
        )


def _ingest(bench: Bench) -> Line:
    """Each case of a source written, then written again in its next version."""
    days = [one for one in map(cases, judged(bench, bench.sources[1])) if one.records]
    again = [
        Judged(
            records=tuple(
                replace(one, source_version=one.source_version + 1)
                for one in day.records
                if isinstance(one, Case)
            ),
            rows=day.rows,
        )
        for day in days
    ]
    both = [*days, *again]
    return Line(
        name="cases a second, each written twice, history kept",
        unit="rows/s",
        ours=[_rows_a_second(bench, both) for _ in range(3)],
        peer_name="the same without history",
        peer=[_without_history(bench, both) for _ in range(3)],
        better="higher",
    )


def _without_history(bench: Bench, batches: Sequence[Judged]) -> float:
    with patch("centre.store.history.end"), patch("centre.store.journal.note"):
        return _rows_a_second(bench, batches, drop=("case_change",))


def _rows_a_second(bench: Bench, batches: Sequence[Judged], drop: Sequence[str] = ()) -> float:
    with tempfile.TemporaryDirectory() as folder:
        engine, epochs = store(Path(folder), bench)
        with writing(engine) as conn:
            for name in drop:
                conn.execute(text(f"DROP INDEX {name}"))
        began = time.perf_counter()
        for one in batches:
            deliver(engine, bench, epochs, one, NOW)
        took = time.perf_counter() - began
        engine.dispose()
    return sum(len(one.records) for one in batches) / took

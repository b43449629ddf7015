"""Rows a second into SQLite with versions, cubes and cursor, against the driver's executemany."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import insert

from bench.city import NOW, Bench, cases, deliver, judged, load, store
from bench.line import Line
from centre.collector.pipeline import Judged
from centre.domain.records import Case
from centre.store import tables
from centre.store.bulk import encode, encoders
from centre.store.engine import connect

RUNS = 3


def lines() -> Iterator[Line]:
    """One line for new cases in batches of a source's day, one for parsing beside it."""
    bench = load()
    config = bench.sources[1]  # a district; the first is 12345 with its readings
    begin = time.perf_counter()
    batches = [one for one in map(cases, judged(bench, config)) if one.records]
    judging = sum(len(one.records) for one in batches) / (time.perf_counter() - begin)
    ours = [_ours(bench, batches) for _ in range(RUNS)]
    bare = [_bare(batches) for _ in range(RUNS)]
    yield Line(
        name="new cases a second, with cubes and versions",
        unit="rows/s",
        ours=ours,
        peer_name="bare executemany into the case table",
        peer=bare,
        better="higher",
    )
    yield Line(
        name="simulate, map and parse",
        unit="rows/s",
        ours=[judging],
        peer_name="the write that follows it",
        peer=ours,
        better="higher",
    )


def _ours(bench: Bench, batches: list[Judged]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        engine, epochs = store(Path(folder), bench)
        begin = time.perf_counter()
        for batch in batches:
            deliver(engine, bench, epochs, batch, NOW)
        took = time.perf_counter() - begin
        engine.dispose()
    return sum(len(one.records) for one in batches) / took


def _bare(batches: list[Judged]) -> float:
    """One table, one index, one transaction a batch: the least a durable write can cost."""
    columns = list(tables.case.columns)
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{Path(folder) / 'bare.db'}")
        by = encoders(columns, engine.dialect)
        rows = [
            [
                encode((getattr(one, c.name, 1) for c in columns), by)
                for one in batch.records
                if isinstance(one, Case)
            ]
            for batch in batches
        ]
        with engine.begin() as conn:
            tables.case.create(conn)
        engine.dispose()
        sql = str(insert(tables.case).compile(dialect=engine.dialect))
        raw = sqlite3.connect(Path(folder) / "bare.db", isolation_level=None)
        begin = time.perf_counter()
        for batch_rows in rows:
            raw.execute("BEGIN IMMEDIATE")
            raw.executemany(sql, batch_rows)
            raw.execute("COMMIT")
        took = time.perf_counter() - begin
        raw.close()
    return sum(len(one) for one in rows) / took

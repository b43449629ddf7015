"""One tick of the whole board at a million cases, against summing the same from the cases."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select

from bench.city import NOW, Bench, cases, deliver, judged, load, moved, store
from bench.line import Line, seconds
from centre.collector.health import source_states
from centre.domain.periods import complete_days, day_start
from centre.domain.scope import EVERYTHING
from centre.metrics.board import board
from centre.metrics.registry import METRICS, PARTS
from centre.store import sources, tables
from centre.store.engine import reading
from centre.store.queries import between

CASES = 1_000_000
RUNS = 7
_CASE_PARTS = tuple(part for part in PARTS if part.anchor.table is tables.case)


def lines() -> Iterator[Line]:
    """One line; filling the store takes a few minutes and is not measured here."""
    bench = load()
    with tempfile.TemporaryDirectory() as folder:
        engine, epochs = store(Path(folder), bench)
        _fill(engine, bench, epochs)
        with reading(engine) as conn:
            known = conn.scalar(select(func.count()).select_from(tables.case))
            _board(conn, bench)  # warm, as the second tick is
            yield Line(
                name=f"one tick at {known:,} cases: all figures",
                unit="s",
                ours=[seconds(lambda: _board(conn, bench)) for _ in range(RUNS)],
                peer_name="the same 30 days of parts from the cases",
                peer=[seconds(lambda: _recount(conn, bench)) for _ in range(2)],
            )
        engine.dispose()


def _fill(engine: Engine, bench: Bench, epochs: Mapping[str, int]) -> None:
    """35 days of one district, given to all 23 sources until there are enough."""
    days = [one for one in map(cases, judged(bench, bench.sources[1])) if one.records]
    known = 0
    for number in count():
        for config in bench.sources:
            for day in days:
                if known >= CASES:
                    return
                at = NOW + timedelta(milliseconds=known)
                deliver(engine, bench, epochs, moved(day, config, number), at)
                known += len(day.records)


def _board(conn: Connection, bench: Bench) -> object:
    states = source_states(bench.sources, sources.states(conn), NOW, {})
    return board(conn, bench.city, METRICS, NOW, scope=EVERYTHING, sources=states)


def _recount(conn: Connection, bench: Bench) -> object:
    """What a dashboard without cubes asks of the database for one picture: one window, no trend."""
    days, zone = complete_days(NOW, bench.city.tz), bench.city.tz
    start, end = day_start(days.first, zone), day_start(days.last + timedelta(days=1), zone)
    return between(conn, _CASE_PARTS, start, end, scope=EVERYTHING)

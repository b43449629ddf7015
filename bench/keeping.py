"""What the past costs: ingest with history, journal, ledger and revisions against without."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import text

from bench.city import NOW, Bench, cases, deliver, judged, load, store
from bench.line import Line
from centre.collector.pipeline import Judged
from centre.domain.records import Case
from centre.store.engine import writing

RUNS = 3

WITHOUT: Mapping[str, tuple[str, ...]] = {
    "history": ("centre.store.history.end",),
    "journal": ("centre.store.journal.note",),
    "ledger": ("centre.store.ledger.take", "centre.store.ledger.enter"),
    "past of the ledger": ("centre.store.ledger_past.note", "centre.store.ledger_past.lengthen"),
    "revisions": ("centre.store.revised.mark",),
}
"""What can be left out, by the functions that keep it."""


def lines() -> Iterator[Line]:
    """Each case of a source written, then written again in its next version; runs take turns."""
    bench = load()
    days = [one for one in map(cases, judged(bench, bench.sources[1])) if one.records]
    twice = [*days, *map(_next_version, days)]
    everything = tuple(name for names in WITHOUT.values() for name in names)
    left_out = {"all of it": everything, **{f"its {k}": v for k, v in WITHOUT.items()}}
    ours: list[float] = []
    peers: dict[str, list[float]] = {name: [] for name in left_out}
    for _ in range(RUNS):
        ours.append(_rows_a_second(bench, twice, ()))
        for name, functions in left_out.items():
            peers[name].append(_rows_a_second(bench, twice, functions))
    for name, peer in peers.items():
        yield Line(
            name="cases a second, each written twice",
            unit="rows/s",
            ours=ours,
            peer_name=f"the same without {name}",
            peer=peer,
            better="higher",
        )


def _next_version(day: Judged) -> Judged:
    records = tuple(
        replace(one, source_version=one.source_version + 1)
        for one in day.records
        if isinstance(one, Case)
    )
    return Judged(records=records, rows=day.rows)


def _rows_a_second(bench: Bench, batches: Sequence[Judged], without: Sequence[str]) -> float:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as left_out:
        engine, epochs = store(Path(folder), bench)
        for name in without:
            left_out.enter_context(patch(name))
        if "centre.store.history.end" in without:  # its index is for the past alone
            with writing(engine) as conn:
                conn.execute(text("DROP INDEX case_change"))
        began = time.perf_counter()
        for one in batches:
            deliver(engine, bench, epochs, one, NOW)
        took = time.perf_counter() - began
        engine.dispose()
    return sum(len(one.records) for one in batches) / took

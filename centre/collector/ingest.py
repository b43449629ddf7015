"""Ingest: read one source to its end and stop, for finished cities and for first loads by hand."""

from __future__ import annotations

import time
from collections.abc import Callable

from centre.collector.sink import StoreSink
from centre.collector.worker import Step
from datasources.source import DataSource

_PATIENCE_SECONDS = 10.0  # a file that has just been put there is taken when it has settled

Tell = Callable[[int, int], None]
"""Told (filled, total) after each batch, in the units of the source."""


def ingest(source: DataSource, sink: StoreSink, tell: Tell) -> None:
    """Fetch until the source says that nothing is left; each batch is one transaction.

    Raises SourceError, and Fenced when a collector works on the same city.
    """
    patient_until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        count, more = _fetch(source, sink, tell)
        is_waiting = count == 0 and sink.cursor() is None and time.monotonic() < patient_until
        if not more and not is_waiting:
            return
        if is_waiting:
            time.sleep(0.5)


def _fetch(source: DataSource, sink: StoreSink, tell: Tell) -> tuple[int, bool]:
    """One fetch: how many batches it gave, and whether the last one promised more."""
    started, count, more = sink.clock(), 0, False
    for batch in source.fetch(sink.cursor(), started):
        sink.commit(batch, Step.HISTORY, started)
        source.settle(batch.cursor)
        tell(batch.filled, batch.total)
        count, more = count + 1, batch.more
    if not count:
        sink.nothing(started)
    return count, more

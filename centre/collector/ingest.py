"""Ingest: read one source to its end and stop, for finished cities and for first loads by hand."""

from __future__ import annotations

import time
from collections.abc import Callable

from centre.collector.sink import StoreSink
from centre.collector.worker import Step
from datasources.source import DataSource, Waiting, is_complete_when_quiet

_PATIENCE_SECONDS = 60.0  # what keeps changing for so long is left to the next ingest
_LOOK_SECONDS = 0.5

Tell = Callable[[int, int], None]
"""Told (filled, total) after each batch, in the units of the source."""


def ingest(
    source: DataSource, sink: StoreSink, tell: Tell, begin: Callable[[], None] = lambda: None
) -> None:
    """Fetch until the source says that nothing is left; each batch is one transaction.

    `begin` is called before each time the source is asked: its budget's. Raises SourceError, and
    Fenced when a collector works on the same city.
    """
    patient_until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        if _fetch(source, sink, tell, begin):
            continue
        is_waiting = isinstance(source, Waiting) and source.is_waiting
        if not is_waiting or time.monotonic() > patient_until:
            return
        time.sleep(_LOOK_SECONDS)


def _fetch(source: DataSource, sink: StoreSink, tell: Tell, begin: Callable[[], None]) -> bool:
    """One fetch: whether its last batch promised more."""
    started, count, more = sink.clock(), 0, False
    begin()
    for batch in source.fetch(sink.cursor(), started):
        sink.commit(batch, Step.HISTORY, started)
        begin()
        source.settle(batch.cursor)
        tell(batch.filled, batch.total)
        count, more = count + 1, batch.more
    if not count:
        sink.nothing(started, is_complete=is_complete_when_quiet(source))
    return more

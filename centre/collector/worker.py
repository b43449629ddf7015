"""Worker: one source in its own thread, one step at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from queue import SimpleQueue
from threading import Thread
from typing import Any, Protocol

from datasources.source import Batch, DataSource, is_complete_when_quiet


class Step(Enum):
    """What a worker may be told to do."""

    LIVE = "live"  # towards the newest state: begin a new fetch and take its first batch
    HISTORY = "history"  # take the next batch of the fetch that is open


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a step ended. `open`: the fetch may have more to give."""

    source: str
    step: Step
    open: bool = False
    stored: int = 0
    filled: int = 0
    error: BaseException | None = None


class Sink(Protocol):
    """Where a worker's batches go, and where it starts from."""

    def cursor(self) -> Mapping[str, Any] | None:
        """The last committed cursor."""
        ...

    def commit(self, batch: Batch, step: Step, started: datetime) -> int:
        """Write a batch in one transaction; how many rows changed something."""
        ...

    def nothing(self, started: datetime, *, is_complete: bool) -> None:
        """Note an answer without any batch; `is_complete`: all until `started` is delivered."""
        ...


class Worker:
    """Runs the steps it is told, in order; a hanging step holds this thread alone.

    `busy_since` is monotonic; None between steps. `report` is called from this thread.
    """

    def __init__(
        self,
        source: str,
        build: Callable[[], DataSource],
        sink: Sink,
        report: Callable[[Outcome], None],
        clock: Callable[[], datetime],
    ) -> None:
        self.source = source
        self.busy_since: float | None = None
        self._build, self._sink, self._report, self._clock = build, sink, report, clock
        self._adapter: DataSource | None = None
        self._batches: Iterator[Batch] | None = None
        self._more, self._is_newest = False, True
        self._started = clock()
        self._steps: SimpleQueue[Step | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name=f"source-{source}", daemon=True)
        self._thread.start()

    def tell(self, step: Step) -> None:
        """Queue a step."""
        self._steps.put(step)

    def close(self) -> None:
        """End after the steps that wait."""
        self._steps.put(None)

    def join(self, timeout_seconds: float) -> None:
        """Wait for the thread; one that hangs is left behind, it is a daemon."""
        self._thread.join(timeout_seconds)

    def _work(self) -> None:
        while (step := self._steps.get()) is not None:
            self.busy_since = time.monotonic()
            try:
                outcome = self._run(step)
            except BaseException as error:  # the schedule judges: theirs, ours, or the database's
                self._drop()
                outcome = Outcome(source=self.source, step=step, error=error)
            self.busy_since = None
            self._report(outcome)
        self._drop()

    def _run(self, step: Step) -> Outcome:
        if step is Step.LIVE and (self._batches is None or self._is_newest):
            self._open()
        batch = next(self._batches, None) if self._batches is not None else None
        if batch is None:
            return self._finished(step)
        stored = self._sink.commit(batch, step, self._started)
        self._adapter_().settle(batch.cursor)
        # Without a watermark the fetch is still on its way to the newest state (a long file):
        # to begin anew would only read the same rows again.
        self._more, self._is_newest = batch.more, batch.watermark is not None
        return Outcome(source=self.source, step=step, open=True, stored=stored, filled=batch.filled)

    def _finished(self, step: Step) -> Outcome:
        """The fetch gave all it had; it is opened again when its last batch promised more."""
        self._drop()
        if step is Step.LIVE:
            promises = is_complete_when_quiet(self._adapter_())
            self._sink.nothing(self._started, is_complete=promises and not self._more)
        elif self._more:
            self._open()
        return Outcome(source=self.source, step=step, open=self._batches is not None)

    def _open(self) -> None:
        self._drop()
        self._started, self._more = self._clock(), False
        self._batches = iter(self._adapter_().fetch(self._sink.cursor(), self._started))

    def _adapter_(self) -> DataSource:
        if self._adapter is None:
            self._adapter = self._build()
        return self._adapter

    def _drop(self) -> None:
        """Close an open fetch: files and connections of a generator are let go now, not later."""
        close = getattr(self._batches, "close", None)
        self._batches = None
        if close is not None:
            close()

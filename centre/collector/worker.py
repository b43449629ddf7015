"""Worker: one source in its own thread, one step at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from queue import SimpleQueue
from threading import Lock, Thread
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


class _Abandoned(Exception):
    """Another worker has taken over; what this one brings no longer counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What a worker of a source needs. `begin`: called before each time the source is asked."""

    source: str
    build: Callable[[], DataSource]
    begin: Callable[[], None]
    sink: Sink
    clock: Callable[[], datetime]


class Worker:
    """Runs the steps it is told, in order; a hanging step holds this thread alone.

    `asking_since` is monotonic: since when the source has owed an answer; None while it owes none.
    `report` is called from this thread.
    """

    def __init__(self, duty: Duty, report: Callable[[Outcome], None]) -> None:
        self.source = duty.source
        self.asking_since: float | None = None
        self._duty, self._sink, self._report = duty, duty.sink, report
        self._adapter: DataSource | None = None
        self._batches: Iterator[Batch] | None = None
        self._more, self._is_newest = False, True
        self._started = duty.clock()
        self._lock, self._abandoned = Lock(), False
        self._steps: SimpleQueue[Step | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name=f"source-{self.source}", daemon=True)
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

    @property
    def is_alive(self) -> bool:
        """Whether its thread still is there."""
        return self._thread.is_alive()

    def leave(self) -> None:
        """End for good: nothing more is asked, reported or begun to be written.

        A commit that runs is finished; it is the fence's to judge it.
        """
        with self._lock:
            self._abandoned = True
        self._steps.put(None)

    def abandon(self) -> bool:
        """Leave it where it hangs: it writes and reports nothing more, and ends when it wakes.

        False when it has its answer meanwhile; then it goes on.
        """
        with self._lock:
            self._abandoned = self._abandoned or self.asking_since is not None
            return self._abandoned

    def _work(self) -> None:
        try:
            while (step := self._steps.get()) is not None:
                self._end(self._outcome(step))
        except _Abandoned:
            pass
        self._drop()

    def _end(self, outcome: Outcome) -> None:
        """Report, unless nobody waits for it any more: whoever left has been told so before."""
        with self._lock:
            if self._abandoned:
                raise _Abandoned
            self._report(outcome)

    def _outcome(self, step: Step) -> Outcome:
        try:
            return self._run(step)
        except _Abandoned:
            raise
        except BaseException as error:  # the schedule judges: theirs, ours, or the database's
            self._drop()
            return Outcome(source=self.source, step=step, error=error)

    def _run(self, step: Step) -> Outcome:
        if step is Step.LIVE and (self._batches is None or self._is_newest):
            self._open()
        batch = self._next()
        if batch is None:
            return self._finished(step)
        stored = self._sink.commit(batch, step, self._started)
        with self._asking():
            self._adapter_().settle(batch.cursor)
        # Without a watermark the fetch is still on its way to the newest state (a long file):
        # to begin anew would only read the same rows again.
        self._more, self._is_newest = batch.more, batch.watermark is not None
        return Outcome(source=self.source, step=step, open=True, stored=stored, filled=batch.filled)

    def _next(self) -> Batch | None:
        if self._batches is None:
            return None
        with self._asking():
            return next(self._batches, None)

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
        self._started, self._more = self._duty.clock(), False
        cursor = self._sink.cursor()
        with self._asking():
            self._batches = iter(self._adapter_().fetch(cursor, self._started))

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """While the source owes an answer, this worker may be abandoned; never while it writes."""
        self._duty.begin()
        self.asking_since = time.monotonic()
        try:
            yield
        finally:
            with self._lock:
                self.asking_since = None
                if self._abandoned:
                    raise _Abandoned

    def _adapter_(self) -> DataSource:
        if self._adapter is None:
            self._adapter = self._duty.build()
        return self._adapter

    def _drop(self) -> None:
        """Close an open fetch: files and connections of a generator are let go now, not later."""
        close = getattr(self._batches, "close", None)
        self._batches = None
        if close is not None:
            close()

"""Crew: one worker for each source, asked in their time; what they answer is judged here."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from centre.collector.filling import Filling
from centre.collector.health import Health, message
from centre.collector.retry import Retry
from centre.collector.schedule import Schedule, Uniform
from centre.collector.worker import Outcome, Step, Worker
from centre.collector.writer import Closed, Rank, Writer
from centre.store import sources
from centre.store.delivery import Fenced
from centre.store.sources import SourceRow
from datasources.source import Unavailable

_LOG = logging.getLogger(__name__)

Staff = Callable[[Callable[[Outcome], None]], Mapping[str, Worker]]
"""Makes the workers, given where they report to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the crew writes its notes with."""

    engine: Engine
    writer: Writer
    clock: Callable[[], datetime]
    deadline_seconds: float


class Crew:
    """Belongs to one thread, but for `_report`, which workers call from theirs."""

    def __init__(self, desk: Desk, schedule: Schedule, staff: Staff, uniform: Uniform) -> None:
        self._desk, self._schedule = desk, schedule
        self._filling, self._health = Filling(), Health()
        self._outcomes: SimpleQueue[Outcome] = SimpleQueue()
        self._asked: set[str] = set()  # live steps whose end is awaited
        self._hanging: set[str] = set()
        self._paused: frozenset[str] = frozenset()  # replaced whole: workers read it
        self._history = Retry(uniform)
        self._workers = staff(self._report)
        self.changed = True  # something is known that no snapshot has shown

    def ask(self, rows: Sequence[SourceRow]) -> None:
        """Tell who is due to fetch the newest state; heed pauses and wishes."""
        now = time.monotonic()
        mine = [row for row in rows if row.id in self._workers]
        paused = frozenset(row.id for row in mine if row.paused)
        for source in paused - self._paused:
            self._filling.leave(source)
        self._paused = paused
        self._schedule.pause(paused)
        wanted = [row.id for row in mine if row.wanted]
        self._schedule.want(wanted, now)
        for source in wanted:
            self._note(lambda source=source: self._attempted(source))  # type: ignore[misc]
        for source in self._schedule.due(now):
            self._asked.add(source)
            self._workers[source].tell(Step.LIVE)

    def wait(self, until: float, *, for_answers: bool = False) -> None:
        """Take in outcomes until a monotonic moment, or until all who were asked have answered.

        Raises Fenced when another collector has taken over, SQLAlchemyError when the database
        does not take what was fetched.
        """
        while not (for_answers and self._asked <= self._hanging):
            left = until - time.monotonic()
            try:
                outcome = self._outcomes.get(timeout=max(0.0, left)) if left > 0 else None
            except Empty:
                outcome = None
            if outcome is None:
                break
            self._take(outcome)
        self._watch()

    @property
    def is_filling(self) -> bool:
        """Whether any source has history to read."""
        return self._filling.is_busy

    def resting(self) -> AbstractContextManager[None]:
        """History waits meanwhile; live steps do not."""
        return self._filling.held()

    def close(self, patience_seconds: float = 5.0) -> None:
        """Let running steps end; what hangs is left behind."""
        for worker in self._workers.values():
            worker.close()
        until = time.monotonic() + patience_seconds
        for worker in self._workers.values():
            worker.join(max(0.0, until - time.monotonic()))

    @property
    def troubles(self) -> Mapping[str, str]:
        """Source -> why its history cannot be read, although its newest state can."""
        return self._history.troubles

    def _report(self, outcome: Outcome) -> None:
        """Called by workers: history goes on at once, whatever the crew is busy with."""
        source = outcome.source
        is_open = outcome.error is None and outcome.open
        rests = source in self._paused
        if is_open and not rests and self._history.is_due(source, time.monotonic()):
            stand = self._filling.again if outcome.step is Step.HISTORY else self._filling.offer
            stand(source, outcome.filled, lambda: self._workers[source].tell(Step.HISTORY))
        elif outcome.error is not None or rests or outcome.step is Step.HISTORY:
            self._filling.leave(source)
        self._outcomes.put(outcome)

    def _take(self, outcome: Outcome) -> None:
        self._hanging.discard(outcome.source)
        self.changed |= outcome.stored > 0
        if outcome.step is Step.LIVE:
            self._take_live(outcome)
        elif outcome.error is not None:
            self._failed(outcome.source, outcome.error)
            told = message(outcome.error)
            self._history.failed(outcome.source, told, time.monotonic())
        elif self._history.succeeded(outcome.source):
            self._health.answered(outcome.source)

    def _take_live(self, outcome: Outcome) -> None:
        source, error = outcome.source, outcome.error
        self._asked.discard(source)
        self._schedule.ended(source, time.monotonic(), failed=error is not None)
        if error is not None:
            self._failed(source, error)
        elif source not in self.troubles:
            self._health.answered(source)

    def _failed(self, source: str, error: BaseException) -> None:
        """Fenced and the database's own failures end the beat; a source's end only its turn."""
        if isinstance(error, Closed):
            return
        if isinstance(error, Fenced | SQLAlchemyError):
            raise error
        told = self._health.failed(source, error)
        self._note(lambda: self._mark_failed(source, told))
        self.changed = True

    def _watch(self) -> None:
        """Say of whoever works too long that it does not answer; its thread goes on waiting."""
        now, limit = time.monotonic(), self._desk.deadline_seconds
        for source, worker in self._workers.items():
            since = worker.busy_since
            if since is not None and now - since > limit and source not in self._hanging:
                self._hanging.add(source)
                self._filling.leave(source)
                self._failed(source, Unavailable(f"no answer within {limit:g} s"))

    def _attempted(self, source: str) -> None:
        sources.attempted(self._desk.engine, source, self._desk.clock())

    def _mark_failed(self, source: str, told: str) -> None:
        sources.failed(self._desk.engine, source, told, self._desk.clock())

    def _note(self, job: Callable[[], None]) -> None:
        self._desk.writer.run(Rank.NOTE, job)

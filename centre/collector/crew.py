"""Crew: one worker for each source, asked in their time; what they answer is judged here."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from centre.collector.filling import Filling
from centre.collector.health import Health, message
from centre.collector.outages import Outages, waits
from centre.collector.retry import Retry
from centre.collector.schedule import Schedule, Uniform
from centre.collector.worker import Outcome, Step, Worker
from centre.collector.writer import Closed, Rank, Writer
from centre.store import health, sources
from centre.store.delivery import Fenced
from centre.store.sources import SourceRow
from datasources.source import SourceError, Unavailable

_LOG = logging.getLogger(__name__)

Hire = Callable[[str, Callable[[Outcome], None]], Worker]
"""Makes a worker of a source, given where it reports to."""

PATIENCE = 3.0
"""Deadlines until a worker counts as hanging: an adapter that asks its budget answers in one."""

REPLACED_AFTER = 3.0
"""Patiences until a hanging worker is replaced: a long file on a slow disk is no outage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the crew writes its notes with."""

    engine: Engine
    writer: Writer
    clock: Callable[[], datetime]
    deadlines: Mapping[str, float]  # source -> seconds for one answer; of those it begins with
    known: Mapping[str, health.Health]  # what an earlier collector has kept


class Crew:
    """Belongs to one thread, but for `_report`, which workers call from theirs."""

    def __init__(self, desk: Desk, schedule: Schedule, hire: Hire, uniform: Uniform) -> None:
        self._desk, self._schedule, self._hire = desk, schedule, hire
        self._filling, self._outages = Filling(), Outages(desk.known)
        self._health = Health(self._outages.down)
        self._outcomes: SimpleQueue[Outcome] = SimpleQueue()
        self._asked: set[str] = set()  # live steps whose end is awaited
        self._hanging: set[str] = set()
        self._behind: dict[str, Worker] = {}  # who was left behind where it hung
        self._paused: frozenset[str] = frozenset()  # replaced whole: workers read it
        self._history = Retry(uniform)
        self._deadlines = dict(desk.deadlines)
        self._workers = {id_: hire(id_, self._report) for id_ in self._deadlines}
        now = time.monotonic()
        for source, seconds in waits(desk.known, desk.clock()).items():
            if source in self._workers:
                schedule.rest(source, now, seconds)
        self.changed = True  # something is known that no snapshot has shown

    def dismiss(self, source: str, *, returns: bool) -> None:
        """Let a source go; the others notice nothing. `returns`: a changed file, it comes again.

        Its worker ends by itself, even where it hangs, and nothing of it is heard any more.
        """
        worker = self._workers.pop(source)
        worker.leave()
        self._behind[source] = worker
        self._filling.leave(source)
        self._schedule.remove(source)
        self._history.succeeded(source)
        for kept in (self._asked, self._hanging):
            kept.discard(source)
        del self._deadlines[source]
        self._drop_outcomes(source)
        if not returns:
            self._outages.forget(source)
            self._health.forget(source)
        self.changed = True

    def welcome(self, source: str, every_seconds: float, deadline_seconds: float) -> None:
        """Take a source in and ask it at the next chance, whatever its breaker said before."""
        self._deadlines[source] = deadline_seconds
        self._keep(source, self._outages.reset(source))
        self._workers[source] = self._hire(source, self._report)
        self._schedule.add(source, every_seconds, time.monotonic())
        self.changed = True

    def _drop_outcomes(self, source: str) -> None:
        """Nobody else takes outcomes, and a worker that left adds none."""
        kept = []
        while not self._outcomes.empty():
            kept.append(self._outcomes.get())
        for one in kept:
            if one.source != source:
                self._outcomes.put(one)

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
            self._outages.asked(source)
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
        rests = source in self._paused or not self._outages.is_closed(source)
        if is_open and not rests and self._history.is_due(source, time.monotonic()):
            stand = self._filling.again if outcome.step is Step.HISTORY else self._filling.offer
            stand(source, outcome.filled, partial(self._go_back, source))
        elif outcome.error is not None or rests or outcome.step is Step.HISTORY:
            self._filling.leave(source)
        self._outcomes.put(outcome)

    def _go_back(self, source: str) -> None:
        """A step into history, unless the source has gone since it stood in line."""
        worker = self._workers.get(source)
        if worker is not None:
            worker.tell(Step.HISTORY)

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
            self._keep(outcome.source, self._outages.recovered(outcome.source))
            self._health.answered(outcome.source)

    def _take_live(self, outcome: Outcome) -> None:
        source, error = outcome.source, outcome.error
        self._asked.discard(source)
        if error is not None:
            self._failed(source, error, is_live=True)
            return
        self._schedule.ended(source, time.monotonic(), failed=False)
        if not outcome.open:  # it gave all that it has: what could not be read has come since
            self._history.succeeded(source)
        is_well = source not in self.troubles
        self._keep(source, self._outages.answered(source, is_well=is_well))
        if is_well:
            self._health.answered(source)

    def _failed(self, source: str, error: BaseException, *, is_live: bool = False) -> None:
        """Fenced and the database's own failures end the beat; a source's end only its turn.

        History that fails does not open the breaker: the newest state may go on well.
        """
        if isinstance(error, Closed):
            return
        if isinstance(error, Fenced | SQLAlchemyError):
            raise error
        told = self._health.failed(source, error)
        values = dict(self._outages.failed(source, error, is_live=is_live))
        if is_live:
            values |= self._waits(source, error)
        self._note(lambda: self._mark_failed(source, told, values))
        self.changed = True

    def _waits(self, source: str, error: BaseException) -> dict[str, Any]:
        """Back off, further behind an open breaker; what is to be kept of it."""
        is_open = not self._outages.is_closed(source)
        rest = error.retry_after_seconds if isinstance(error, SourceError) else None
        wait = self._schedule.ended(
            source, time.monotonic(), failed=True, is_open=is_open, at_least=rest
        )
        if not is_open:
            return {}
        self._filling.leave(source)
        return {"retry_at": self._desk.clock() + timedelta(seconds=wait)}

    def _watch(self) -> None:
        """Say of whoever works too long that it does not answer, and replace it in the end."""
        now = time.monotonic()
        for source, worker in tuple(self._workers.items()):
            since, limit = worker.asking_since, PATIENCE * self._deadlines[source]
            if since is None or now - since <= limit:
                continue
            if source not in self._hanging:
                self._hanging.add(source)
                self._filling.leave(source)
                self._failed(source, Unavailable(f"no answer within {limit:g} s"))
            if now - since > REPLACED_AFTER * limit:
                self._replace(source, worker, now - since)

    def _replace(self, source: str, worker: Worker, waited_seconds: float) -> None:
        """A new worker asks in its place; a second one is left behind only when the first ended."""
        before = self._behind.get(source)
        if (before is not None and before.is_alive) or not worker.abandon():
            return
        self._behind[source] = worker
        self._hanging.discard(source)
        self._asked.discard(source)
        self._workers[source] = self._hire(source, self._report)
        self._keep(source, self._outages.replaced(source))
        self._failed(source, Unavailable(f"no answer within {waited_seconds:.1f} s"), is_live=True)

    def _attempted(self, source: str) -> None:
        sources.attempted(self._desk.engine, source, self._desk.clock())

    def _mark_failed(self, source: str, told: str, values: Mapping[str, Any]) -> None:
        sources.failed(self._desk.engine, source, told, self._desk.clock())
        health.note(self._desk.engine, source, **values)

    def _keep(self, source: str, values: Mapping[str, Any]) -> None:
        if values:
            self.changed = True
            self._note(lambda: health.note(self._desk.engine, source, **values))

    def _note(self, job: Callable[[], None]) -> None:
        self._desk.writer.run(Rank.NOTE, job)

"""Writer: the one thread through which everything of a collector is written."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from enum import IntEnum
from itertools import count
from queue import PriorityQueue
from threading import Thread
from typing import Any, TypeVar

_T = TypeVar("_T")
_Job = tuple[int, int, "Callable[[], Any] | None", "Future[Any]"]


class Rank(IntEnum):
    """What goes first: what is seen now, before what happened long ago."""

    NOTE = 0  # a state, the seq of a snapshot: a millisecond
    LIVE = 1
    HISTORY = 2
    NIGHT = 3  # what nobody waits for
    LAST = 9


class Closed(RuntimeError):
    """The collector is stopping: nothing more is written."""


class Writer:
    """Runs jobs one after the other, lower ranks first, in order within a rank.

    One writer suits SQLite, keeps live rows from waiting behind a queue of history, and lets a
    reader opened inside a job see exactly what the job's number says.
    """

    def __init__(self) -> None:
        self._jobs: PriorityQueue[_Job] = PriorityQueue()
        self._numbers, self._closed = count(), False
        self._thread = Thread(target=self._work, name="collector-writer", daemon=True)
        self._thread.start()

    def run(self, rank: Rank, job: Callable[[], _T]) -> _T:
        """Wait for the job's turn and give its result or raise its exception, or Closed."""
        if self._closed:
            raise Closed
        future: Future[_T] = Future()
        self._jobs.put((rank, next(self._numbers), job, future))
        return future.result()

    def close(self, timeout_seconds: float = 30.0) -> None:
        """End after the jobs that wait; a collector that stops loses no finished fetch."""
        self._closed = True
        self._jobs.put((Rank.LAST, next(self._numbers), None, Future()))
        self._thread.join(timeout_seconds)

    def _work(self) -> None:
        while True:
            _, _, job, future = self._jobs.get()
            if job is None:
                return
            try:
                future.set_result(job())
            except BaseException as error:  # belongs to whoever waits for it
                future.set_exception(error)

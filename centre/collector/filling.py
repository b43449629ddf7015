"""Filling: which source may take the next step into its history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from heapq import heapify, heappop, heappush
from itertools import count
from threading import Lock

AT_ONCE = 2  # one is read and parsed while the other is written


class Filling:
    """Grants steps to the source that is furthest behind, so that days complete for all together.

    Live polls need no grant: they are never behind more than the steps that run already.
    """

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._free, self._lock, self._numbers = at_once, Lock(), count()
        self._waiting: list[tuple[int, int, str, Callable[[], None]]] = []
        self._granted: set[str] = set()
        self._held = False

    @property
    def is_busy(self) -> bool:
        """Whether anybody reads history or waits for a turn."""
        return bool(self._waiting or self._granted)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Grant nothing for a while: a snapshot that people wait for has the processor alone."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
            self._grant()

    def offer(self, source: str, filled: int, step: Callable[[], None]) -> None:
        """Stand in line, unless the source stands there or has a grant already.

        `step` is called, from any thread, when it is the source's turn.
        """
        with self._lock:
            self._join(source, filled, step)
        self._grant()

    def again(self, source: str, filled: int, step: Callable[[], None]) -> None:
        """Give back the grant after its step and stand in line anew."""
        with self._lock:
            self._give_back(source)
            self._join(source, filled, step)
        self._grant()

    def leave(self, source: str) -> None:
        """Leave the line and give back what is held: history ended, failed or hangs."""
        with self._lock:
            self._give_back(source)
            self._waiting = [one for one in self._waiting if one[2] != source]
            heapify(self._waiting)
        self._grant()

    def _join(self, source: str, filled: int, step: Callable[[], None]) -> None:
        if source not in self._granted and all(one[2] != source for one in self._waiting):
            heappush(self._waiting, (filled, next(self._numbers), source, step))

    def _give_back(self, source: str) -> None:
        if source in self._granted:
            self._granted.discard(source)
            self._free += 1

    def _grant(self) -> None:
        while (step := self._next()) is not None:
            step()

    def _next(self) -> Callable[[], None] | None:
        with self._lock:
            if self._held or not self._free or not self._waiting:
                return None
            _, _, source, step = heappop(self._waiting)
            self._free -= 1
            self._granted.add(source)
            return step

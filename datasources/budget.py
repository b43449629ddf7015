"""What one step of a fetch may take: seconds until its answer, and bytes of it.

A read time-out is no deadline: a source that drips a byte a second keeps every single read short
and holds its reader for ever. An adapter asks here before it waits, and tells what came.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from centre.domain.sources import Limits
from datasources.errors import Malformed, Unavailable

_MIB = 2**20


class Budget:
    """Begun by whoever asks for the next batch; used from that one thread.

    Before it is begun nobody waits: the whole deadline is left.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock`: monotonic seconds."""
        self.deadline_seconds, self.most_bytes = limits.deadline_seconds, limits.most_bytes
        self._clock = clock
        self._until: float | None = None
        self._taken = 0

    def begin(self) -> None:
        """A new step: all seconds and all bytes are there again."""
        self._until, self._taken = self._clock() + self.deadline_seconds, 0

    def left(self) -> float:
        """Seconds until the deadline, above 0; raises Unavailable when there are none."""
        if self._until is None:
            return self.deadline_seconds
        left = self._until - self._clock()
        if left <= 0:
            raise Unavailable(f"no answer within {self.deadline_seconds:g} s")
        return left

    def take(self, count: int) -> None:
        """Note bytes that were received or unpacked; raises Malformed when they are too many."""
        self._taken += count
        if self._taken > self.most_bytes:
            raise Malformed(
                f"the answer has more than {self.most_bytes / _MIB:g} MiB; "
                "ask for less at once, or raise limits.bytes"
            )

"""Breaker: a source that keeps failing is asked by single probes alone, until one is answered.

    closed ── 5 failures in a row, or half of 20 ──> open ── its wait is over ──> half: one probe
       ^                                              ^                             │
       └────────────── answered ──────────────────────┴───────── failed ────────────┘

It is kept in the store, so that a collector that starts anew does not hammer what is down.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

IN_A_ROW = 5  # reliability 2.6
WINDOW = 20
SHARE = 0.5

State = Literal["closed", "open", "half"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """How the newest answers of a source were. `recent`: the last 20, "+" answered, "-" failed."""

    state: State = "closed"
    recent: str = ""
    opened: int = 0  # how often, ever

    @property
    def is_closed(self) -> bool:
        """Whether the source is asked as usual, history and all."""
        return self.state == "closed"

    def probing(self) -> Breaker:
        """The wait of an open one is over, and it is asked once."""
        return replace(self, state="half") if self.state == "open" else self

    def answered(self) -> Breaker:
        """Any answer closes it; what was before is forgiven then."""
        if not self.is_closed:
            return replace(self, state="closed", recent="+")
        return replace(self, recent=(self.recent + "+")[-WINDOW:])

    def failed(self) -> Breaker:
        """A failed probe opens it again, too many failures open a closed one."""
        recent = (self.recent + "-")[-WINDOW:]
        if not self.is_closed:
            return replace(self, state="open", recent=recent)
        if not _is_too_much(recent):
            return replace(self, recent=recent)
        return Breaker(state="open", recent=recent, opened=self.opened + 1)


def _is_too_much(recent: str) -> bool:
    is_row = recent.endswith("-" * IN_A_ROW)
    return is_row or (len(recent) == WINDOW and recent.count("-") >= SHARE * WINDOW)

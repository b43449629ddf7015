"""What an adapter may raise; anything else is our bug.

SourceError
├── Unavailable   it does not answer, or not in time: worth another try
├── Denied        it refuses us: someone has to act
└── Malformed     it answers with what cannot be read as a whole
"""

from __future__ import annotations


class SourceError(Exception):
    """The outside world's fault: Unavailable, Denied or Malformed. Anything else is our bug."""

    retry_after_seconds: float | None = None

    def at(self, where: str) -> SourceError:
        """The same, with where it happened before its words."""
        placed = type(self)(f"{where}: {self}")
        placed.retry_after_seconds = self.retry_after_seconds
        return placed


class Unavailable(SourceError):
    """It does not answer, or not in time: worth another try."""

    def __init__(self, *words: object, retry_after_seconds: float | None = None) -> None:
        """`retry_after_seconds`: how long it asks to be left alone; None: it did not say."""
        super().__init__(*words)
        self.retry_after_seconds = retry_after_seconds


class Denied(SourceError):
    """It refuses us: someone has to act."""


class Malformed(SourceError):
    """It answers with what cannot be read as a whole (a missing column, half a file)."""

"""The inbox: what the web process took in for a source, until the collector has stored it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One request that was taken in. Numbers grow, within a source in the order of commits.

    `bad`: how many of its rows were judged bad when they came.
    """

    number: int
    at: datetime
    count: int
    bad: int


class Inbox(Protocol):
    """What the adapter `push` reads. Every call raises Unavailable when it cannot be read."""

    def after(self, source: str, number: int, most: int) -> Sequence[Entry]:
        """The first entries of a source beyond a number, in order."""
        ...

    def rows(self, source: str, first: int, last: int) -> Sequence[Mapping[str, Any]]:
        """The rows of its entries with these numbers, both included, in order."""
        ...

    def taken(self, source: str, last: int) -> None:
        """Let go of all its entries up to a number: their rows are stored."""
        ...

"""Figure ids -> their figures, each computed again as it was at its own moment.

code ── moment, resolve ──> Asking, Asked ── recall ──> Found
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from centre.domain.places import City
from centre.domain.scope import Scope
from centre.metrics.asked import Asked
from centre.metrics.asking import Asking, Recalled, moment
from centre.metrics.metric import Metric
from centre.metrics.recall import recall
from centre.metrics.resolve import resolve
from centre.snapshots.cells import Snapshot
from centre.snapshots.figures import FigureCode

Noted = Callable[[FigureCode], Mapping[str, Any] | None]
"""The question of an id, where this process remembers it and it is not stored yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A figure that was shown: what was asked, of which moment, and what it is again."""

    code: FigureCode
    asking: Asking
    asked: Asked
    then: Recalled


@dataclass(frozen=True, slots=True, kw_only=True)
class Finder:
    """Whose figures are looked for, and where. `latest`: what the screens show now."""

    conn: Connection
    city: City
    metrics: Mapping[str, Metric]
    latest: Snapshot
    scope: Scope
    noted: Noted

    def find(self, code: FigureCode) -> Found | None:
        """The figure of an id; None where nothing was ever shown under it.

        Raise CannotAnswer where the asker may not see it.
        """
        stood = moment(self.conn, self.city, code.seq, self.latest)
        if stood is None:
            return None
        asking = Asking(
            conn=self.conn, city=self.city, metrics=self.metrics, moment=stood, scope=self.scope
        )
        asked = resolve(asking, code, self.noted(code))
        if asked is None:
            return None
        return Found(code=code, asking=asking, asked=asked, then=recall(asking, asked))

    def find_all(self, codes: Iterable[FigureCode]) -> dict[FigureCode, Found | None]:
        """The same of many, one moment after the other: the board of each is computed once."""
        return {code: self.find(code) for code in sorted(set(codes), key=lambda one: one.seq)}

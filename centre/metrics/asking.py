"""Where and when a figure is computed again: its moment, and the boards of that moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from centre.domain.places import City
from centre.domain.scope import Scope
from centre.metrics import past
from centre.metrics.asked import Asked
from centre.metrics.board import Board, board
from centre.metrics.metric import Metric
from centre.metrics.quality import quality
from centre.metrics.quality_lines import Quality
from centre.metrics.recent import Recent
from centre.snapshots.cells import NO_CELL, Cell, Snapshot, SourceState
from centre.store import changes

_BOARDS: Recent[Board] = Recent(most=12)
"""Boards of the past, of some 3 MB each in a city of 24 units."""
_QUALITIES: Recent[Quality] = Recent(most=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a figure stood, and as of which change it is asked for: `at` is `seq`, or later."""

    seq: int
    at: int
    now: datetime
    sources: tuple[SourceState, ...] = ()
    counted: Mapping[str, SourceState] = field(default_factory=dict)
    """Sources of which it is known what they had counted at exactly this seq."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """A figure: sums and how far they can be trusted. `start` None: not over a period."""

    num: float | None
    den: float | None = None
    cell: Cell = NO_CELL  # its coverage and clocks
    start: datetime | None = None
    end: datetime | None = None
    is_running: bool = False  # `end` is the moment itself, within a day that went on

    @property
    def value(self) -> float | None:
        """The number; None where there is none."""
        return replace(self.cell, num=self.num, den=self.den).value


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Everything that answers a question of the past: where, whose, by which definitions."""

    conn: Connection
    city: City
    metrics: Mapping[str, Metric]
    moment: Moment
    scope: Scope

    def metric(self, asked: Asked) -> Metric:
        """The metric by the definition it was shown by."""
        known = self.metrics[asked.metric]
        return known.at_version(asked.version) or known

    def known_at(self, at: int) -> Asking:
        """The same question by what was known at another change."""
        return replace(self, moment=replace(self.moment, at=at))

    def board(self, asked: Asked | None = None) -> Board:
        """All figures of the moment, by the definition that a question was answered by."""
        metrics, stood = self.metrics, self.moment
        if asked is not None and asked.metric and self.metric(asked) != metrics[asked.metric]:
            metrics = {**metrics, asked.metric: self.metric(asked)}
        versions = tuple(one.version for one in metrics.values())
        key = (stood.at, stood.now, stood.sources, self.scope.key, versions)
        return _BOARDS.made(self.conn.engine, key, lambda: self._board(metrics))

    def quality(self) -> Quality:
        """How sources and units delivered until the moment."""
        stood, scope = self.moment, self.scope
        seen = tuple(one for one in stood.sources if scope.allows_source(one.unit))

        def read() -> Quality:
            return quality(self.conn, self.city, seen, scope, stood.now, at=stood.at)

        return _QUALITIES.made(self.conn.engine, (stood.at, stood.now, seen, scope.key), read)

    def _board(self, metrics: Mapping[str, Metric]) -> Board:
        return board(
            self.conn,
            self.city,
            metrics,
            self.moment.now,
            scope=self.scope,
            sources=self.moment.sources,
            at=self.moment.at,
        )


def moment(conn: Connection, city: City, seq: int, latest: Snapshot) -> Moment | None:
    """The moment of a seq, None where there was none; `latest`: what the screens show now."""
    taken = changes.taken_at(conn, seq)
    if taken is None and seq != latest.seq:
        return None
    kept = latest if latest.seq == seq else past.snapshot_at(conn, seq)
    nearest = kept or latest
    is_exact = nearest.seq == seq or taken is None or city.clock == "latest"
    counted = {
        one.id: one
        for snapshot in (latest, nearest)
        for one in snapshot.sources
        if seq in (one.seq, snapshot.seq)
    }
    return Moment(
        seq=seq,
        at=seq,
        now=nearest.city_now if is_exact or taken is None else taken,
        sources=nearest.sources,
        counted=counted,
    )

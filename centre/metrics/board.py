"""The board: all that a snapshot shows of all metrics and units, from few queries.

facts.read ── windows.cells ──> cells
          └── curves ──> series, hours, shares, dues
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from centre.domain.places import City
from centre.domain.scope import Scope
from centre.metrics import curves, dated, facts, windows
from centre.metrics.kept import Kept
from centre.metrics.metric import Metric
from centre.snapshots.cells import Address, Cell, Due, Hours, Series, Share, SourceState


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The figures of a snapshot; its cells have no figure ids yet."""

    cells: Mapping[Address, Cell]
    series: Mapping[tuple[str, str], Series]
    hours: Mapping[str, Hours]
    shares: Mapping[tuple[str, str], tuple[Share, ...]]
    dues: Mapping[str, Due]
    kept: Kept = field(compare=False, repr=False)  # makes the next board cheaper


def board(
    conn: Connection,
    city: City,
    metrics: Mapping[str, Metric],
    now: datetime,
    *,
    scope: Scope,
    sources: Sequence[SourceState],
    before: Kept | None = None,
    at: int | None = None,
) -> Board:
    """Read and compute the board as of `now`, the city's clock; the same cost at any size.

    `before`: what the last board of the same store kept; without it everything is read. `at`: as
    it was known at a change number; `now` and `sources` are then those of a snapshot of then.
    """
    known = facts.read(conn, city, metrics, now, scope=scope, sources=sources, before=before, at=at)
    return assemble(known, metrics)


def line(
    conn: Connection,
    city: City,
    metric: Metric,
    unit: str,
    now: datetime,
    *,
    scope: Scope,
    sources: Sequence[SourceState],
    at: int | None = None,
) -> Series | None:
    """The 30 complete days of one metric, all of them by the definition that it is given as."""
    alone = {metric.id: replace(metric, earlier=())}
    known = facts.read(conn, city, alone, now, scope=scope, sources=sources, at=at)
    return curves.series(known, alone).get((metric.id, unit))


def assemble(known: facts.Facts, metrics: Mapping[str, Metric]) -> Board:
    """The board from what was read. Pure."""
    return Board(
        cells=windows.cells(known, metrics),
        series=dated.series(known, metrics),
        hours=curves.hours(known),
        shares=curves.shares(known),
        dues=curves.dues(known),
        kept=known.kept,
    )

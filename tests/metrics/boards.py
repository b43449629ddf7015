"""Boards of the tiny city, and the states of its sources that they are made with."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from centre.domain.places import CITY, City
from centre.domain.scope import EVERYTHING
from centre.metrics.board import Board, board
from centre.metrics.registry import METRICS
from centre.snapshots.cells import Address, Snapshot, SourceState
from centre.snapshots.naming import named
from tests import tiny

RECEIVED = "appeal.received.count"


def state(unit: str | None, word: str, minutes: float | None = 0) -> SourceState:
    """The source of a unit, whose data reaches to some minutes ago; None: it has none."""
    return SourceState(
        id=f"{unit}-desk",
        zh=str(unit),
        en=str(unit),
        unit=unit,
        adapter="simulated",
        state=word,
        synthetic=True,
        interval_seconds=60,
        contact="desk",
        as_of=tiny.NOW - timedelta(minutes=minutes) if minutes is not None else None,
    )


HOTLINE = replace(state("hotline", "live"), id="hotline", unit=None)
LIVE = (state("north", "live"), state("south", "live"), state("river", "live"), HOTLINE)
RIVER_DOWN = (*LIVE[:2], state("river", "down", 60), HOTLINE)


def make(conn: Connection, states: tuple[SourceState, ...] = LIVE, city: City = tiny.CITY) -> Board:
    """The board of everything, now."""
    return board(conn, city, METRICS, tiny.NOW, scope=EVERYTHING, sources=states)


def pair(made: Board, metric: str, unit: str = CITY, window: str = "now") -> tuple[object, ...]:
    """Numerator and denominator of a cell."""
    cell = made.cells[Address(metric, unit, window)]
    return cell.num, cell.den


def shown(made: Board, states: tuple[SourceState, ...], seq: int, filled: int = 0) -> Snapshot:
    """The board as the screens get it, with `filled` of so many days, its numbers named."""
    plain = Snapshot(
        seq=seq,
        published_at=tiny.NOW,
        city_now=tiny.NOW,
        clock="now",
        cells=made.cells,
        series=made.series,
        hours=made.hours,
        shares=made.shares,
        dues=made.dues,
        sources=states,
        filled_days=filled,
        total_days=filled,
    )
    return named(plain, None, {id_: metric.version for id_, metric in METRICS.items()})

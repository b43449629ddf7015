"""Chengdu with 40 days of all of its units, and what a board of it is when some are silent."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, Engine

from centre.domain.places import City
from centre.domain.records import Case
from centre.domain.scope import EVERYTHING
from centre.metrics.board import Board, assemble
from centre.metrics.facts import Facts, read
from centre.metrics.feeds import feeds
from centre.metrics.registry import METRICS, PARTS
from centre.snapshots.cells import Snapshot, SourceState
from centre.store import sources
from centre.store.write import Delivery, write
from tests import tiny
from tests.metrics import boards
from tests.samples import chengdu

CITY_OF: City = chengdu()
UNITS = tuple(unit.code for unit in CITY_OF.units)
CENTRES = tuple(unit.code for unit in CITY_OF.centres)
DAYS = 40
RECEIVED = "appeal.received.count"


def volume(unit: str) -> int:
    """Cases a day: every unit another number, so that no two shares are alike."""
    return 1 + UNITS.index(unit) % 5


def deliver(engine: Engine) -> None:
    """Each day alike; each unit from its own source."""
    closed = tuple((tiny.TODAY - timedelta(days=back)).isoformat() for back in range(1, DAYS))
    for unit in UNITS:
        delivery = Delivery(
            source=unit,
            epoch=sources.claim(engine, unit),
            records=[_case(unit, day, n) for day in range(DAYS) for n in range(volume(unit))],
            rows=(),
            cursor={},
            fetched_at=tiny.NOW,
            watermark=tiny.NOW,
            days=closed,
            units=(unit,),
        )
        write(engine, delivery, PARTS, CITY_OF.tz)


def _case(unit: str, day: int, number: int) -> Case:
    one = tiny.appeal(f"{unit}-{day}-{number}", unit, "06-17 08:00", satisfied=number % 2 == 0)
    at = one.received_at - timedelta(days=day)
    due, closed = at + timedelta(hours=3), at + timedelta(hours=1 + number)
    rest = {"dispatched_at": at, "due_at": due, "closed_at": closed, "resolved": number % 3 > 0}
    return replace(one, source=unit, received_at=at, followed_up_at=closed, **rest)


def state(unit: str, word: str = "live") -> SourceState:
    """A source of one unit; one that is down is silent for 42 minutes."""
    one = boards.state(unit, word, 42 if word == "down" else 0)
    return replace(one, id=unit, synthetic=False)


def states(silent: Collection[str] = ()) -> tuple[SourceState, ...]:
    """All sources; those of `silent` are down."""
    return tuple(state(unit, "down" if unit in silent else "live") for unit in UNITS)


def known(conn: Connection) -> Facts:
    """What a board of the whole city is made of."""
    return read(conn, CITY_OF, METRICS, tiny.NOW, scope=EVERYTHING, sources=states())


def board(facts: Facts, silent: Collection[str] = (), gaps: Collection[int] = ()) -> Board:
    """The board when these units are silent now and did not deliver the days of `gaps`."""
    presence = {
        unit: {day: at for day, at in days.items() if unit not in silent or day not in gaps}
        for unit, days in facts.presence.items()
    }
    seen = replace(facts, feeds=feeds(CITY_OF, states(silent)), presence=presence)
    return assemble(seen, METRICS)


def snapshot(made: Board, silent: Collection[str] = ()) -> Snapshot:
    """The same as the screens get it."""
    return boards.shown(made, states(silent), seq=7, filled=35)

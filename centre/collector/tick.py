"""One tick: the snapshot of all screens, numbered inside the store and handed to the bus."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Engine

from centre.alerts.find import find
from centre.collector.health import looks, progress, source_states
from centre.collector.reconcile import compared
from centre.collector.writer import Rank, Writer
from centre.domain.places import City
from centre.domain.scope import EVERYTHING
from centre.domain.sources import SourceConfig
from centre.metrics.board import board
from centre.metrics.kept import Kept
from centre.metrics.registry import of_city
from centre.snapshots.bus import Bus
from centre.snapshots.cells import Snapshot, SourceState
from centre.snapshots.naming import named
from centre.store import changes, health, notes, sources
from centre.store.engine import reading, writing
from centre.store.queries.horizon import last_record_at

_LOG = logging.getLogger(__name__)
_SHARE = 3.0  # a tick of 0.3 s still comes each second on a free machine, also during a fill
_LONGEST_PAUSE_SECONDS = 5.0  # however slow a tick is
HEARTBEAT_SECONDS = 10.0  # design.md: nothing new is news too, ages go on


class Publisher:
    """Publishes when something changed, else at each heartbeat."""

    def __init__(
        self,
        *,
        engine: Engine,
        writer: Writer,
        city: City,
        configs: Sequence[SourceConfig],
        bus: Bus,
        clock: Callable[[], datetime],
        archive: Callable[[Snapshot], None] = lambda _: None,
    ) -> None:
        """`archive` is given each snapshot before anybody sees it."""
        self._archive = archive
        self._engine, self._writer, self._city = engine, writer, city
        self._configs, self._bus, self._clock = configs, bus, clock
        self._metrics = of_city(city)
        self._versions = {key: metric.version for key, metric in self._metrics.items()}
        self._last: Snapshot | None = None
        self._kept: Kept | None = None
        self._shown: Mapping[str, object] = {}
        self._troubles: Mapping[str, str] = {}
        self._published_at = float("-inf")
        self._took_seconds = 0.0

    def follow(self, configs: Sequence[SourceConfig]) -> None:
        """Show these sources from the next tick on."""
        self._configs = configs

    def is_dear(self) -> bool:
        """Whether another tick now would leave the filling less than two thirds of the time."""
        pause = min(_SHARE * self._took_seconds, _LONGEST_PAUSE_SECONDS)
        return time.monotonic() - self._published_at < pause

    def tick(self, *, changed: bool, troubles: Mapping[str, str]) -> bool:
        """Publish if there is reason to; whether it was done."""
        began, self._troubles = time.monotonic(), troubles
        if not changed and began - self._published_at < HEARTBEAT_SECONDS and not self._differs():
            return False
        snapshot = self.make()
        self._archive(snapshot)
        self._bus.publish(snapshot)
        self._last, self._published_at = snapshot, began
        self._shown = looks(snapshot.sources)
        self._took_seconds = time.monotonic() - began
        _LOG.debug("seq %d in %.0f ms", snapshot.seq, self._took_seconds * 1000)
        return True

    def make(self) -> Snapshot:
        """Take a number and read everything as it is at that number."""
        at = self._clock()
        with self._numbered(at) as (seq, conn):
            now = self._city_now(conn, at)
            states = self._states(conn, now)
            snapshot = self._read(conn, seq, at, now, states)
        alerts = find(snapshot, self._city, self._metrics)
        return replace(snapshot, alerts=alerts, published_at=self._clock())

    def _read(
        self,
        conn: Connection,
        seq: int,
        at: datetime,
        now: datetime,
        states: tuple[SourceState, ...],
    ) -> Snapshot:
        seen = board(
            conn,
            self._city,
            self._metrics,
            now,
            scope=EVERYTHING,
            sources=states,
            before=self._kept,
        )
        self._kept = seen.kept
        filled, total, unit = progress(states)
        made = Snapshot(
            seq=seq,
            published_at=at,
            city_now=now,
            clock=self._city.clock,
            cells=seen.cells,
            series=seen.series,
            hours=seen.hours,
            shares=seen.shares,
            dues=seen.dues,
            sources=states,
            notes=notes.read(conn),
            filled_days=filled,
            total_days=total,
            fill_unit=unit,
            synthetic=any(one.synthetic for one in states),
        )
        return named(made, self._last, self._versions)

    @contextmanager
    def _numbered(self, at: datetime) -> Iterator[tuple[int, Connection]]:
        """A seq, and a connection that sees what was written before it and nothing after."""
        with ExitStack() as stack:
            # Both in the writer's turn: no delivery can slip in between number and view.
            yield self._writer.run(Rank.NOTE, lambda: self._open(stack, at))

    def _open(self, stack: ExitStack, at: datetime) -> tuple[int, Connection]:
        with writing(self._engine) as conn:
            seq = changes.next_change(conn, "publish", None, at)
        view = stack.enter_context(reading(self._engine))
        changes.latest(view)  # the first read is what fixes the view
        return seq, view

    def _city_now(self, conn: Connection, at: datetime) -> datetime:
        if self._city.clock == "now":
            return at
        return last_record_at(conn, EVERYTHING) or at

    def _states(self, conn: Connection, now: datetime) -> tuple[SourceState, ...]:
        rows, known = sources.states(conn), health.read(conn)
        states = source_states(self._configs, rows, now, self._troubles, known)
        return compared(conn, self._configs, states)

    def _differs(self) -> bool:
        """Whether a source looks another way than screens show it."""
        at = self._clock()
        with reading(self._engine) as conn:
            now = self._city_now(conn, at)
            states = self._states(conn, now)
        return looks(states) != self._shown

"""The collector's life: make the store ready, claim the sources, beat once a second, stop."""

from __future__ import annotations

import logging
import random
import time
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from threading import Event

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from centre.collector.archivist import Archivist
from centre.collector.crew import Crew, Desk
from centre.collector.ground import Ground, ground, opened, surroundings
from centre.collector.night import Night, Post
from centre.collector.reconcile import patient
from centre.collector.schedule import Schedule, Uniform, back_off
from centre.collector.sink import StoreSink
from centre.collector.tick import Publisher
from centre.collector.worker import Duty, Outcome, Worker
from centre.domain.places import City
from centre.domain.sources import Reconcile, SourceConfig
from centre.settings import Settings
from centre.snapshots.bus import Bus
from centre.store import health, sources
from centre.store.delivery import Fenced
from centre.store.engine import reading
from datasources.registry import build
from datasources.source import DataSource, Surroundings

_LOG = logging.getLogger(__name__)
BEAT_SECONDS = 1.0  # design.md: at most one seq a second
_LOOKS_BEATS = 5  # of the night: whose hour has come
_ANSWERS_SHARE = 0.5  # of a beat: then what is there is published
_LONGEST_PAUSE = 3  # doublings: a database that is back is found within 8 s

Build = Callable[[SourceConfig, Surroundings], DataSource]


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


class Collector:
    """The only writer of a city. The keywords are what tests replace."""

    def __init__(
        self,
        settings: Settings,
        city: City,
        configs: Sequence[SourceConfig],
        bus: Bus,
        *,
        clock: Callable[[], datetime] = utc_now,
        make: Build = build,
        uniform: Uniform = random.uniform,
        beat_seconds: float = BEAT_SECONDS,
    ) -> None:
        self._settings, self._city, self._configs, self._bus = settings, city, configs, bus
        self._clock, self._make, self._uniform = clock, make, uniform
        self._beat = beat_seconds
        self.fenced = False
        self._outages = 0  # attempts in a row that ended with an error

    def run(self, stop: Event) -> None:
        """Collect until `stop` is set, or until another collector has taken over: `fenced`."""
        with opened(self._settings) as engine:
            try:
                while not stop.is_set():
                    self._try(partial(self._serve, engine, stop), stop)
            except Fenced as taken:
                self.fenced = True
                _LOG.error("another collector has taken over, this one stops: %s", taken)

    def _try(self, work: Callable[[], None], stop: Event) -> None:
        """Over an outage or a fault of ours: say so once, wait a little longer each time.

        A fault must not end the collector for good: what made it (a row, a moment) may pass.
        """
        try:
            work()
        except Fenced:
            raise
        except Exception as error:
            if not self._outages:
                _tell_outage(error)
            self._outages = min(self._outages + 1, _LONGEST_PAUSE)
            stop.wait(0.2 + back_off(self._outages, self._uniform))

    def _serve(self, engine: Engine, stop: Event) -> None:
        """From a database that answers to the stop, or to the next outage."""
        with ground(engine, self._city, self._configs, self._clock, _tell_refill) as base:
            crew = self._crew(base)
            archivist = Archivist(engine, base.writer, self._settings.archive)
            publisher = Publisher(
                engine=engine,
                writer=base.writer,
                city=self._city,
                configs=self._configs,
                bus=self._bus,
                clock=self._clock,
                archive=archivist.archive,
            )
            night = self._night(base)
            night.begin(_LOOKS_BEATS * self._beat)
            try:
                self._beat_until(stop, engine, crew, publisher)
            finally:
                night.close()
                crew.close()

    def _beat_until(self, stop: Event, engine: Engine, crew: Crew, publisher: Publisher) -> None:
        beat = time.monotonic()
        while not stop.is_set():
            with reading(engine) as conn:
                rows = sources.states(conn)
            crew.ask(rows)
            crew.wait(beat + self._beat * _ANSWERS_SHARE, for_answers=True)
            if not (crew.is_filling and publisher.is_dear()):
                self._publish(crew, publisher)
            self._goes_on()
            # A beat that took too long is not made up for by two at once.
            beat = max(beat + self._beat, time.monotonic())
            crew.wait(beat)

    def _publish(self, crew: Crew, publisher: Publisher) -> None:
        with crew.resting():
            if publisher.tick(changed=crew.changed, troubles=crew.troubles):
                crew.changed = False

    def _goes_on(self) -> None:
        if self._outages:
            _LOG.warning("collecting goes on")
        self._outages = 0

    def _crew(self, base: Ground) -> Crew:
        sinks = {one.id: base.claim(one) for one in self._configs}
        with reading(base.engine) as conn:
            known = health.read(conn)

        def hire(source: str, report: Callable[[Outcome], None]) -> Worker:
            return Worker(self._duty(sinks[source]), report)

        desk = Desk(
            engine=base.engine,
            writer=base.writer,
            clock=self._clock,
            deadlines={one.id: one.limits.deadline_seconds for one in self._configs},
            known=known,
        )
        every = {one.id: one.every_seconds for one in self._configs}
        schedule = Schedule(every, time.monotonic(), self._uniform)
        return Crew(desk, schedule, hire, self._uniform)

    def _night(self, base: Ground) -> Night:
        posts = [
            self._post(one, one.reconcile) for one in self._configs if one.reconcile is not None
        ]
        return Night(base.engine, base.writer, self._city, posts, self._clock)

    def _post(self, config: SourceConfig, nightly: Reconcile) -> Post:
        around = surroundings(self._settings, self._city, patient(config.limits))
        build = partial(self._make, config, around)
        return Post(config=config, nightly=nightly, build=build, begin=around.budget.begin)

    def _duty(self, sink: StoreSink) -> Duty:
        config = sink.config
        around = surroundings(self._settings, self._city, config.limits)
        return Duty(
            source=config.id,
            build=partial(self._make, config, around),
            begin=around.budget.begin,
            sink=sink,
            clock=self._clock,
        )


def _tell_outage(error: Exception) -> None:
    if isinstance(error, SQLAlchemyError):
        reason = str(error).splitlines()[0]
        _LOG.error("the database is down, screens keep what they show: %s", reason)
        return
    # Not the message: it may hold a citizen's row. The trace holds code only.
    trace = "".join(traceback.format_tb(error.__traceback__))
    _LOG.error(
        "a fault of ours, screens keep what they show: %s at\n%s", type(error).__name__, trace
    )


def _tell_refill(done: int, total: int) -> None:
    if done == total or done % 100_000 < 5_000:  # pages of 5,000 rows
        _LOG.info("counting figures anew: %d of %d rows", done, total)

"""The collector's life: make the store ready, claim the sources, beat once a second, stop."""

from __future__ import annotations

import logging
import random
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from threading import Event

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from centre.citypack.files import Found
from centre.collector.archivist import Archivist
from centre.collector.crew import Crew, Desk
from centre.collector.follow import LOOKS_SECONDS, Changes, Following, changes, following
from centre.collector.ground import Ground, ground, opened, surroundings
from centre.collector.night import Night, Post
from centre.collector.reconcile import patient
from centre.collector.schedule import Schedule, Uniform, back_off
from centre.collector.sink import StoreSink
from centre.collector.tick import Publisher
from centre.collector.worker import Duty, Outcome, Worker
from centre.collector.writer import Rank
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

Look = Callable[[], Found]
"""The sources as their files say by now."""

Build = Callable[[SourceConfig, Surroundings], DataSource]


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Team:
    """Whoever has to know which sources there are. `sinks`: those that were claimed."""

    base: Ground
    sinks: dict[str, StoreSink]
    crew: Crew
    publisher: Publisher
    night: Night


class Collector:
    """The only writer of a city. The keywords are what tests replace.

    With `look` it follows the files of its sources: `configs` are those that it begins with.
    """

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
        look: Look | None = None,
        looks_seconds: float = LOOKS_SECONDS,
    ) -> None:
        self._settings, self._city, self._configs, self._bus = settings, city, configs, bus
        self._clock, self._make, self._uniform = clock, make, uniform
        self._beat = beat_seconds
        self._following = Following(look, looks_seconds) if look else None
        self.fenced = False
        self._outages = 0  # attempts in a row that ended with an error

    def run(self, stop: Event) -> None:
        """Collect until `stop` is set, or until another collector has taken over: `fenced`."""
        with opened(self._settings) as engine, following(self._following):
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
            sinks = {one.id: base.claim(one) for one in self._configs}
            crew = self._crew(base, sinks)
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
            team = _Team(base=base, sinks=sinks, crew=crew, publisher=publisher, night=night)
            try:
                self._beat_until(stop, team)
            finally:
                night.close()
                crew.close()

    def _beat_until(self, stop: Event, team: _Team) -> None:
        beat, crew, publisher = time.monotonic(), team.crew, team.publisher
        while not stop.is_set():
            self._follow(team)
            with reading(team.base.engine) as conn:
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

    def _follow(self, team: _Team) -> None:
        """Take in, change and let go sources as their files say; the others notice nothing."""
        after = self._following.sources if self._following else None
        found = changes(self._configs, self._configs if after is None else after)
        if after is None or found.are_none:
            return
        self._configs = team.base.configs = after
        _tell_changes(found)
        for id_ in found.gone:
            team.crew.dismiss(id_, returns=any(one.id == id_ for one in found.came))
        for one in found.came:
            held = {id_: sink.epoch for id_, sink in team.sinks.items()}
            claim = partial(team.base.claim, one, held)
            team.sinks[one.id] = team.base.writer.run(Rank.NOTE, claim)
            team.crew.welcome(one.id, one.every_seconds, one.limits.deadline_seconds)
        for id_ in team.sinks.keys() - {one.id for one in after}:
            del team.sinks[id_]
        team.publisher.follow(after)
        team.night.follow(self._posts())

    def _goes_on(self) -> None:
        if self._outages:
            _LOG.warning("collecting goes on")
        self._outages = 0

    def _crew(self, base: Ground, sinks: Mapping[str, StoreSink]) -> Crew:
        with reading(base.engine) as conn:
            known = health.read(conn)

        def hire(source: str, report: Callable[[Outcome], None]) -> Worker:
            return Worker(self._duty(sinks[source], base.engine), report)

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
        return Night(base.engine, base.writer, self._city, self._posts(), self._clock)

    def _posts(self) -> list[Post]:
        return [
            self._post(one, one.reconcile) for one in self._configs if one.reconcile is not None
        ]

    def _post(self, config: SourceConfig, nightly: Reconcile) -> Post:
        around = surroundings(self._settings, self._city, patient(config.limits))
        build = partial(self._make, config, around)
        return Post(config=config, nightly=nightly, build=build, begin=around.budget.begin)

    def _duty(self, sink: StoreSink, engine: Engine) -> Duty:
        config = sink.config
        around = surroundings(self._settings, self._city, config.limits, engine)
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


def _tell_changes(found: Changes) -> None:
    came = {one.id for one in found.came}
    words = {
        "new": came - {*found.gone},
        "changed": came & {*found.gone},
        "gone": {*found.gone} - came,
    }
    told = (f"{word}: {', '.join(sorted(ids))}" for word, ids in words.items() if ids)
    _LOG.warning("sources %s", "; ".join(told))


def _tell_refill(done: int, total: int) -> None:
    if done == total or done % 100_000 < 5_000:  # pages of 5,000 rows
        _LOG.info("counting figures anew: %d of %d rows", done, total)

"""At night each source is compared with what is here, and what differs is shown."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from centre.collector.ground import Ground, ground, opened
from centre.collector.night import PATIENCE, RETRY, Night, Post, is_due
from centre.domain.places import City
from centre.domain.sources import Reconcile, SourceConfig
from centre.store import reconciled, sources
from centre.store.delivery import Delivery
from centre.store.engine import reading, writing
from centre.store.reconciled import Day, Summary
from centre.store.write import write
from datasources.source import DataSource, Unavailable
from tests.collector.scripted import Clock, Script, Scripted, collecting, config, settings
from tests.tiny import CITY, NOW

ZONE = CITY.tz
NIGHTLY = Reconcile(nightly=time(3, 30), days=3)
ONE = replace(config(), reconcile=NIGHTLY)
YESTERDAY = NOW.astimezone(ZONE).date() - timedelta(days=1)


class Counted(Scripted):
    """A scripted source that counts."""

    def __init__(self, script: Script, theirs: Mapping[date, int], asked: list[int]) -> None:
        super().__init__(script)
        self._theirs, self._asked = theirs, asked

    def counts(self, days: frozenset[date]) -> Mapping[date, int]:
        self._asked.append(len(days))
        if self._script.error is not None:
            raise self._script.error
        return {day: count for day, count in self._theirs.items() if day in days}


@dataclass
class World:
    """A source whose history is in, and the night around it."""

    base: Ground
    clock: Clock
    script: Script = field(default_factory=Script)
    theirs: dict[date, int] = field(default_factory=dict)
    asked: list[int] = field(default_factory=list)

    def night(self, make: Callable[[], DataSource] | None = None) -> Night:
        build = make or (lambda: Counted(self.script, self.theirs, self.asked))
        post = Post(config=ONE, nightly=NIGHTLY, build=build, begin=lambda: None)
        return Night(self.base.engine, self.base.writer, CITY, [post], self.clock)

    def answered(self, filled: int = 1) -> None:
        """It answers with nothing new; `filled` of one day of history is in."""
        epoch = sources.claim(self.base.engine, ONE.id)
        delivery = Delivery(
            source=ONE.id,
            epoch=epoch,
            records=(),
            rows=(),
            cursor={},
            fetched_at=self.clock(),
            watermark=self.clock(),
            filled=100 * filled,
            total=100,
            fill_unit="percent",
        )
        write(self.base.engine, delivery, (), ZONE)

    def found(self) -> Summary | None:
        with reading(self.base.engine) as conn:
            return reconciled.summaries(conn).get(ONE.id)


@pytest.fixture
def world(tmp_path: Path):
    clock = Clock()
    with opened(settings(tmp_path)) as engine, ground(engine, CITY, [ONE], clock) as base:
        yield World(base=base, clock=clock)


def test_a_source_is_compared_once_its_history_is_in_then_every_night(world: World) -> None:
    night = world.night()
    night.look()
    world.answered(filled=0)
    night.look()
    assert world.asked == []
    world.answered()
    world.theirs[YESTERDAY] = 2
    night.look()
    assert world.found() == Summary(compared_at=NOW, newest=YESTERDAY, differing={YESTERDAY: 2})
    world.clock.pass_(hours=1)
    night.look()
    assert world.asked == [3]
    world.clock.pass_(hours=23)
    night.look()
    assert world.asked == [3]  # its hour was missed by too much
    world.clock.pass_(hours=20)
    night.look()
    assert world.asked == [3, 3]


def test_a_day_that_differed_is_compared_until_it_is_the_same(world: World) -> None:
    world.answered()
    old = Day(day=YESTERDAY - timedelta(days=90), theirs=1, stored=0, refused=0)
    with writing(world.base.engine) as conn:
        reconciled.keep(conn, ONE.id, [old], NOW - timedelta(days=30))
    world.clock.pass_(hours=19)
    world.night().look()
    found = world.found()
    assert world.asked == [4]
    assert found is not None
    assert found.differing == {}


def test_a_source_that_cannot_be_compared_is_asked_again_later(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.answered()
    world.script.error = Unavailable("it does not answer")
    night = world.night()
    night.look()
    night.look()
    assert len(world.asked) == 1
    assert f"{ONE.id} cannot be compared: it does not answer" in caplog.text
    world.script.error = None
    world.clock.pass_(seconds=RETRY.total_seconds())
    night.look()
    assert world.found() is not None


def test_an_adapter_that_cannot_count_and_one_that_breaks_stop_nothing(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.answered()
    world.night(lambda: Scripted(world.script)).look()
    assert "scripted cannot count; take out [reconcile]" in caplog.text

    words = "13800138000"

    def broken() -> DataSource:
        raise ZeroDivisionError(words)

    world.night(broken).look()
    assert "a fault of ours, ZeroDivisionError" in caplog.text
    assert words not in caplog.text


def test_a_difference_is_said_once_a_night(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.answered()
    world.theirs[YESTERDAY] = 2
    with caplog.at_level(logging.WARNING):
        world.night().look()
    assert f"{ONE.id} differs from its source: {YESTERDAY} +2" in caplog.text


@pytest.mark.parametrize(
    ("compared", "now", "due"),
    [
        (None, "12:00", True),
        ("2026-06-16 03:31", "03:29", False),
        ("2026-06-16 03:31", "03:30", True),
        ("2026-06-16 14:00", "07:29", True),  # it was compared by hand in between
        ("2026-06-16 03:31", "07:30", False),
        ("2026-06-17 03:30", "04:00", False),
    ],
)
def test_its_hour_is_of_the_city_and_lasts_four_hours(
    compared: str | None, now: str, due: bool
) -> None:
    def at(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))

    known = Summary(compared_at=at(compared), newest=YESTERDAY, differing={}) if compared else None
    assert timedelta(hours=4) == PATIENCE
    assert is_due(NIGHTLY, known, at(f"2026-06-17 {now}"), ZONE) is due


def test_screens_show_what_the_night_found(tmp_path: Path) -> None:
    script, theirs = Script(), {YESTERDAY: 2}

    def make(_config: SourceConfig, _around: object) -> Counted:
        return Counted(script, theirs, [])

    with collecting(tmp_path, {ONE.id: script}, [ONE], make=make) as running:
        shown = running.until(lambda snapshot: snapshot.sources[0].compared_at)
        (one,) = shown.sources
        assert one.reconciles
        assert one.differences == ((YESTERDAY.isoformat(), 2),)


def test_nothing_is_begun_where_nobody_agreed_to_it(tmp_path: Path) -> None:
    with opened(settings(tmp_path)) as engine:
        night = _idle(engine, CITY)
        night.begin(0.01)
        night.close()


def _idle(engine: Engine, city: City) -> Night:
    with ground(engine, city, [], Clock()) as base:
        return Night(engine, base.writer, city, [], Clock())

"""Source files come, change, break, are mended and go while a collector runs."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from centre.citypack.files import SourceFiles
from centre.citypack.load import load_city
from centre.collector.follow import changes
from centre.collector.ground import ground
from centre.collector.service import Collector
from centre.domain.sources import SourceConfig
from centre.snapshots.bus.memory import MemoryBus
from centre.store import health, sources
from centre.store.delivery import Fenced
from centre.store.engine import connect, reading
from datasources.kit.judge import judge
from datasources.registry import build
from datasources.source import DataSource, Surroundings
from tests.citypack.pack import write
from tests.collector.scripted import Clock, Running, Script, collecting, config, row, settings
from tests.stores import laid
from tests.tiny import CITY

RECEIVED = "appeal.received.count"
NOW = datetime.now(UTC)

FILE = """
name = {{ zh = "{id}", en = "{id}" }}
adapter = "file_drop"
contact = "the test"
{unit}

[connection]
path = "{path}"
settle_seconds = 0

[schedule]
every = 0.1

[promise]
interval = "5 min"

[fields]
key = "{key}"
unit = "unit"
received_at = {{ column = "received", format = "iso" }}
"""


@dataclass
class Town:
    """A city pack on disk with a collector at work."""

    pack: Path
    data: Path
    asked: dict[str, list[float]] = field(default_factory=dict)

    def rows(self, name: str, *keys: str, unit: str = "old-town") -> Path:
        """A file of cases of this hour, written whole."""
        received = (NOW - timedelta(minutes=1)).isoformat()
        lines = [json.dumps({"id": key, "unit": unit, "received": received}) for key in keys]
        return _whole(self.data / f"{name}.jsonl", "\n".join(lines) + "\n")

    def source(
        self, id: str, unit: str | None = "old-town", key: str = "id", data: str = ""
    ) -> Path:
        """A source file that reads the cases of its name, written whole."""
        path = self.data / f"{data or id}.jsonl"
        said = f'unit = "{unit}"' if unit else ""
        text = FILE.format(id=id, unit=said, path=path, key=key)
        return _whole(self.pack / "sources.d" / f"{id}.toml", text)

    def make(self, one: SourceConfig, around: Surroundings) -> DataSource:
        """The real adapter; what it is asked is noted."""
        return Noting(build(one, around), self.asked.setdefault(one.id, []))


class Noting:
    """An adapter that notes when it is asked."""

    def __init__(self, inner: DataSource, asked: list[float]) -> None:
        self._inner, self._asked = inner, asked

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def fetch(self, *words: Any) -> Any:
        self._asked.append(time.monotonic())
        return self._inner.fetch(*words)


def _whole(file: Path, text: str) -> Path:
    draft = file.with_suffix(".draft")
    draft.write_text(text, "utf-8")
    os.replace(draft, file)
    return file


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Two units; the desk of one delivers two cases."""
    pack = write(tmp_path / "riverton", hotline="")
    (pack / "sources.d" / "hotline.toml").unlink()
    data = tmp_path / "data"
    data.mkdir()
    made = Town(pack=pack, data=data)
    made.rows("desk", "A1", "A2")
    made.source("desk")
    return made


@contextmanager
def at_work(town: Town) -> Iterator[Running]:
    """A collector that looks at its files all the time."""
    city = load_city(town.pack)
    files = SourceFiles(town.pack, city, judge(city, town.data), still_seconds=0.1)
    bus, stop = MemoryBus(), Event()
    collector = Collector(
        settings(town.data),
        city,
        files.look().sources,
        bus,
        make=town.make,
        uniform=lambda _a, b: min(b, 0.1),
        beat_seconds=0.1,
        look=files.look,
        looks_seconds=0.05,
    )
    thread = Thread(target=collector.run, args=(stop,), daemon=True)
    url = settings(town.data).database_url
    running = Running(collector=collector, bus=bus, url=url, stop=stop, thread=thread)
    thread.start()
    try:
        running.until(lambda s: s.cell(RECEIVED, "old-town").num == 2)
        yield running
    finally:
        running.end()


def told(caplog: pytest.LogCaptureFixture, words: str) -> Callable[[object], bool]:
    """Whether a line of the log holds some words."""
    return lambda _: any(words in one.getMessage() for one in caplog.records)


def names(running: Running) -> list[str]:
    """The sources that screens show."""
    snapshot = running.bus.latest()
    return [one.id for one in snapshot.sources] if snapshot else []


def test_a_new_file_is_asked_and_shown_while_the_others_go_on(town: Town) -> None:
    with at_work(town) as running:
        town.rows("port", "B1", "B2", "B3", unit="harbour")
        began = len(town.asked["desk"])
        town.source("port", "harbour")
        running.until(lambda s: s.cell(RECEIVED, "harbour").num == 3)
        assert names(running) == ["desk", "port"]
        assert running.source("desk").epoch == 1  # claimed once: its worker is the same
        running.until(lambda _: len(town.asked["desk"]) > began + 3)


def test_a_changed_file_is_read_by_its_new_words(town: Town) -> None:
    with at_work(town) as running:
        town.rows("annex", "A7", "A8", "A9")
        town.source("desk", data="annex")
        running.until(lambda s: s.cell(RECEIVED, "old-town").num == 5)
        assert running.source("desk").epoch == 2
        assert names(running) == ["desk"]


def test_a_wrong_file_is_refused_with_file_key_and_remedy_and_the_old_one_goes_on(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    with at_work(town) as running, caplog.at_level(logging.WARNING):
        file = town.source("desk")
        good = file.read_text("utf-8")
        _whole(file, good.replace('contact = "the test"', 'contact = "x"\nunti = 3'))
        running.until(told(caplog, "desk.toml: unti: unknown key; did you mean"))
        town.rows("desk", "A1", "A2", "A3")
        running.until(lambda s: s.cell(RECEIVED, "old-town").num == 3)
        assert running.source("desk").epoch == 1
        _whole(file, good.replace("settle_seconds", "setle_seconds"))
        running.until(told(caplog, "desk.toml: connection.setle_seconds: the adapter file_drop"))
        _whole(file, good.replace("the test", "the clerk"))
        running.until(told(caplog, "desk.toml is in order again"))
        running.until(lambda s: s.sources[0].contact == "the clerk")
        assert running.source("desk").epoch == 2
    assert sum("unti: unknown key" in one.getMessage() for one in caplog.records) == 1


def test_a_file_that_goes_takes_its_source_from_the_screens_and_its_cases_stay(town: Town) -> None:
    with at_work(town) as running:
        town.rows("port", "B1", unit="harbour")
        file = town.source("port", "harbour")
        running.until(lambda s: s.cell(RECEIVED, "harbour").num == 1)
        file.unlink()
        running.until(lambda s: [one.id for one in s.sources] == ["desk"])
        asked = len(town.asked["desk"])
        silent = len(town.asked["port"])
        running.until(lambda s: len(town.asked["desk"]) > asked + 3)
        assert len(town.asked["port"]) == silent
        assert running.source("port").stored == 1
        town.source("port", "harbour")  # and back, where it left off
        running.until(lambda s: len(s.sources) == 2 and s.sources[1].state == "live")
        assert running.source("port").stored == 1


def test_a_general_source_answers_for_a_unit_until_it_has_a_source_of_its_own(town: Town) -> None:
    city = load_city(town.pack)
    town.source("general", None)
    files = SourceFiles(town.pack, city)
    engine = connect(laid(town.data / "tiny.db"))
    with ground(engine, city, files.look().sources, lambda: NOW) as base:
        sink = base.claim(next(one for one in base.configs if one.id == "general"))
        assert sink.units() == ("harbour",)
        town.source("port", "harbour")
        base.configs = files.look(at_once=True).sources
        assert sink.units() == ()
    engine.dispose()


def test_a_changed_file_forgives_its_breaker(town: Town) -> None:
    with at_work(town) as running:
        (town.data / "desk.jsonl").write_text("{" * 50 + "\n", "utf-8")
        running.until(lambda s: s.sources[0].breaker == "open")
        town.rows("annex", "A9")
        town.source("desk", data="annex")
        running.until(lambda s: s.sources[0].breaker == "closed" and not s.sources[0].error)
        engine = connect(running.url)
        with reading(engine) as conn:
            known = health.read(conn)["desk"]
        engine.dispose()
    assert (known.breaker, known.retry_at, known.condition) == ("closed", None, "")


def test_a_source_that_hangs_is_let_go_and_its_late_answer_counts_for_nothing(
    tmp_path: Path,
) -> None:
    """The worker that hangs wakes up after its source has been taken over by another."""
    gate = Event()
    hanging = Script(hang=gate, pages=[[row("N1"), row("N2")]])
    scripts = {"north-desk": hanging, "south-desk": Script(pages=[[row("S1", "south")]])}
    first = (config("north-desk"), config("south-desk", "south"))
    now = [first]
    files = SourceFiles(tmp_path, CITY)

    def look() -> Any:
        found = files.look()
        return type(found)(sources=now[0])

    clock = Clock()
    with collecting(
        tmp_path, scripts, first, clock=clock, look=look, looks_seconds=0.05
    ) as running:
        running.until(lambda s: s.cell(RECEIVED, "south").num == 1 and hanging.fetches == 1)
        hanging.hang = None
        now[0] = (config("north-desk", contact="another"), first[1])
        running.until(lambda s: s.cell(RECEIVED, "north").num == 2)
        before = running.source("north-desk")
        gate.set()
        running.until(lambda s: running.source("north-desk").succeeded_at is not None)
        after = running.source("north-desk")
        assert (before.epoch, after.epoch, after.stored, after.failures) == (2, 2, 2, 0)
        assert running.source("south-desk").epoch == 1
        assert not running.collector.fenced


def test_only_what_differs_goes_or_comes() -> None:
    same, old, new = config("same"), config("desk"), config("desk", contact="another")
    found = changes((same, old, config("gone")), (same, new, config("new")))
    assert found.gone == ("desk", "gone")
    assert [one.id for one in found.came] == ["desk", "new"]
    assert changes((same,), (same,)).are_none


def test_whoever_was_taken_over_claims_nothing_more(tmp_path: Path) -> None:
    engine = connect(laid(tmp_path / "a.db"))
    epoch = sources.claim(engine, "desk")
    sources.claim(engine, "desk")
    with pytest.raises(Fenced):
        sources.claim(engine, "port", held={"desk": epoch})
    with reading(engine) as conn:
        assert [one.id for one in sources.states(conn)] == ["desk"]
    engine.dispose()


def test_a_file_counts_once_it_keeps_still(town: Town) -> None:
    city = load_city(town.pack)
    patient = SourceFiles(town.pack, city, still_seconds=60)
    town.source("port", "harbour")
    assert len(patient.look().sources) == 1
    assert len(patient.look(at_once=True).sources) == 2


def test_another_adapter_under_the_same_name_is_refused(town: Town) -> None:
    city = load_city(town.pack)
    files = SourceFiles(town.pack, city, still_seconds=0)
    file = town.source("desk")
    _whole(file, file.read_text("utf-8").replace("file_drop", "rest"))
    found = files.look()
    assert [one.adapter for one in found.sources] == ["file_drop"]
    assert [one.key for one in found.findings] == ["adapter"]
    assert found.goes_on(found.findings[0])

"""A source that does what a test tells it, and a collector around it on the tiny city."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any, ClassVar

from centre.collector.service import Collector
from centre.domain.places import Name
from centre.domain.sources import FieldMap, SourceConfig
from centre.settings import Settings
from centre.snapshots.bus.memory import MemoryBus
from centre.snapshots.cells import Snapshot
from centre.store.engine import connect, reading
from centre.store.sources import SourceRow, states
from datasources.source import Batch, SourceError, Surroundings
from tests.tiny import CITY, NOW

Row = dict[str, Any]


def config(id: str = "north-desk", unit: str | None = "north", **rest: Any) -> SourceConfig:
    """A source of the tiny city, asked ten times a second."""
    fields = {name: FieldMap(column=name) for name in ("key", "unit", "source_version")}
    return SourceConfig(
        **{
            "id": id,
            "path": Path(f"conf/tiny/sources.d/{id}.toml"),
            "name": Name(zh=id, en=id),
            "adapter": "scripted",
            "record": "case",
            "unit": unit,
            "connection": {},
            "every_seconds": 0.1,
            "interval_seconds": 60.0,
            "zone": "Asia/Shanghai",
            "crs": "wgs84",
            "contact": "the test",
            "synthetic": True,
            "fields": {**fields, "received_at": FieldMap(column="received", format="iso")},
            **rest,
        }
    )


def row(key: str, unit: str = "north", **rest: Any) -> Row:
    """A good row of this morning."""
    return {"key": key, "unit": unit, "source_version": "1", "received": "2026-06-17T08:00", **rest}


@dataclass
class Script:
    """What one source does. `pages` are delivered one a batch; the cursor counts them."""

    pages: list[list[Row]] = field(default_factory=list)
    error: Exception | None = None
    hang: Event | None = None  # fetch waits for it
    quiet: bool = False  # nothing new: not even a batch
    stands_still: bool = False
    fetches: int = 0
    settled: list[int] = field(default_factory=list)


class Scripted:
    """The adapter of a script."""

    adapter: ClassVar[str] = "scripted"
    connection_keys: ClassVar[Mapping[str, str]] = {}

    def __init__(self, script: Script) -> None:
        self._script = script

    def fetch(self, cursor: Mapping[str, Any] | None, now: datetime) -> Iterator[Batch]:
        script = self._script
        script.fetches += 1
        if script.hang is not None:
            script.hang.wait(30)
        if script.error is not None:
            raise script.error
        done = int(cursor["page"]) if cursor else 0
        if script.quiet and done == len(script.pages):
            return
        yield Batch(rows=[], cursor={"page": done}, watermark=now)
        for number, page in enumerate(script.pages[done:], done + 1):
            yield Batch(rows=page, cursor={"page": number}, watermark=now)

    @property
    def stands_still_when_quiet(self) -> bool:
        return self._script.stands_still

    def settle(self, cursor: Mapping[str, Any]) -> None:
        self._script.settled.append(int(cursor["page"]))


class Clock:
    """The morning of the tiny city, standing still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Running:
    """A collector at work."""

    collector: Collector
    bus: MemoryBus
    url: str
    stop: Event
    thread: Thread

    def until(self, holds: Callable[[Snapshot], object], seconds: float = 10) -> Snapshot:
        """The first snapshot for which it holds."""
        limit, found = time.monotonic() + seconds, None
        while time.monotonic() < limit:
            found = self.bus.latest()
            if found is not None and holds(found):
                return found
            time.sleep(0.01)
        raise AssertionError(f"did not happen within {seconds} s; last: {found and found.sources}")

    def source(self, id: str = "north-desk") -> SourceRow:
        """What the store knows of a source."""
        engine = connect(self.url)
        with reading(engine) as conn:
            found = next(one for one in states(conn) if one.id == id)
        engine.dispose()
        return found

    def end(self) -> None:
        self.stop.set()
        self.thread.join(15)
        assert not self.thread.is_alive(), "the collector did not stop"


def settings(folder: Path) -> Settings:
    """A city's own database in a folder."""
    return Settings(
        city_dir=folder,
        data_dir=None,
        state_dir=folder,
        database_url=f"sqlite:///{folder / 'tiny.db'}",
        redis_url=None,
        host="127.0.0.1",
        port=8050,
        workers=1,
    )


@contextmanager
def collecting(
    folder: Path,
    scripts: Mapping[str, Script],
    configs: Sequence[SourceConfig] | None = None,
    clock: Callable[[], datetime] | None = None,
    **rest: Any,
) -> Iterator[Running]:
    """A running collector; source ids are "<unit>-desk". Retries after a failure are quick."""

    def make(one: SourceConfig, _around: Surroundings) -> Scripted:
        return Scripted(scripts[one.id])

    chosen = configs or [config(id_, id_.split("-")[0]) for id_ in scripts]
    chosen = [replace(one) for one in chosen]
    bus, stop = MemoryBus(), Event()
    options = {"make": make, "clock": clock or Clock(), "uniform": lambda _a, b: min(b, 0.1)}
    options["beat_seconds"] = 0.1
    collector = Collector(settings(folder), CITY, chosen, bus, **{**options, **rest})
    thread = Thread(target=collector.run, args=(stop,), daemon=True)
    url = settings(folder).database_url
    running = Running(collector=collector, bus=bus, url=url, stop=stop, thread=thread)
    thread.start()
    try:
        yield running
    finally:
        for script in scripts.values():
            if script.hang is not None:
                script.hang.set()
        running.end()


__all__ = ["Clock", "Running", "Script", "SourceError", "collecting", "config", "row", "settings"]

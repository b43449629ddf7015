"""One adapter behind all faults at once: a source for each, and a healthy neighbour."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from threading import enumerate as threads
from typing import Any

import pytest
from sqlalchemy import Engine

from centre.collector.crew import PATIENCE
from centre.domain.sources import SourceConfig
from centre.store.engine import connect, reading
from centre.store.sources import SourceRow, states
from datasources.source import Batch, DataSource, Surroundings
from tests.collector.scripted import Running, Script, Scripted, collecting, config, row
from tests.faults.proxy import FAULTS, Proxy, Settings, proxies
from tests.faults.world import EVERY_SECONDS, Upstream, World, rows

NEIGHBOUR = "south-desk"
BEFORE, DURING = 3, 3  # rows that are there before the fault, and that come meanwhile
INTERVALS = 2  # asks within which a fault is noticed
RETURN_SECONDS = EVERY_SECONDS + 10  # after its end, the source is back
_MOST_SECONDS = 30.0  # then a cell is red whatever it waits for


@dataclass(kw_only=True)
class Cell:
    """One adapter behind one fault. `asks`: how many fetches until it was noticed."""

    adapter: str
    fault: str
    asks: int | None = None
    back_seconds: float | None = None
    note: str = ""
    wrong: list[str] = field(default_factory=list)

    def expect(self, holds: object, words: str) -> None:
        if not holds:
            self.wrong.append(words)

    def line(self) -> str:
        """What the table prints."""
        if self.wrong:
            return "RED " + "; ".join(self.wrong)
        return self.note or f"noticed by ask {self.asks}, back after {self.back_seconds:.1f} s"


class Told(logging.Handler):
    """What the collector's log says of outages, and how often had been asked by then."""

    def __init__(self, asks: Counter[str]) -> None:
        super().__init__(logging.WARNING)
        self.down: Counter[str] = Counter()
        self.back: Counter[str] = Counter()
        self.first: dict[str, tuple[int, str]] = {}  # source -> (asks so far, words)
        self.errors: dict[str, str] = {}
        self._asks = asks

    def begin(self) -> None:
        """Forget what a busy machine did before there was any fault."""
        for one in (self.first, self.down, self.back):
            one.clear()

    def emit(self, record: logging.LogRecord) -> None:
        words = record.getMessage()
        source = words.split(" ")[0]
        if " is down: " in words:
            self.down[source] += 1
            self.first.setdefault(source, (self._asks[source], words))
        self.back[source] += words.endswith(" is back")
        if record.levelno >= logging.ERROR:
            self.errors[source.rstrip(":")] = words


class Counted:
    """An adapter whose fetches are counted."""

    def __init__(self, adapter: DataSource, asks: Counter[str], source: str) -> None:
        self._adapter, self._asks, self._source = adapter, asks, source
        self.settle = adapter.settle

    def fetch(self, cursor: Mapping[str, Any] | None, now: datetime) -> Iterator[Batch]:
        self._asks[self._source] += 1
        yield from self._adapter.fetch(cursor, now)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._adapter, name)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A running collector with one source for each fault."""

    world: World
    upstream: Upstream
    running: Running
    engine: Engine
    sources: Mapping[str, str]  # fault -> source
    proxies: Mapping[str, Proxy]
    neighbour: Script
    told: Told
    asks: Counter[str]

    def row(self, fault: str) -> SourceRow:
        with reading(self.engine) as conn:
            return next(one for one in states(conn) if one.id == self.sources[fault])

    def is_back(self, fault: str, total: int) -> bool:
        """Whether all rows are there and its outage was told as over."""
        row, told = self.row(fault), self.told
        is_told = told.down[row.id] == told.back[row.id]
        return row.stored == total and row.error is None and is_told

    def number(self, fault: str) -> int:
        return list(self.sources).index(fault)


@contextmanager
def scene(
    world: World,
    folder: Path,
    faults: tuple[str, ...],
    first: int = BEFORE,
    deadline_seconds: float | None = None,
) -> Iterator[Scene]:
    """The server with so many rows in each world, its proxies and the collector.

    `deadline_seconds`: another one than the world's own.
    """
    deadline, asks = deadline_seconds or world.deadline_seconds, Counter[str]()
    with (
        _upstream(world) as upstream,
        proxies(_slow(world, upstream), len(faults)) as made,
        _listening(asks) as told,
    ):
        configs = [
            _hurried(upstream.config(number, proxy.port), deadline)
            for number, proxy in enumerate(made)
        ]
        for number in range(len(faults)):
            upstream.put(number, rows(0, first))
        neighbour = Script(pages=[[row("S1", "south")]])
        with _collecting(world, folder, configs, neighbour, asks) as (running, engine):
            yield Scene(
                engine=engine,
                world=world,
                upstream=upstream,
                running=running,
                sources={f: one.id for f, one in zip(faults, configs, strict=True)},
                proxies=dict(zip(faults, made, strict=True)),
                neighbour=neighbour,
                told=told,
                asks=asks,
            )


@contextmanager
def _upstream(world: World) -> Iterator[Upstream]:
    """The server of a world, its secrets in the environment."""
    with world.open() as upstream, pytest.MonkeyPatch.context() as env:
        for name, value in upstream.secrets.items():
            env.setenv(name, value)
        yield upstream


def _slow(world: World, upstream: Upstream) -> Settings:
    """Proxies before it whose slowness outlasts its deadline."""
    seconds = 3 * world.deadline_seconds
    return Settings(upstream=upstream.port, slow_seconds=seconds, cuts=world.cuts)


@contextmanager
def _listening(asks: Counter[str]) -> Iterator[Told]:
    """What the collector's log says meanwhile."""
    told, log = Told(asks), logging.getLogger("centre.collector.health")
    log.addHandler(told)
    try:
        yield told
    finally:
        log.removeHandler(told)


@contextmanager
def _collecting(
    world: World,
    folder: Path,
    configs: Sequence[SourceConfig],
    neighbour: Script,
    asks: Counter[str],
) -> Iterator[tuple[Running, Engine]]:
    """A collector of these sources and their neighbour, and its database."""

    def make(one: SourceConfig, around: Surroundings) -> Any:
        if one.id == NEIGHBOUR:
            return Scripted(neighbour)
        return Counted(world.make(one, around), asks, one.id)

    every = [*configs, config(NEIGHBOUR, "south")]
    with (
        collecting(folder, {NEIGHBOUR: neighbour}, every, make=make) as running,
        _engine(running) as engine,
    ):
        yield running, engine


def _hurried(one: SourceConfig, deadline_seconds: float) -> SourceConfig:
    return replace(one, limits=replace(one.limits, deadline_seconds=deadline_seconds))


@contextmanager
def _engine(running: Running) -> Iterator[Engine]:
    """The collector's database, once it is there."""
    running.until(lambda _: True, _MOST_SECONDS)
    engine = connect(running.url)
    yield engine
    engine.dispose()


def run(
    world: World,
    folder: Path,
    faults: tuple[str, ...] = FAULTS,
    notice_seconds: float = _MOST_SECONDS,
) -> list[Cell]:
    """All cells of one adapter; what is wrong in a cell stands in it."""
    faults = tuple(one for one in faults if one not in world.no_faults)
    cells = {fault: Cell(adapter=world.name, fault=fault) for fault in faults}
    with scene(world, folder, faults) as on:
        for fault, cell in cells.items():
            has = until(lambda fault=fault: on.is_back(fault, BEFORE))
            cell.expect(has, f"without a fault {on.row(fault).stored} of {BEFORE} rows came")
        _break(on, cells, notice_seconds)
        _mend(on, cells)
        for fault, cell in cells.items():
            _judge(on, fault, cell)
    return list(cells.values())


def _break(on: Scene, cells: Mapping[str, Cell], notice_seconds: float) -> None:
    """Every source has its fault; each is noticed, and the neighbour goes on."""
    on.told.begin()
    before, fetched = dict(on.asks), on.neighbour.fetches
    late = PATIENCE * on.world.deadline_seconds  # then the collector tells it, not the adapter
    for fault, proxy in on.proxies.items():
        proxy.set(fault)
        on.upstream.put(on.number(fault), rows(BEFORE, DURING))
    for fault, cell in cells.items():
        source = on.sources[fault]
        noticed = until(lambda source=source: source in on.told.first, notice_seconds)
        cell.expect(noticed, "it was not noticed")
        if noticed:
            asks, words = on.told.first[source]
            cell.asks = asks - before.get(source, 0)
            cell.expect(f"within {late:g} s" not in words, "it did not keep its deadline")
    goes_on = until(lambda: on.neighbour.fetches > fetched + 5)
    for cell in cells.values():
        cell.expect(goes_on and not on.told.down[NEIGHBOUR], "its neighbour was disturbed")


def _mend(on: Scene, cells: Mapping[str, Cell]) -> None:
    """All faults end at once; each source comes back by itself."""
    for proxy in on.proxies.values():
        proxy.set("pass")
    mended = time.monotonic()
    total = BEFORE + DURING
    for fault, cell in cells.items():
        back = until(lambda f=fault: on.is_back(f, total))
        cell.back_seconds = time.monotonic() - mended
        cell.expect(back, f"{on.row(fault).stored} of {total} rows, {on.row(fault).error}")
        cell.expect(cell.back_seconds <= RETURN_SECONDS, f"back after {cell.back_seconds:.0f} s")


def _judge(on: Scene, fault: str, cell: Cell) -> None:
    source, row = on.sources[fault], on.row(fault)
    cell.expect(row.rejected == 0, f"{row.rejected} rows were made of what was broken")
    cell.expect(row.sent == row.stored + row.duplicate + row.rejected, "rows were lost")
    down, back = on.told.down[source], on.told.back[source]
    cell.expect(down == back, f"{down} lines of down, {back} of back")
    if fault in {"refuse", "hang", "drip", "garbage"}:
        cell.expect(down <= 1, f"{down} lines of one outage")
    cell.expect(source not in on.told.errors, f"our bug: {on.told.errors.get(source)}")
    alive = [one.name for one in threads()].count(f"source-{source}")
    cell.expect(alive <= 2, f"{alive} threads")


def until(holds: Callable[[], object], seconds: float = _MOST_SECONDS) -> bool:
    """Wait for something; False when it did not come."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if holds():
            return True
        time.sleep(0.02)
    return False

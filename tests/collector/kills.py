"""A collector in a process of its own that is killed at any moment, and what must hold then.

The child is forked from a warm parent and says GO with its first commit: a kill during imports
would prove nothing. What is stored must be what the committed cursor says, after every kill.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Event, Thread
from typing import Any, ClassVar

from sqlalchemy import Engine, select, update

from centre.collector import sink
from centre.collector.service import Collector
from centre.metrics.registry import PARTS
from centre.snapshots.bus.memory import MemoryBus
from centre.store import cubes, sources, tables
from centre.store.delivery import Delivery
from centre.store.engine import connect, reading, writing
from centre.store.migrations import upgrade
from centre.store.write import write
from datasources.source import Batch
from tests.collector.scripted import Clock, Row, config, row, settings
from tests.tiny import CITY

CONTEXT = get_context("fork")
SOURCE = "north-desk"
SIZE, AGAIN = 6, 2  # new cases of a batch, and cases that it sends once more
GAP_SECONDS = 0.01  # between the two halves of a wrong write: a disk that takes its time
Write = Callable[..., Any]


def batch(number: int) -> list[Row]:
    """Batch `number`, the same at every try: new cases, some again, a revision, a bad row."""
    first = number * SIZE
    fresh = [row(f"K{one}") for one in range(first, first + SIZE)]
    again = [row(f"K{first - one}") for one in range(1, AGAIN + 1)] if number else []
    revised = [row(f"K{first - SIZE}", source_version="2")] if number else []
    return [*again, *fresh, *revised, row(f"bad{number}", unit="Nowhere")]


class Endless:
    """A source that never runs dry; `told` hears of each commit."""

    adapter: ClassVar[str] = "endless"
    connection_keys: ClassVar[Mapping[str, str]] = {}

    def __init__(self, told: Connection) -> None:
        self._told = told

    def fetch(self, cursor: Mapping[str, Any] | None, now: datetime) -> Iterator[Batch]:
        number = cursor["next"] if cursor else 0
        while True:
            yield Batch(rows=batch(number), cursor={"next": number + 1}, watermark=now)
            number += 1

    def settle(self, cursor: Mapping[str, Any]) -> None:
        self._told.send(cursor["next"])


def collect(
    url: str, folder: Path, told: Connection, broken: Write | None, stop: Event | None = None
) -> None:
    """In the child: collect until killed, or until another collector takes over."""
    if broken is not None:
        sink.write = broken  # type: ignore[assignment]
    chosen = replace(settings(folder), database_url=url)
    collector = Collector(
        chosen,
        CITY,
        [config(SOURCE)],
        MemoryBus(),
        clock=Clock(),
        make=lambda _config, _around: Endless(told),
        beat_seconds=0.05,
    )
    collector.run(stop or Event())


@dataclass(kw_only=True)
class Toll:
    """What became of the kills. `violations`: where the stored was not what the cursor said."""

    killed: int = 0
    landed: int = 0
    fenced: int = 0
    reached: list[int] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A database, and how its collectors are started."""

    url: str
    folder: Path
    engine: Engine
    broken: Write | None = None

    def start(self) -> tuple[BaseProcess, Connection]:
        told, theirs = CONTEXT.Pipe(duplex=False)
        self.engine.dispose()  # a connection must not be shared with a child
        args = (self.url, self.folder, theirs, self.broken)
        child = CONTEXT.Process(target=collect, args=args, daemon=True)
        child.start()
        theirs.close()
        return child, told

    def round(self, toll: Toll, chance: random.Random, rivals: int = 1) -> None:
        """Start, wait for one to three commits, kill somewhere in what follows, look."""
        children = [self.start() for _ in range(rivals)]
        _await_commits([told for _, told in children], chance.randint(1, 3))
        time.sleep(chance.uniform(0, 0.02))
        for child, _ in children:
            toll.killed += 1
            toll.landed += _kill(child)
            toll.fenced += child.exitcode == 0
        for _, told in children:
            told.close()
        self.check(toll)

    def check(self, toll: Toll, *, is_whole: bool = False) -> None:
        """Compare what is stored with what the committed cursor implies."""
        with reading(self.engine) as conn:
            cursor = sources.cursor(conn, SOURCE)
            upto = cursor["next"] if cursor else 0
            case = tables.case.c
            cases = dict(conn.execute(select(case.key, case.source_version)).tuples().all())
            bad = conn.scalars(select(tables.rejected.c.key)).all()
            state = next(one for one in sources.states(conn) if one.id == SOURCE)
            if is_whole:
                assert cubes.stored(conn) == cubes.recompute(conn, PARTS, CITY.tz)
        toll.reached.append(upto)
        found = (cases, sorted(bad), (state.sent, state.stored, state.duplicate, state.rejected))
        for is_, should in zip(found, expected(upto), strict=True):
            if is_ != should:
                toll.violations.append(f"at {upto}: {_difference(is_, should)}")


def _await_commits(pipes: list[Connection], count: int) -> None:
    """Hear of so many commits, whoever of some rivals makes them."""
    open_ = list(pipes)
    while count:
        ready = wait(open_, 60)
        assert ready, "no collector wrote"
        for pipe in ready:
            try:
                pipe.recv()  # type: ignore[union-attr]
                count = max(0, count - 1)
            except EOFError:  # it was fenced out and has ended
                open_.remove(pipe)  # type: ignore[arg-type]


def expected(upto: int) -> tuple[dict[str, int], list[str], tuple[int, int, int, int]]:
    """Versions of cases, keys of refused rows, and counters after so many batches."""
    versions = {f"K{one}": 1 for one in range(upto * SIZE)}
    versions |= {f"K{number * SIZE}": 2 for number in range(max(upto - 1, 0))}
    later = max(upto - 1, 0)
    stored, duplicate = upto * SIZE + later, later * AGAIN
    return (
        versions,
        sorted(f"bad{number}" for number in range(upto)),
        (stored + duplicate + upto, stored, duplicate, upto),
    )


def _difference(found: Any, should: Any) -> str:
    if not isinstance(found, dict):
        return f"{str(found)[:60]} instead of {str(should)[:60]}"
    return f"{len(should.keys() - found.keys())} lost, {len(found.keys() - should.keys())} extra"


def _kill(child: BaseProcess) -> bool:
    """Whether it was still at work."""
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join(30)
    return child.exitcode == -signal.SIGKILL


@contextmanager
def grounds(url: str, folder: Path, broken: Write | None = None) -> Iterator[Ground]:
    """A migrated database; everything is compiled once, before any child is forked."""
    engine = connect(url)
    upgrade(engine)
    _warm(url, folder)
    yield Ground(url=url, folder=folder, engine=engine, broken=broken)
    engine.dispose()


def _warm(url: str, folder: Path) -> None:
    """Collect a little in this process: children inherit what it has compiled."""
    told, theirs = CONTEXT.Pipe(duplex=False)
    stop = Event()
    thread = Thread(target=collect, args=(url, folder, theirs, None, stop))
    thread.start()
    for _ in range(3):
        assert told.poll(60), "the collector never wrote"
        told.recv()
    stop.set()
    while thread.is_alive():  # what it tells while it stops must not fill the pipe
        if told.poll(0.01):
            told.recv()


def cursor_first(engine: Engine, delivery: Delivery, *rest: Any) -> Any:
    """A wrong way to write, for the control: what is killed in between is lost."""
    with writing(engine) as conn:
        _set_cursor(conn, delivery)
    time.sleep(GAP_SECONDS)
    return write(engine, delivery, *rest)


def cursor_last(engine: Engine, delivery: Delivery, *rest: Any) -> Any:
    """Another wrong way: what is killed in between comes twice."""
    with reading(engine) as conn:
        before = sources.cursor(conn, delivery.source)
    receipt = write(engine, replace(delivery, cursor=before), *rest)
    time.sleep(GAP_SECONDS)
    with writing(engine) as conn:
        _set_cursor(conn, delivery)
    return receipt


def _set_cursor(conn: Any, delivery: Delivery) -> None:
    where = tables.source.c.id == delivery.source
    conn.execute(update(tables.source).where(where).values(cursor=delivery.cursor))

"""Three simulated centres with a short history, and a collector process that can be killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
from dataclasses import replace
from datetime import date, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Event

import sqlalchemy as sa

from centre.citypack.load import load_city, load_sources
from centre.collector.service import Collector
from centre.domain.periods import day_start
from centre.domain.places import City
from centre.domain.sources import SourceConfig
from centre.snapshots.bus.memory import MemoryBus
from centre.store import tables
from centre.store.engine import connect, reading
from datasources.simulated import keys
from tests.collector.scripted import settings

CHENGDU = Path(__file__).resolve().parent.parent.parent / "conf" / "chengdu"
CENTRES = ("510104", "510105", "510106")
CASES_A_DAY = 60


def pack(start: date) -> tuple[City, tuple[SourceConfig, ...]]:
    """The city and three of its sources, their world beginning at `start`."""
    city = load_city(CHENGDU)
    found, _ = load_sources(CHENGDU, city)
    small = {"start": start.isoformat(), "cases_per_day": CASES_A_DAY}
    return city, tuple(
        replace(one, connection={**one.connection, **small}) for one in found if one.id in CENTRES
    )


def collect(folder: Path, start: date) -> None:
    """Collect until killed."""
    city, configs = pack(start)
    Collector(settings(folder), city, configs, MemoryBus(), beat_seconds=0.1).run(Event())


def victim(folder: Path, start: date) -> BaseProcess:
    """A collector in a process of its own.

    From a fork server with everything imported: a fresh interpreter would be killed while it
    imports, and the test would have tested nothing.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.collector.pack"])
    process = context.Process(target=collect, args=(folder, start), daemon=True)
    process.start()
    return process


def kill(process: BaseProcess) -> int | None:
    """Kill at once; the exit code says whether it was still alive."""
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join(10)
    return process.exitcode


def committed(folder: Path) -> dict[str, tuple[list[str], dict[str, str]]]:
    """Source -> (keys of its stored cases, its cursor)."""
    engine = connect(settings(folder).database_url)
    case, source = tables.case, tables.source
    if not sa.inspect(engine).has_table("source"):  # not migrated yet
        return {}
    with reading(engine) as conn:
        cursors = {row.id: row.cursor for row in conn.execute(sa.select(source)) if row.cursor}
        stored: dict[str, list[str]] = {id_: [] for id_ in cursors}
        for row in conn.execute(sa.select(case.c.source, case.c.key)):
            stored[row.source].append(row.key)
    engine.dispose()
    return {id_: (stored[id_], cursors[id_]) for id_ in cursors}


def expected(config: SourceConfig, city: City, cursor: dict[str, str]) -> list[str]:
    """What a committed cursor says is stored: all cases of the filled days until its `live`."""
    first = day_start(date.fromisoformat(cursor["filled"]), city.tz)
    return keys(config, city, first, datetime.fromisoformat(cursor["live"]))

"""`python -m centre collect`: the collector as a process of its own, beside the web workers."""

from __future__ import annotations

import logging
import os
import signal
from threading import Event
from typing import Any

import typer

from centre.citypack.files import SourceFiles
from centre.citypack.load import load_city
from centre.collector.service import Collector
from centre.settings import BadSettings, Settings
from centre.snapshots.bus.choice import open_bus
from datasources.kit.judge import judge

FENCED = 3
"""Exit code when another collector has taken over: starting again would only fight it."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("collect")(collect)


def collect() -> None:
    """Collect for a city until it is stopped; needs REDIS_URL, where the web workers listen."""
    settings = Settings.from_env(os.environ)
    if settings.redis_url is None:
        raise BadSettings(
            "REDIS_URL is not set: a collector of its own reaches the screens through Redis only; "
            "without it `python -m centre run` collects by itself"
        )
    _log()
    city = load_city(settings.city_dir)
    files = SourceFiles(settings.city_dir, city, judge(city, settings.data_dir))
    found = files.look()
    for finding in found.findings:
        typer.echo(str(finding), err=True)
    bus = open_bus(settings.redis_url, city.id)
    collector = Collector(settings, city, found.sources, bus, look=files.look)
    collector.run(_stopped_by_signal())
    bus.close()
    if collector.fenced:
        raise typer.Exit(FENCED)


def _stopped_by_signal() -> Event:
    """An event that SIGTERM and Ctrl-C set: the running transactions are finished first."""
    stop = Event()

    def ask_to_stop(_signal: int, _frame: Any) -> None:
        stop.set()

    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, ask_to_stop)
    return stop


def _log() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s: %(message)s")
    logging.getLogger("centre").setLevel(logging.INFO)

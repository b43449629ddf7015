"""`python -m centre ingest`: read every source of a city to its end, with progress bars."""

from __future__ import annotations

import os
from typing import Annotated

import typer
from rich.progress import Progress

from centre.citypack.load import load_city, load_sources
from centre.collector.ground import Ground, ground, opened, surroundings
from centre.collector.ingest import ingest as read
from centre.collector.service import utc_now
from centre.domain.sources import SourceConfig
from centre.settings import Settings
from centre.store.engine import reading
from centre.store.sources import failed, states
from datasources.registry import build
from datasources.source import SourceError

Only = Annotated[
    list[str] | None, typer.Argument(help="Ids of sources; all of the city without any.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("ingest")(ingest)


def ingest(only: Only = None) -> None:
    """Load the city of CITY from DATA once, and stop; exit code 1 when a source failed."""
    settings = Settings.from_env(os.environ)
    city = load_city(settings.city_dir)
    configs, findings = load_sources(settings.city_dir, city)
    for finding in findings:
        typer.echo(str(finding), err=True)
    chosen = [one for one in configs if not only or one.id in only]
    with opened(settings) as engine, ground(engine, city, configs, utc_now) as base:
        failures = _read_all(chosen, base, settings)
        _summary(base)
    if failures or findings:
        raise typer.Exit(1)


def _read_all(chosen: list[SourceConfig], base: Ground, settings: Settings) -> int:
    """Read one source after the other; how many failed."""
    failures = 0
    with Progress() as bars:
        for config in chosen:
            problem = _read(config, base, settings, bars)
            if problem:
                failures += 1
                bars.console.print(f"{config.id}: {problem}", markup=False)
    return failures


def _read(config: SourceConfig, base: Ground, settings: Settings, bars: Progress) -> str | None:
    """Read one source to its end; what went wrong, or None."""
    bar = bars.add_task(config.id, total=None)
    try:
        around = surroundings(settings, base.city, config.limits, base.engine)
        source = build(config, around)
        read(
            source,
            base.claim(config),
            lambda done, all_: bars.update(bar, completed=done, total=all_),
            around.budget.begin,
        )
    except SourceError as error:
        failed(base.engine, config.id, str(error), base.clock())
        return str(error)
    return None


def _summary(base: Ground) -> None:
    """One line a source: what it sent and what became of it."""
    with reading(base.engine) as conn:
        for row in states(conn):
            typer.echo(
                f"{row.id}: sent {row.sent} = stored {row.stored} + duplicate {row.duplicate} "
                f"+ rejected {row.rejected}"
            )

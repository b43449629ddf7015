"""`python -m centre reread SOURCE`: build stored cases anew, after the map was wrong for them."""

from __future__ import annotations

import os
from datetime import date
from typing import Annotated

import typer

from centre.citypack.load import load_city, load_sources
from centre.collector.ground import ready
from centre.collector.replay import NeverCollected
from centre.collector.reread import Left, Reread, Rereading
from centre.collector.service import utc_now
from centre.commands.replay import one_of
from centre.domain.periods import Days
from centre.domain.places import City
from centre.domain.sources import SourceConfig
from centre.metrics.registry import PARTS
from centre.settings import Settings

Source = Annotated[str, typer.Argument(help="Id of the source: the name of its file.")]
From = Annotated[
    str | None, typer.Option("--from", help="Only cases received since this day: 2026-06-01.")
]
To = Annotated[str | None, typer.Option("--to", help="And until this day (inclusive).")]

_OFTEN = 10_000  # rows between two lines of progress


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("reread")(reread)


def reread(source: Source, start: From = None, end: To = None) -> None:
    """Build cases anew from their kept rows with the present field map, as new versions.

    Restart the collector with the mended map first, then this may run beside it.
    """
    settings = Settings.from_env(os.environ)
    city = load_city(settings.city_dir)
    sources, _ = load_sources(settings.city_dir, city)
    done = _reread(settings, city, one_of(source, sources), _days(start, end))
    typer.echo(
        f"{source}: {done.read} read anew, {done.rebuilt} rebuilt, "
        f"{done.unchanged} unchanged, {done.left} left as they are"
    )


def _days(start: str | None, end: str | None) -> Days | None:
    if start is None and end is None:
        return None
    try:
        first = date.fromisoformat(start) if start else date(1970, 1, 1)
        last = date.fromisoformat(end) if end else date(9998, 12, 31)
    except ValueError as error:
        raise typer.BadParameter(f"{error}: say a day as 2026-06-01") from error
    if last < first:
        raise typer.BadParameter(f"--to {last} is before --from {first}")
    return Days(first=first, last=last)


def _reread(settings: Settings, city: City, config: SourceConfig, days: Days | None) -> Reread:
    with ready(settings) as engine:
        one = Rereading(
            engine=engine,
            config=config,
            city=city,
            parts=PARTS,
            clock=utc_now,
            days=days,
            leaves=_leave,
            progress=_progress,
        )
        try:
            return one.run()
        except NeverCollected as error:
            raise typer.BadParameter(str(error)) from error


def _leave(left: Left) -> None:
    typer.echo(f"{left.key}: {left.field}: {left.reason}; left as it is")


def _progress(rows: int) -> None:
    if rows % _OFTEN == 0:
        typer.echo(f"{rows} read anew", err=True)

"""`python -m centre replay SOURCE`: read refused rows anew, after the map is mended."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from centre.citypack.load import load_city, load_sources
from centre.collector.ground import ready
from centre.collector.replay import NeverCollected, Replayed
from centre.collector.replay import replay as read_anew
from centre.collector.service import utc_now
from centre.domain.places import City
from centre.domain.sources import SourceConfig
from centre.metrics.registry import PARTS
from centre.settings import Settings

Source = Annotated[str, typer.Argument(help="Id of the source: the name of its file.")]
Reason = Annotated[
    str | None, typer.Option(help='Only rows refused for this reason, like "unknown_unit".')
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("replay")(replay)


def replay(source: Source, reason: Reason = None) -> None:
    """Read refused rows anew with the present field map; a running collector goes on."""
    settings = Settings.from_env(os.environ)
    city = load_city(settings.city_dir)
    sources, _ = load_sources(settings.city_dir, city)
    done = _replay(settings, city, one_of(source, sources), reason)
    typer.echo(
        f"{source}: {done.read} read anew, {done.stored} stored, "
        f"{done.duplicate} known already, {done.rejected} refused again"
    )


def one_of(source: str, sources: tuple[SourceConfig, ...]) -> SourceConfig:
    """The source with this id; raises typer.BadParameter naming those there are."""
    for config in sources:
        if config.id == source:
            return config
    known = ", ".join(config.id for config in sources)
    raise typer.BadParameter(f"there is no source {source}; there are {known}")


def _replay(settings: Settings, city: City, config: SourceConfig, reason: str | None) -> Replayed:
    with ready(settings) as engine:
        try:
            return read_anew(engine, config, city=city, parts=PARTS, clock=utc_now, reason=reason)
        except NeverCollected as error:
            raise typer.BadParameter(str(error)) from error

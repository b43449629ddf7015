"""`python -m centre check conf/<city>`: everything that is wrong with a city pack."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from centre.citypack.check import check as check_pack
from centre.citypack.load import load_city, load_sources
from centre.metrics.registry import versions
from datasources.registry import adapters

Folder = Annotated[
    Path, typer.Argument(help="A folder like conf/chengdu.", exists=True, file_okay=False)
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


def check(city_dir: Folder) -> None:
    """Check a city pack: a finding names file, key and remedy; exit code 1 when there are any."""
    keys = {name: adapter.connection_keys for name, adapter in adapters().items()}
    findings = check_pack(
        city_dir, metrics=versions(), adapters=keys, env=os.environ, counting=_counting()
    )
    for finding in findings:
        typer.echo(str(finding))
    if findings:
        raise typer.Exit(1)
    typer.echo(f"{city_dir}: {_summary(city_dir)}")


def _counting() -> frozenset[str]:
    return frozenset(name for name, one in adapters().items() if hasattr(one, "counts"))


def _summary(city_dir: Path) -> str:
    city = load_city(city_dir)
    sources, _ = load_sources(city_dir, city)
    features = (city.boundaries or {}).get("features", ())
    polygons = len(features) if isinstance(features, list) else 0
    return (
        f"in order: {len(city.units)} units ({len(city.centres)} centres, {polygons} polygons), "
        f"{len(sources)} sources, {len(city.targets)} targets, {len(city.published)} published"
    )

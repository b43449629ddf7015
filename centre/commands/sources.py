"""`python -m centre sources conf/<city>`: the outside systems of a city, and what each promises."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.table import Table

from centre.citypack.load import load_city, load_sources
from centre.commands.check import Folder
from centre.domain.places import City
from centre.domain.sources import SourceConfig


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sources")(sources)


def sources(city_dir: Folder) -> None:
    """List the outside systems of a city; a file that cannot be used is named on stderr."""
    city = load_city(city_dir)
    good, findings = load_sources(city_dir, city)
    for finding in findings:
        typer.echo(str(finding), err=True)
    Console().print(_table(good, city))
    typer.echo(f"{len(good)} sources")


def _table(good: tuple[SourceConfig, ...], city: City) -> Table:
    table = Table("id", "name", "adapter", "unit", "asked every", "promised within", "contact")
    for one in good:
        unit = city.unit_name(one.unit, "zh") if one.unit else "—"
        every, within = f"{one.every_seconds:g} s", f"{one.interval_seconds:g} s"
        name = one.name.zh + ("（演示数据）" if one.synthetic else "")
        table.add_row(one.id, name, one.adapter, unit, every, within, one.contact)
    return table

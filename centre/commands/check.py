"""`python -m centre check conf/<city>`: what is wrong with a city pack, or with one source file."""

from __future__ import annotations

import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table

from centre.citypack.check import check as check_pack
from centre.citypack.check import of_source
from centre.citypack.finding import BadPack
from centre.citypack.load import load_city, load_source, load_sources
from centre.collector.ground import surroundings
from centre.collector.service import utc_now
from centre.collector.trial import trial
from centre.domain.places import City
from centre.metrics.registry import versions
from centre.settings import Settings
from datasources.kit.report import Report
from datasources.registry import adapters, build
from datasources.source import Counting, SourceError

Folder = Annotated[
    Path, typer.Argument(help="A folder like conf/chengdu.", exists=True, file_okay=False)
]
Place = Annotated[
    Path, typer.Argument(help="A folder like conf/chengdu, or one source file.", exists=True)
]
CityDir = Annotated[
    Path | None, typer.Option("--city", help="City pack of a source file that lies elsewhere.")
]
Json = Annotated[bool, typer.Option("--json", help="For programs.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


def check(place: Place, city_dir: CityDir = None, as_json: Json = False) -> None:
    """Check a city pack, or read some rows of one source and keep nothing; exit code 1 if wrong."""
    if place.is_file():
        _check_source(place, city_dir or _city_of(place), as_json)
        return
    wrong = _of_pack(place) or _of_adapters(place)
    for line in wrong:
        typer.echo(line)
    if wrong:
        raise typer.Exit(1)
    typer.echo(f"{place}: {_summary(place)}")


def _of_pack(city_dir: Path) -> list[str]:
    """What is wrong with the files by themselves."""
    known = adapters()
    findings = check_pack(
        city_dir,
        metrics=versions(),
        adapters={name: one.connection_keys for name, one in known.items()},
        env=os.environ,
        counting=[name for name, one in known.items() if issubclass(one, Counting)],
    )
    return [str(one) for one in findings]


def _of_adapters(city_dir: Path) -> list[str]:
    """What adapters refuse of their [connection] before they ask anybody."""
    city = load_city(city_dir)
    settings = Settings.from_env({**os.environ, "CITY": str(city_dir)})
    found = []
    for config in load_sources(city_dir, city)[0]:
        try:
            build(config, surroundings(settings, city, config.limits))
        except SourceError as error:
            found.append(str(error))
    return found


def _summary(city_dir: Path) -> str:
    city = load_city(city_dir)
    sources, _ = load_sources(city_dir, city)
    features = (city.boundaries or {}).get("features", ())
    polygons = len(features) if isinstance(features, list) else 0
    return (
        f"in order: {len(city.units)} units ({len(city.centres)} centres, {polygons} polygons), "
        f"{len(sources)} sources, {len(city.targets)} targets, {len(city.published)} published"
    )


def _city_of(file: Path) -> Path:
    """The pack in whose sources.d a file lies, else that of CITY."""
    pack = file.resolve().parent.parent
    if (pack / "places.toml").is_file():
        return pack
    return Settings.from_env(os.environ).city_dir


def _check_source(file: Path, city_dir: Path, as_json: bool) -> None:
    city = load_city(city_dir)
    found, wrong = _tried(file, city, city_dir)
    if as_json:
        said = {"file": str(file), "ready": found is not None and found.is_ready, "wrong": wrong}
        report = asdict(found) if found is not None else None
        typer.echo(orjson.dumps({**said, "report": report}, option=orjson.OPT_INDENT_2).decode())
    else:
        _tell(file, city, found, wrong)
    if found is None or not found.is_ready:
        raise typer.Exit(1)


def _tried(file: Path, city: City, city_dir: Path) -> tuple[Report | None, list[str]]:
    """The report of a file, or all that keeps it from being tried."""
    keys = {name: adapter.connection_keys for name, adapter in adapters().items()}
    try:
        config = load_source(file, city)
    except BadPack as error:
        return None, [str(one) for one in error.findings]
    findings = [str(one) for one in of_source(config, keys, os.environ)]
    if findings:
        return None, findings
    settings = Settings.from_env({**os.environ, "CITY": str(city_dir)})
    try:
        around = surroundings(settings, city, config.limits)
        return trial(config, city, around, utc_now()), []
    except SourceError as error:
        return None, [f"{type(error).__name__}: {error}"]


def _tell(file: Path, city: City, found: Report | None, wrong: list[str]) -> None:
    for line in wrong:
        typer.echo(line)
    if found is None:
        typer.echo(f"{file}: not ready")
        return
    console = Console(soft_wrap=False, width=_width())
    speed = f", {found.rows_per_second:,.0f} rows a second" if found.rows_per_second else ""
    newest = f", the newest event {_local(found.newest, city)}" if found.newest else ""
    typer.echo(f"{file}: {found.rows} rows read, {found.good} good{speed}{newest}")
    _table(console, "Read as", [dict(one) for one in found.shown])
    _table(console, "Refused", [_refused(one) for one in found.refusals])
    _table(console, "Words without a code", [_unknown(one) for one in found.unknown])
    blanks = ", ".join(f"{one.field} {one.share:.0%}" for one in found.blanks)
    if blanks:
        typer.echo(f"Blank: {blanks}")
    for point in found.open:
        typer.echo(f"? {point}")
    typer.echo(f"{file}: {_verdict(found)}")


def _refused(one: Any) -> dict[str, str]:
    return {
        "rows": str(one.rows),
        "field": one.field,
        "reason": one.reason,
        "for instance": f"{one.key or '—'}: {one.detail}",
    }


def _unknown(one: Any) -> dict[str, str]:
    return {
        "rows": str(one.rows),
        "field": one.field,
        "word": one.word,
        "nearest": one.nearest or "—",
        "row is": "refused" if one.is_refused else "kept",
    }


def _table(console: Console, title: str, rows: list[dict[str, str]]) -> None:
    if not rows:
        return
    table = Table(title=title, title_justify="left")
    for name in rows[0]:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*row.values())
    console.print(table, markup=False)


def _verdict(found: Report) -> str:
    bad = found.rows - found.good
    if not found.rows:
        return "not ready: no rows to judge by"
    if not found.is_ready:
        return f"not ready: {bad} of {found.rows} rows are refused, and a collector would take none"
    refused = f"; {bad} of {found.rows} rows are refused and kept for later" if bad else ""
    asked = f"; {len(found.open)} questions are open" if found.open else ""
    return f"ready{refused}{asked}"


def _local(instant: datetime, city: City) -> str:
    return instant.astimezone(city.tz).strftime("%Y-%m-%d %H:%M")


def _width() -> int:
    """As wide as the window; where there is none, wide enough for a row."""
    return Console().width if Console().is_terminal else 160

"""`python -m centre note`: remarks on the data, shown beside every figure that is made of it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from getpass import getuser
from typing import Annotated

import typer

from centre.citypack.load import load_city, load_sources
from centre.collector.ground import ready
from centre.domain.notes import Note
from centre.domain.periods import parse_instant
from centre.domain.places import City
from centre.settings import Settings
from centre.store import notes
from centre.store.engine import reading

From = Annotated[str, typer.Option("--from", help="Since when: ISO 8601, or a day of the city.")]
To = Annotated[str | None, typer.Option("--to", help="Until when (exclusive); open without it.")]
Unit = Annotated[str | None, typer.Option(help="Code of the unit whose data it is about.")]
Source = Annotated[str | None, typer.Option(help="Id of the source whose data it is about.")]
Words = Annotated[str, typer.Argument(help="What is to be known, in a sentence, in Chinese.")]
English = Annotated[str, typer.Option("--en", help="The same in English.")]
By = Annotated[str, typer.Option(help="Who says it; you, when not said.")]
Id = Annotated[str, typer.Argument(help="Number of the note, as `note list` prints it.")]


def register(app: typer.Typer) -> None:
    """Add the command's three verbs."""
    for name, verb in (("add", add), ("list", list_), ("remove", remove)):
        app.command(name)(verb)


def add(
    words: Words,
    *,
    start: From,
    to: To = None,
    unit: Unit = None,
    source: Source = None,
    en: English = "",
    by: By = "",
) -> None:
    """Attach a note to the data of a unit, of a source, or of the whole city."""
    settings = Settings.from_env(os.environ)
    city = load_city(settings.city_dir)
    _check(settings, city, unit, source)
    one = Note(
        id="",
        unit=unit,
        source=source,
        start=_instant(start, city),
        end=_instant(to, city) if to else None,
        zh=words,
        en=en,
        by=by or getuser(),
        at=datetime.now(UTC),
    )
    try:
        with ready(settings) as engine:
            typer.echo(_line(notes.add(engine, one), city))
    except notes.BadNote as error:
        raise typer.BadParameter(str(error)) from error


def list_() -> None:
    """List the notes, those on the newest data first."""
    settings = Settings.from_env(os.environ)
    city = load_city(settings.city_dir)
    with ready(settings) as engine, reading(engine) as conn:
        found = notes.read(conn)
    for one in found:
        typer.echo(_line(one, city))
    typer.echo(f"{len(found)} notes")


def remove(id: Id) -> None:
    """Take a note back; what was shown before keeps it."""
    with ready(Settings.from_env(os.environ)) as engine:
        if not notes.remove(engine, id, datetime.now(UTC)):
            raise typer.BadParameter(f"there is no note {id}; see `python -m centre note list`")
    typer.echo(f"{id}: taken back")


def _check(settings: Settings, city: City, unit: str | None, source: str | None) -> None:
    if unit is not None and unit not in city.by_code:
        raise typer.BadParameter(f'there is no unit "{unit}"; units are {", ".join(city.by_code)}')
    known = [one.id for one in load_sources(settings.city_dir, city)[0]]
    if source is not None and source not in known:
        raise typer.BadParameter(f'there is no source "{source}"; sources are {", ".join(known)}')


def _instant(text: str, city: City) -> datetime:
    try:
        return parse_instant(text, city.tz)
    except ValueError as error:
        raise typer.BadParameter(f'"{text}": {error}') from error


def _line(one: Note, city: City) -> str:
    place = city.unit_name(one.unit, "zh") if one.unit else one.source or city.name.zh
    end = one.end.astimezone(city.tz).isoformat() if one.end else "…"
    return f"{one.id}  {place}  {one.start.astimezone(city.tz).isoformat()} – {end}  {one.zh}"

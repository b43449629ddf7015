"""`python -m centre draft ADAPTER WHERE`: a source file for a system that nobody has mapped yet."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated

import typer

from centre.citypack.load import load_city
from centre.collector.ground import surroundings
from centre.domain.sources import Limits
from centre.settings import Settings
from datasources.kit.draft import Facts
from datasources.kit.draft import draft as write
from datasources.registry import adapters
from datasources.sampling import Drafting
from datasources.source import SourceError

Adapter = Annotated[str, typer.Argument(help="sql_view, file_drop, …")]
Where = Annotated[str, typer.Argument(help="URL of the system, or a file or folder.")]
Table = Annotated[str | None, typer.Option(help="Table or view of a database.")]
PasswordEnv = Annotated[
    str | None, typer.Option(help="Environment variable that holds the password of the URL.")
]
Unit = Annotated[str | None, typer.Option(help="Code of the unit that the source answers for.")]
Id = Annotated[str | None, typer.Option("--id", help="Id of the source: the name of its file.")]
CityDir = Annotated[Path | None, typer.Option("--city", help="City pack (CITY).")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="File to write, else printed.")]
Record = Annotated[str, typer.Option(help="case or reading.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("draft")(draft)


def draft(  # noqa: PLR0917 - a command's options
    adapter: Adapter,
    where: Where,
    table: Table = None,
    password_env: PasswordEnv = None,
    unit: Unit = None,
    id_: Id = None,
    city_dir: CityDir = None,
    out: Out = None,
    record: Record = "case",
) -> None:
    """Look at a system and write a source file for it, with open questions as comments."""
    settings = Settings.from_env({**os.environ, **({"CITY": str(city_dir)} if city_dir else {})})
    city = load_city(settings.city_dir)
    known = adapters().get(adapter)
    if known is None or not issubclass(known, Drafting):
        able = [name for name, one in adapters().items() if issubclass(one, Drafting)]
        raise typer.BadParameter(f'"{adapter}" drafts nothing; {", ".join(sorted(able))} do')
    if unit is not None and unit not in city.by_code:
        raise typer.BadParameter(f'no unit "{unit}" in {city.id}')
    name = id_ or (out.stem if out else _id(table or Path(where).stem))
    said = {"table": table, "id": name, "password_env": password_env}
    options = {key: one for key, one in said.items() if one is not None}
    around = surroundings(settings, city, Limits(deadline_seconds=60))
    try:
        drafted = known.draft(where, options, around)
    except SourceError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    facts = Facts(id=name, adapter=adapter, unit=unit, record=record)
    text = write(drafted, facts, city, has_changes="changed_at" in known.connection_keys)
    _give(text, out)


def _id(words: str) -> str:
    """An id of the letters that ids may have."""
    return re.sub(r"[^0-9a-z_-]+", "-", words.casefold()).strip("-")[:32] or "source"


def _give(text: str, out: Path | None) -> None:
    if out is None:
        typer.echo(text, nl=False)
        return
    if out.exists():
        raise typer.BadParameter(f"{out} is there already")
    out.write_text(text, "utf-8")
    questions = sum(line.count("?") > 0 for line in text.splitlines())
    typer.echo(f"{out}: written; {questions} lines have a question")

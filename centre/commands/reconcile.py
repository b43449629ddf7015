"""`python -m centre reconcile [SOURCE]`: compare what sources count with what is stored, by day."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sqlalchemy import Engine

    from centre.collector.reconcile import Day
    from centre.domain.places import City
    from centre.domain.sources import SourceConfig
    from centre.settings import Settings

Source = Annotated[str | None, typer.Argument(help="Id of the source; all of them without it.")]
From = Annotated[str | None, typer.Option("--from", help="First day, like 2026-06-01.")]
To = Annotated[str | None, typer.Option("--to", help="Last day (inclusive).")]

_DAYS = 7  # compared when no day is said
_DIFFERS = 1


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("reconcile")(reconcile)


def reconcile(source: Source = None, start: From = None, end: To = None) -> None:
    """Compare complete days, the last seven unless said otherwise; exit code 1 when one differs."""
    from centre.citypack.load import load_city, load_sources  # noqa: PLC0415 - --help stays fast
    from centre.collector.ground import opened  # noqa: PLC0415
    from centre.commands.replay import one_of  # noqa: PLC0415
    from centre.settings import Settings  # noqa: PLC0415
    from centre.store.migrations import upgrade  # noqa: PLC0415

    settings = Settings.from_env(os.environ)
    city = load_city(settings.city_dir)
    sources, _ = load_sources(settings.city_dir, city)
    chosen = sources if source is None else (one_of(source, sources),)
    said = _day(start), _day(end)
    with opened(settings) as engine:
        upgrade(engine)
        every = [_reconcile(settings, engine, city, config, said) for config in chosen]
    if not all(every):
        raise typer.Exit(_DIFFERS)


def _day(text: str | None) -> date | None:
    from datetime import date  # noqa: PLC0415 - --help stays fast

    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise typer.BadParameter(f"{error}: say a day as 2026-06-01") from error


def _reconcile(
    settings: Settings,
    engine: Engine,
    city: City,
    config: SourceConfig,
    said: tuple[date | None, date | None],
) -> bool:
    """Print the days of one source; whether none differs (or none could be compared)."""
    from centre.collector.ground import surroundings  # noqa: PLC0415 - --help stays fast
    from centre.collector.reconcile import reconcile as compare  # noqa: PLC0415
    from centre.store.engine import reading  # noqa: PLC0415
    from datasources.registry import build  # noqa: PLC0415
    from datasources.source import Counting, SourceError  # noqa: PLC0415

    try:
        adapter = build(config, surroundings(settings, city, config.limits))
        if not isinstance(adapter, Counting):
            typer.echo(f"{config.id}: its adapter cannot count")
            return True
        with reading(engine) as conn:
            days = _complete(engine, config, city, said)
            found = compare(conn, adapter, config, city, days) if days else ()
    except SourceError as error:
        typer.echo(f"{config.id}: {error}", err=True)
        return False
    return _tell(config, found)


def _complete(
    engine: Engine, config: SourceConfig, city: City, said: tuple[date | None, date | None]
) -> Sequence[date]:
    """The days to compare: asked for, and delivered to their end."""
    from datetime import timedelta  # noqa: PLC0415 - --help stays fast

    from centre.domain.periods import local_day  # noqa: PLC0415
    from centre.store import sources  # noqa: PLC0415
    from centre.store.engine import reading  # noqa: PLC0415

    with reading(engine) as conn:
        row = next((row for row in sources.states(conn) if row.id == config.id), None)
    if row is None or row.watermark is None or row.filled_days < row.total_days:
        return ()
    step = timedelta(days=1)
    newest = local_day(row.watermark, city.tz) - step
    last = min(said[1] or newest, newest)
    return tuple(_each(said[0] or last - (_DAYS - 1) * step, last))


def _each(first: date, last: date) -> Iterator[date]:
    from datetime import timedelta  # noqa: PLC0415 - --help stays fast

    while first <= last:
        yield first
        first += timedelta(days=1)


def _tell(config: SourceConfig, found: Sequence[Day]) -> bool:
    if not found:
        typer.echo(f"{config.id}: no complete day to compare")
    for one in found:
        verdict = f"differs by {one.difference:+d}" if one.difference else "the same"
        ours = f"ours {one.stored + one.refused} ({one.stored} stored, {one.refused} refused)"
        typer.echo(f"{config.id}  {one.day}  theirs {one.theirs}  {ours}  {verdict}")
    return not any(one.difference for one in found)

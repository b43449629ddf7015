"""`python -m centre reconcile [SOURCE]`: compare by day what sources hold with what is stored."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import typer
from sqlalchemy import Engine

from centre.citypack.load import load_city, load_sources
from centre.collector.ground import ready, surroundings
from centre.collector.reconcile import compare, complete, patient
from centre.collector.replay import NeverCollected
from centre.collector.service import utc_now
from centre.collector.sweep import Found, Sweeping, Swept
from centre.commands.replay import one_of
from centre.domain.places import City
from centre.domain.sources import SourceConfig
from centre.metrics.registry import PARTS
from centre.settings import Settings
from centre.store.delivery import Fenced
from centre.store.engine import reading
from centre.store.reconciled import Day
from datasources.registry import build
from datasources.source import Counting, DataSource, Listing, SourceError, Surroundings

Source = Annotated[str | None, typer.Argument(help="Id of the source; all of them without it.")]
From = Annotated[str | None, typer.Option("--from", help="First day, like 2026-06-01.")]
To = Annotated[str | None, typer.Option("--to", help="Last day (inclusive).")]
Sweep = Annotated[
    bool, typer.Option("--sweep", help="Fetch what is missing here, take away what is gone there.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what a sweep would do; do nothing.")]
EvenMany = Annotated[
    bool, typer.Option("--even-many", help="Take away also more than a tenth of a day.")
]

_DIFFERS = 1
_NAMED = 5  # cases of a kind that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What was typed."""

    first: date | None
    last: date | None
    sweep: bool
    dry_run: bool
    even_many: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    engine: Engine
    city: City
    config: SourceConfig
    around: Surroundings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("reconcile")(reconcile)


def reconcile(
    source: Source = None,
    *,
    start: From = None,
    end: To = None,
    sweep: Sweep = False,
    dry_run: DryRun = False,
    even_many: EvenMany = False,
) -> None:
    """Compare complete days, the last seven unless said otherwise; exit code 1 when one differs.

    A running collector goes on.
    """
    if (dry_run or even_many) and not sweep:
        raise typer.BadParameter("--dry-run and --even-many belong to --sweep")
    settings = Settings.from_env(os.environ)
    city = load_city(settings.city_dir)
    sources, _ = load_sources(settings.city_dir, city)
    chosen = sources if source is None else (one_of(source, sources),)
    wish = _Wish(
        first=_day(start), last=_day(end), sweep=sweep, dry_run=dry_run, even_many=even_many
    )
    with ready(settings) as engine:
        every = [_one(_desk(settings, engine, city, config), wish) for config in chosen]
    if not all(every):
        raise typer.Exit(_DIFFERS)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise typer.BadParameter(f"{error}: say a day as 2026-06-01") from error


def _desk(settings: Settings, engine: Engine, city: City, config: SourceConfig) -> _Desk:
    around = surroundings(settings, city, patient(config.limits))
    return _Desk(engine=engine, city=city, config=config, around=around)


def _one(desk: _Desk, wish: _Wish) -> bool:
    """Print the days of one source; whether none differs (or none could be compared)."""
    id_ = desk.config.id
    try:
        adapter = build(desk.config, desk.around)
        if not isinstance(adapter, Counting):
            typer.echo(f"{id_}: its adapter cannot count")
            return True
        with reading(desk.engine) as conn:
            days = complete(conn, desk.config, desk.city, first=wish.first, last=wish.last)
        done = _sweep(desk, adapter, days, wish) if wish.sweep else ()
        found = _compare(desk, adapter, days)
        if done:
            _sweeping(desk, adapter, wish).note(done)
    except (SourceError, NeverCollected) as error:
        typer.echo(f"{id_}: {error}", err=True)
        return False
    except Fenced:
        typer.echo(f"{id_}: a collector has just begun; type it again", err=True)
        return False
    return _tell(desk.config, found)


def _compare(desk: _Desk, adapter: Counting, days: Sequence[date]) -> tuple[Day, ...]:
    desk.around.budget.begin()
    return compare(desk.engine, adapter, desk.config, desk.city, days, at=utc_now())


def _sweep(
    desk: _Desk, adapter: DataSource, days: Sequence[date], wish: _Wish
) -> tuple[Swept, ...]:
    """Sweep each day and say what was done, or what would be; () where nothing was."""
    id_ = desk.config.id
    if not isinstance(adapter, Listing):
        typer.echo(f"{id_}: its adapter cannot list its cases")
        return ()
    sweeping = _sweeping(desk, adapter, wish)
    seen, unlike = sweeping.look(days)
    for one in unlike:
        if not one.is_alike:
            _tell_found(id_, one)
    if wish.dry_run:
        return ()
    done = tuple(sweeping.mend(seen, one) for one in unlike if not one.is_alike)
    for swept in done:
        _tell_done(id_, swept)
    return done


def _sweeping(desk: _Desk, adapter: DataSource, wish: _Wish) -> Sweeping:
    assert isinstance(adapter, Listing)  # noqa: S101 - for mypy: seen before
    return Sweeping(
        engine=desk.engine,
        source=adapter,
        config=desk.config,
        city=desk.city,
        parts=PARTS,
        clock=utc_now,
        begin=desk.around.budget.begin,
        even_many=wish.even_many,
    )


def _tell_found(id_: str, one: Found) -> None:
    for words in ("missing", "newer", "moved", "gone"):
        if keys := getattr(one, words):
            named = ", ".join(keys[:_NAMED]) + (" …" if len(keys) > _NAMED else "")
            typer.echo(f"{id_}  {one.day}  {len(keys)} {words}: {named}")


def _tell_done(id_: str, one: Swept) -> None:
    refused = f", {one.rejected} refused" if one.rejected else ""
    typer.echo(f"{id_}  {one.day}  swept: {one.stored} stored{refused}, {one.removed} removed")
    if one.left:
        typer.echo(
            f"{id_}  {one.day}  {one.left} gone cases are too many to be taken away unasked; "
            "--even-many does it"
        )


def _tell(config: SourceConfig, found: Sequence[Day]) -> bool:
    if not found:
        typer.echo(f"{config.id}: no complete day to compare")
    for one in found:
        verdict = f"differs by {one.difference:+d}" if one.difference else "the same"
        ours = f"ours {one.stored + one.refused} ({one.stored} stored, {one.refused} refused)"
        typer.echo(f"{config.id}  {one.day}  theirs {one.theirs}  {ours}  {verdict}")
    return not any(one.difference for one in found)

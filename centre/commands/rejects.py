"""`python -m centre rejects SOURCE`: the rows of a source that were refused, and why."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from centre.collector.ground import ready
from centre.settings import Settings
from centre.store import queries
from centre.store.engine import reading

Source = Annotated[str, typer.Argument(help="Id of the source: the name of its file.")]
Reason = Annotated[
    str | None, typer.Option(help='Only rows refused for this reason, like "unknown_unit".')
]
Limit = Annotated[int, typer.Option(help="At most so many.", min=1, max=1000)]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("rejects")(rejects)


def rejects(source: Source, reason: Reason = None, limit: Limit = 20) -> None:
    """List refused rows, newest first: key at the source, field, reason, detail; all masked."""
    page = _page(Settings.from_env(os.environ), source, reason, limit)
    for one in page.rows:
        typer.echo(f"{one.key or '—'}  {one.field}: {one.reason}: {one.detail}")
    more = ", and more" if page.next_cursor else ""
    typer.echo(f"{source}: {len(page.rows)} refused rows{more}")


def _page(settings: Settings, source: str, reason: str | None, limit: int) -> queries.Rejects:
    with ready(settings) as engine, reading(engine) as conn:
        return queries.rejects(conn, source, reason, limit)

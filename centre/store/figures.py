"""Figure ids that were handed out, kept so that they resolve to their query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, select

from centre.store import bulk
from centre.store.engine import writing
from centre.store.tables import figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number that was shown: its canonical query, and what was known then."""

    id: str
    change: int
    query: Mapping[str, Any]


def keep(engine: Engine, figures: Mapping[str, Mapping[str, Any]], change: int) -> None:
    """Keep {figure id: canonical query}; an id that is there says the same already."""
    statement = bulk.upsert(figure, engine.dialect.name).on_conflict_do_nothing()
    encoders = bulk.encoders(figure.columns, engine.dialect)
    rows = [bulk.encode((id_, change, query), encoders) for id_, query in figures.items()]
    with writing(engine, durable=False) as conn:
        bulk.run(conn, statement, rows)


def find(conn: Connection, id_: str) -> Figure | None:
    """The query behind a figure id."""
    row = conn.execute(select(figure).where(figure.c.id == id_)).one_or_none()
    return Figure(**row._mapping) if row else None

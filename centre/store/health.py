"""How the outages and the form of every source stand, kept over a restart of the collector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Connection, Engine, Integer, String, Table, select

from centre.store import bulk
from centre.store.engine import writing
from centre.store.tables import metadata
from centre.store.types import UtcDateTime

health = Table(
    "health",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("breaker", String(8), nullable=False),  # "closed" | "open"
    Column("recent", String(20), nullable=False),  # newest answers: "+" answered, "-" failed
    Column("opened", Integer, nullable=False),  # how often the breaker opened
    Column("replaced", Integer, nullable=False),  # how often a hanging worker was left behind
    Column("retry_at", UtcDateTime),
    Column("condition", String(16), nullable=False),  # "" | what kind of trouble it is in
    Column("map", String(16), nullable=False),  # hash of the field map that `base` belongs to
    Column("base", JSON),  # column -> kind, as they were
    Column("form", JSON),  # column -> kind, as they are
    Column("changed_at", UtcDateTime),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """One source. `base`: its columns and their kinds as they were when `map` was first used,
    `form` as they are now; None before any rows came. `condition`: "" while it answers, else
    "unavailable", "denied", "malformed", "refused" (its rows have drifted) or "fault" (ours).
    """

    source: str
    breaker: str = "closed"  # or "open"
    recent: str = ""  # of its newest answers: "+" answered, "-" failed
    opened: int = 0  # how often the breaker has opened
    replaced: int = 0  # how often a worker was left behind where it hung
    retry_at: datetime | None = None  # not asked before, while the breaker is open
    condition: str = ""
    map: str = ""
    base: Mapping[str, str] | None = None
    form: Mapping[str, str] | None = None
    changed_at: datetime | None = None  # when its form last became another


def read(conn: Connection) -> Mapping[str, Health]:
    """All that was noted, by source."""
    rows = conn.execute(select(health))
    return {row.source: Health(**row._mapping) for row in rows}


def note(engine: Engine, source: str, **values: Any) -> None:
    """Set columns of a source; the others stay as they are."""
    first = asdict(Health(source=source))
    statement = bulk.insert(health, engine.dialect.name).values(first | values)
    with writing(engine, durable=False) as conn:
        conn.execute(statement.on_conflict_do_update(index_elements=[health.c.source], set_=values))

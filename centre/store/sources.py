"""What is known of every source: its fence, cursor, clocks and counters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from centre.store import bulk
from centre.store.delivery import Fenced
from centre.store.engine import writing
from centre.store.tables import source


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One source as stored; sent = stored + duplicate + rejected. `failures` in a row."""

    id: str
    epoch: int
    cursor: Mapping[str, Any] | None
    paused: bool
    wanted: bool
    attempted_at: datetime | None
    succeeded_at: datetime | None
    watermark: datetime | None
    event_at: datetime | None
    received_at: datetime | None
    filled_days: int
    total_days: int
    fill_unit: str
    failures: int
    error: str | None
    sent: int
    stored: int
    duplicate: int
    rejected: int


def claim(
    engine: Engine, id: str, total_days: int = 0, *, held: Mapping[str, int] | None = None
) -> int:
    """Become the one writer of a source; returns the epoch that write() asks for.

    Whoever held it is fenced from now on. `total_days`: how much history it will fill in. `held`:
    epochs that must still be those of their sources, else Fenced is raised and nothing is claimed.
    """
    first = dict.fromkeys(("filled_days", "failures", "sent", "stored", "duplicate"), 0)
    statement = bulk.insert(source, engine.dialect.name).values(
        {**first, "rejected": 0, "cursor": None, "paused": False, "wanted": False}
        | {"attempted_at": None, "succeeded_at": None, "watermark": None, "error": None}
        | {"id": id, "epoch": 1, "total_days": total_days, "fill_unit": "days"}
    )
    later: dict[str, Any] = {"epoch": source.c.epoch + 1}
    if total_days:
        later["total_days"] = total_days
    with writing(engine) as conn:
        _check_held(conn, held or {})
        conn.execute(statement.on_conflict_do_update(index_elements=[source.c.id], set_=later))
        return int(conn.scalar(select(source.c.epoch).where(source.c.id == id)) or 0)


def _check_held(conn: Connection, held: Mapping[str, int]) -> None:
    if not held:
        return
    now = {row.id: row.epoch for row in conn.execute(select(source.c.id, source.c.epoch))}
    for id_, epoch in held.items():
        if now.get(id_) != epoch:
            raise Fenced(id_, epoch, now.get(id_))


def attempted(engine: Engine, id: str, at: datetime) -> None:
    """Note that a fetch begins; a wish to run now is thereby met."""
    _set(engine, id, attempted_at=at, wanted=False)


def failed(engine: Engine, id: str, error: str, at: datetime) -> None:
    """Note a failure; the counter goes back to 0 with the next delivery."""
    _set(engine, id, attempted_at=at, error=error, failures=source.c.failures + 1)


def pause(engine: Engine, id: str, paused: bool) -> None:
    """Let a source rest, or go on."""
    _set(engine, id, paused=paused)


def want(engine: Engine, id: str) -> None:
    """Ask for a fetch as soon as may be."""
    _set(engine, id, wanted=True)


def _set(engine: Engine, id: str, **values: Any) -> None:
    """Small notes: losing one at a power cut loses nothing that the next fetch does not say."""
    with writing(engine, durable=False) as conn:
        conn.execute(update(source).where(source.c.id == id).values(**values))


def states(conn: Connection) -> tuple[SourceRow, ...]:
    """Every source that was ever claimed, in order of ids."""
    rows = conn.execute(select(source).order_by(source.c.id))
    return tuple(SourceRow(**row._mapping) for row in rows)


def cursor(conn: Connection, id: str) -> Mapping[str, Any] | None:
    """Where a source goes on; None: from the beginning."""
    found: Mapping[str, Any] | None = conn.scalar(select(source.c.cursor).where(source.c.id == id))
    return found

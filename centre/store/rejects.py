"""Refused rows: kept once however often they are sent, replayable after the map is mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.sql.expression import ClauseElement

from centre.domain.records import Rejected
from centre.store import bulk
from centre.store.delivery import Delivery
from centre.store.encode import row_id
from centre.store.tables import rejected

KEPT, REPLAYED, GONE = "kept", "replayed", "gone"
_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A refused row as it is kept."""

    id: str
    source: str
    change: int
    at: datetime
    key: str | None
    field: str
    reason: str
    detail: str
    row: Mapping[str, Any]
    state: str


def news(conn: Connection, refused: Sequence[Rejected]) -> Mapping[str, Rejected]:
    """Those that are not kept yet, or for another reason, by their id."""
    found = {row_id(one.source, one.raw): one for one in refused}
    ids = list(found)
    for start in range(0, len(ids), _CHUNK):
        kept = select(rejected.c.id, rejected.c.field, rejected.c.reason).where(
            rejected.c.id.in_(ids[start : start + _CHUNK]), rejected.c.state == KEPT
        )
        for row in conn.execute(kept):
            if (found[row.id].field, found[row.id].reason) == (row.field, row.reason):
                del found[row.id]
    return found


def keep(
    conn: Connection,
    refused: Mapping[str, Rejected],
    change: int,
    at: datetime,
    *,
    is_replay: bool = False,
) -> None:
    """Keep refused rows under their ids; one that was only read anew came when it first came."""
    encoders = bulk.encoders(rejected.columns, conn.dialect)
    rows = [
        bulk.encode(_values(number, one, change, at), encoders) for number, one in refused.items()
    ]
    bulk.run(conn, _again(conn.dialect.name, is_replay), rows)


def _values(number: str, one: Rejected, change: int, at: datetime) -> tuple[Any, ...]:
    key = one.key[:128] if one.key else None
    what = (key, one.field[:64], one.reason[:64], one.detail, one.raw, KEPT)
    return (number, one.source, change, at, *what)


@lru_cache(maxsize=4)
def _again(dialect: str, is_replay: bool) -> ClauseElement:
    statement = bulk.upsert(rejected, dialect)
    came = () if is_replay else ("at",)
    changed = ("change", *came, "key", "field", "reason", "detail", "state")
    return statement.on_conflict_do_update(
        index_elements=[rejected.c.id],
        set_={name: statement.excluded[name] for name in changed},
    )


def replayed(conn: Connection, delivery: Delivery) -> None:
    """Mark the rows that a delivery read anew, but for those that were refused again."""
    again = {row_id(one.source, one.raw) for one in delivery.records if isinstance(one, Rejected)}
    ids = [one for one in delivery.replayed_ids if one not in again]
    for start in range(0, len(ids), _CHUNK):
        conn.execute(
            update(rejected)
            .where(rejected.c.id.in_(ids[start : start + _CHUNK]))
            .where(rejected.c.source == delivery.source)
            .values(state=REPLAYED)
        )


def gone(conn: Connection, delivery: Delivery) -> None:
    """Lay aside the rows of cases that a sweep found gone; what came since it was asked stays."""
    if delivery.sweep is None:
        return
    keys = delivery.sweep.gone
    own = (rejected.c.source == delivery.source, rejected.c.state == KEPT)
    for start in range(0, len(keys), _CHUNK):
        some = rejected.c.key.in_(keys[start : start + _CHUNK])
        old = rejected.c.change <= delivery.sweep.seen
        conn.execute(update(rejected).where(*own, some, old).values(state=GONE))


def replayable(
    conn: Connection,
    source: str,
    *,
    reason: str | None = None,
    limit: int = 1000,
    after: str = "",
) -> tuple[Reject, ...]:
    """Kept rows of a source, to be parsed anew and written with `replayed_ids`.

    In order of ids; `after` the last one seen, because rows that are refused again stay.
    """
    statement = select(rejected).where(
        rejected.c.source == source, rejected.c.state == KEPT, rejected.c.id > after
    )
    if reason is not None:
        statement = statement.where(rejected.c.reason == reason)
    found = conn.execute(statement.order_by(rejected.c.id).limit(limit))
    return tuple(Reject(**row._mapping) for row in found)

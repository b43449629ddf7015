"""The ledger of every source by local day: what came, what of it was good, how long it was late.

counters   of the rows themselves; a refused row that is read anew moves on the day it came on
corrected  newer versions that take back what was said (centre.store.corrections)
missed     seconds in which its data was older than 1.5 promised intervals

Its sums over the days are the counters of the source at every change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Column, Connection, Float, Integer, String, Table, select
from sqlalchemy.sql.expression import ClauseElement

from centre.domain.periods import day_start, local_day
from centre.domain.records import Rejected
from centre.store import bulk
from centre.store.delivery import Delivery
from centre.store.keep import Kind, Sorted
from centre.store.tables import metadata, rejected

LATE = 1.5
"""Promised intervals after which data is late, as on every screen (centre.domain.status)."""

OPENING = 0
"""The day of what came before the ledger was kept."""

COUNTS = ("sent", "stored", "duplicate", "rejected", "corrected")

ledger = Table(
    "ledger",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),  # ordinal of the local day
    *(Column(name, BigInteger, nullable=False) for name in COUNTS),
    Column("missed_seconds", Float, nullable=False),
    sqlite_with_rowid=False,
)

_Days = Mapping[int, Mapping[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One day of a source; `day` is an ordinal, OPENING for all before the ledger."""

    source: str
    day: int
    sent: int
    stored: int
    duplicate: int
    rejected: int
    corrected: int
    missed_seconds: float


def take(
    conn: Connection, delivery: Delivery, batches: Sequence[Sorted], before: Any, zone: ZoneInfo
) -> None:
    """Enter a delivery; to be called before its rows are kept and its source is moved.

    `before`: the source's row before the write.
    """
    days: defaultdict[int, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    today = local_day(delivery.fetched_at, zone).toordinal()
    came = _came(conn, delivery, today, zone)
    known, sign = ("rejected", -1) if delivery.replayed_ids else ("sent", 1)
    for day, outcome in zip(came, _outcomes(delivery, batches), strict=True):
        days[day][outcome] += 1
        days[day][known] += sign
    days[today]["corrected"] += sum(batch.corrected for batch in batches)
    for late, seconds in _missed(delivery, before, zone):
        days[late.toordinal()]["missed_seconds"] += seconds
    _add(conn, delivery.source, days)


def read(conn: Connection, first: date, last: date) -> tuple[Entry, ...]:
    """What the ledger says of these days, `first` to `last` inclusive, of all sources."""
    span = ledger.c.day.between(first.toordinal(), last.toordinal())
    rows = conn.execute(select(ledger).where(span).order_by(ledger.c.source, ledger.c.day))
    return tuple(Entry(**row._mapping) for row in rows)


def _came(conn: Connection, delivery: Delivery, today: int, zone: ZoneInfo) -> list[int]:
    """The day that each record came on: of one read anew the day on which it was refused."""
    ids = delivery.replayed_ids
    if not ids:
        return [today] * len(delivery.records)
    found = conn.execute(select(rejected.c.id, rejected.c.at).where(rejected.c.id.in_(ids)))
    days = {id_: local_day(at, zone).toordinal() for id_, at in found}
    own = ledger.c.source == delivery.source, ledger.c.day.in_(set(days.values()))
    known = set(conn.scalars(select(ledger.c.day).where(*own)))
    return [day if (day := days.get(id_, OPENING)) in known else OPENING for id_ in ids]


def _outcomes(delivery: Delivery, batches: Sequence[Sorted]) -> Iterator[str]:
    """Record by record: stored, duplicate or rejected; of several of one key the first counts."""
    left: set[tuple[type, tuple[Any, ...]]] = {
        (batch.kind.record, key) for batch in batches for key in batch.keys
    }
    kinds: dict[type, Kind] = {batch.kind.record: batch.kind for batch in batches}
    for one in delivery.records:
        if isinstance(one, Rejected):
            yield "rejected"
            continue
        kind = kinds.get(type(one))
        name = (type(one), kind.key(one) if kind else ())
        yield "stored" if name in left else "duplicate"
        left.discard(name)


def _missed(delivery: Delivery, before: Any, zone: ZoneInfo) -> Iterator[tuple[date, float]]:
    """The late time since the last answer, by day; each moment counts once."""
    until = before.watermark or before.succeeded_at
    if delivery.promised_seconds is None or delivery.replayed_ids or until is None:
        return
    start = late_since(until, before.succeeded_at, delivery.promised_seconds)
    yield from by_day(start, delivery.fetched_at, zone)


def late_since(until: datetime, answered: datetime | None, promised_seconds: float) -> datetime:
    """From when on data that is complete `until` is late, and not yet counted as such."""
    return max(until + timedelta(seconds=LATE * promised_seconds), answered or until)


def by_day(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[tuple[date, float]]:
    """[start, end) cut at midnight: local day and seconds; nothing when it is empty."""
    while start < end:
        day = local_day(start, zone)
        edge = min(end, day_start(day + timedelta(days=1), zone))
        yield day, (edge - start).total_seconds()
        start = edge


def _add(conn: Connection, source: str, days: _Days) -> None:
    rows = [  # whole numbers as such: PostgreSQL takes no 1.0 for one
        (
            source,
            day,
            *(int(added.get(name, 0)) for name in COUNTS),
            added.get("missed_seconds", 0.0),
        )
        for day, added in sorted(days.items())
        if any(added.values())
    ]
    if rows:
        bulk.run(conn, _plus(conn.dialect.name), rows)


@lru_cache(maxsize=2)
def _plus(dialect: str) -> ClauseElement:
    statement = bulk.upsert(ledger, dialect)
    return statement.on_conflict_do_update(
        index_elements=list(ledger.primary_key.columns),
        set_={
            name: ledger.c[name] + statement.excluded[name] for name in (*COUNTS, "missed_seconds")
        },
    )

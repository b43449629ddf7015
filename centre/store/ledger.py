"""The ledger of every source by local day: what came, what of it was good, how long it was late.

counters   of the rows themselves; a refused row that is read anew moves on the day it came on
corrected  newer versions that take back what was said (centre.store.corrections)
missed     seconds in which its data was older than 1.5 promised intervals

Its sums over the days are the counters of the source at every change; what it said at an earlier
one is kept beside it (centre.store.ledger_past).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Column, Connection, Float, Integer, String, Table, select
from sqlalchemy.sql.expression import ClauseElement

from centre.domain.periods import day_start, local_day
from centre.domain.records import Rejected
from centre.store import bulk, changes, ledger_past
from centre.store.delivery import Delivery
from centre.store.keep import Kind, Sorted
from centre.store.ledger_past import COUNTS, Stretch
from centre.store.tables import metadata, rejected

LATE = 1.5
"""Promised intervals after which data is late, as on every screen (centre.domain.status)."""

OPENING = 0
"""The day of what came before the ledger was kept."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a delivery enters by day, count -> how many, and the late time since the last answer."""

    days: _Days
    late: Stretch | None


def take(
    conn: Connection, delivery: Delivery, batches: Sequence[Sorted], before: Any, zone: ZoneInfo
) -> Taken:
    """Measure a delivery; to be called before its rows are kept and its source is moved.

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
    late = _missed(delivery, before)
    for day_, seconds in by_day(*late, zone) if late else ():
        days[day_.toordinal()]["missed_seconds"] += seconds
    return Taken(days={day: one for day, one in days.items() if any(one.values())}, late=late)


def enter(conn: Connection, source: str, taken: Taken, change: int | None) -> None:
    """Enter what was measured. `change` None: whoever takes the next number will see it.

    Of time alone nothing is noted under a change but where it begins: it is judged by the clock.
    """
    if not taken.days:
        return
    _add(conn, source, taken.days)
    goes_on = taken.late is not None and ledger_past.lengthen(conn, source, taken.late)
    noted = {
        day: one
        for day, one in taken.days.items()
        if not goes_on or any(one.get(name) for name in COUNTS)
    }
    if noted:
        ledger_past.note(conn, source, noted, change or changes.coming(conn))


def read(conn: Connection, first: date, last: date, *, at: int | None = None) -> tuple[Entry, ...]:
    """What the ledger says of these days, `first` to `last` inclusive, of all sources.

    With `at` the counts as they were known at that change; late time is always all that is known.
    """
    span = ledger.c.day.between(first.toordinal(), last.toordinal())
    rows = conn.execute(select(ledger).where(span).order_by(ledger.c.source, ledger.c.day))
    entries = tuple(Entry(**row._mapping) for row in rows)
    if at is None:
        return entries
    later = ledger_past.entered_since(conn, at, [(one.day, one.source) for one in entries])
    known = (_without(one, later.get((one.day, one.source))) for one in entries)
    return tuple(one for one in known if _is_known(one))


def _without(one: Entry, later: tuple[int, ...] | None) -> Entry:
    """An entry less what was entered later."""
    if later is None:
        return one
    less = dict(zip(COUNTS, later, strict=True))
    return replace(one, **{name: getattr(one, name) - count for name, count in less.items()})


def _is_known(one: Entry) -> bool:
    return bool(one.missed_seconds) or any(getattr(one, name) for name in COUNTS)


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


def _missed(delivery: Delivery, before: Any) -> Stretch | None:
    """The late time since the last answer; each moment counts once, so only an answer ends it."""
    until = before.watermark or before.succeeded_at
    if delivery.promised_seconds is None or not delivery.is_answer or until is None:
        return None
    start = late_since(until, before.succeeded_at, delivery.promised_seconds)
    return (start, delivery.fetched_at) if start < delivery.fetched_at else None


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
    ]
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

"""Which unit was heard until when, day by day: the denominator of coverage."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from sqlalchemy.sql.expression import ClauseElement

from centre.domain.periods import day_start, local_day
from centre.store import bulk
from centre.store.delivery import Delivery
from centre.store.tables import presence

_MOST_DAYS = 400  # a source back after more than a year has to name its days


def mark(conn: Connection, delivery: Delivery, before: datetime | None, zone: ZoneInfo) -> None:
    """Note the days that a delivery completes, and today as far as its watermark reaches."""
    untils = _untils(delivery, before, zone)
    encoders = bulk.encoders(presence.columns, conn.dialect)
    rows = [
        bulk.encode((unit, delivery.source, day.toordinal(), until), encoders)
        for unit in dict.fromkeys(delivery.units)
        for day, until in untils.items()
    ]
    bulk.run(conn, _later(conn.dialect.name), rows)


def _untils(delivery: Delivery, before: datetime | None, zone: ZoneInfo) -> Mapping[date, datetime]:
    days = [date.fromisoformat(day) for day in delivery.days]
    mark_ = delivery.watermark
    if mark_ is None:
        return {day: _end(day, zone) for day in days}
    today = local_day(mark_, zone)
    # All until the watermark has been delivered: the days since the last one are complete.
    if before is not None:
        passed = min((today - local_day(before, zone)).days, _MOST_DAYS)
        days += [today - timedelta(days=back) for back in range(1, passed + 1)]
    return {**{day: _end(day, zone) for day in days}, **({} if today in days else {today: mark_})}


def _end(day: date, zone: ZoneInfo) -> datetime:
    return day_start(day + timedelta(days=1), zone)


@lru_cache(maxsize=2)
def _later(dialect: str) -> ClauseElement:
    statement = bulk.upsert(presence, dialect)
    return statement.on_conflict_do_update(
        index_elements=list(presence.primary_key.columns),
        set_={"until": statement.excluded.until},
        where=statement.excluded.until > presence.c.until,
    )

"""Which unit was heard until when, day by day: the denominator of coverage."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, select
from sqlalchemy.sql.expression import ClauseElement

from centre.domain.periods import day_start, local_day
from centre.store import bulk, history
from centre.store.delivery import Delivery
from centre.store.tables import presence

_MOST_DAYS = 400  # a source back after more than a year has to name its days


def mark(
    conn: Connection,
    delivery: Delivery,
    before: datetime | None,
    zone: ZoneInfo,
    change: int,
) -> None:
    """Note the days that a delivery completes, and today as far as its watermark reaches.

    Two moments of a day have a change number: when it is first heard of, and when it is complete.
    """
    untils = _untils(delivery, before, zone)
    whole = {day: until for day, until in untils.items() if until == _end(day, zone)}
    _complete(conn, delivery, whole, change)
    running = {day: until for day, until in untils.items() if day not in whole}
    for some, statement in ((whole, _whole), (running, _later)):
        bulk.run(conn, statement(conn.dialect.name), _rows(conn, delivery, some, change))


def _rows(
    conn: Connection, delivery: Delivery, untils: Mapping[date, datetime], change: int
) -> list[list[Any]]:
    encoders = bulk.encoders(presence.columns, conn.dialect)
    return [
        bulk.encode((unit, delivery.source, day.toordinal(), until, change), encoders)
        for unit in dict.fromkeys(delivery.units)
        for day, until in untils.items()
    ]


def _complete(
    conn: Connection, delivery: Delivery, whole: Mapping[date, datetime], change: int
) -> None:
    """Keep how far days had come until this change completes them."""
    ends = {day.toordinal(): until for day, until in whole.items()}
    own = and_(presence.c.source == delivery.source, presence.c.unit.in_(delivery.units))
    span = presence.c.day.between(min(ends, default=0), max(ends, default=-1))
    known = conn.execute(select(presence.c.day, presence.c.until).where(own, span)) if ends else ()
    for day in {day for day, until in known if until < ends.get(day, until)}:
        then = (presence.c.day == day, presence.c.until < ends[day])
        history.end(conn, presence, and_(own, *then), change)


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
    return _moved(dialect, "until")


@lru_cache(maxsize=2)
def _whole(dialect: str) -> ClauseElement:
    return _moved(dialect, "until", "change")


def _moved(dialect: str, *names: str) -> ClauseElement:
    statement = bulk.upsert(presence, dialect)
    return statement.on_conflict_do_update(
        index_elements=list(presence.primary_key.columns),
        set_={name: statement.excluded[name] for name in names},
        where=statement.excluded.until > presence.c.until,
    )

"""Late data: which days were already complete when something about them became known.

cells that a write moved ∩ days that its source had completed before ──> revised
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Column, Connection, Index, Integer, String, Table, select
from sqlalchemy.sql.expression import ClauseElement

from centre.domain.periods import day_start, local_day
from centre.domain.places import UNASSIGNED
from centre.store import bulk
from centre.store.delivery import Delivery
from centre.store.measure import Cells
from centre.store.parts import Part
from centre.store.tables import metadata, presence

revised = Table(
    "revised",
    metadata,
    Column("part", String(64), primary_key=True),
    Column("unit", String(32), primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),  # ordinal of the local day
    Column("change", BigInteger, nullable=False),  # the first that altered it once it was closed
)
Index("revised_day", revised.c.day)

_Day = tuple[str, int]
"""(unit, ordinal of the local day)."""


def mark(
    conn: Connection,
    cells: Cells,
    delivery: Delivery,
    before: Any,
    *,
    change: int,
    parts: Sequence[Part],
    zone: ZoneInfo,
) -> None:
    """Note the closed days that this write changes; to be called before it marks its own days.

    `before`: the source's row before the write. While its history is still coming in nothing is
    late. What matures by itself (`Part.matures`) is no news of its day.
    """
    if before.filled_days < before.total_days:
        return
    today = local_day(delivery.fetched_at, zone).toordinal()
    settled = {part.id for part in parts if not part.matures}
    moved = {
        (part, unit, day)
        for part, dim, day, unit, _ in cells
        if dim == "" and day < today and part in settled
    }
    closed = _closed(conn, delivery.source, {(unit, day) for _, unit, day in moved}, zone)
    late = sorted(one for one in moved if one[1:] in closed)
    bulk.run(conn, _first(conn.dialect.name), [(*one, change) for one in late])


def _closed(conn: Connection, source: str, days: set[_Day], zone: ZoneInfo) -> set[_Day]:
    """Those of the days that the source had delivered to their end.

    What has no unit is nobody's promise: it is late when the source had closed the day at all.
    """
    if not days:
        return set()
    ends = {day: day_start(date.fromordinal(day + 1), zone) for _, day in days}
    rows = conn.execute(
        select(presence.c.unit, presence.c.day, presence.c.until).where(
            presence.c.source == source, presence.c.day.in_(sorted(ends))
        )
    )
    found = {(unit, day) for unit, day, until in rows if until >= ends[day]}
    return days & (found | {(UNASSIGNED, day) for _, day in found})


@lru_cache(maxsize=2)
def _first(dialect: str) -> ClauseElement:
    """Of several revisions the first counts: since it the day is no longer what it was."""
    return bulk.upsert(revised, dialect).on_conflict_do_nothing(
        index_elements=list(revised.primary_key.columns)
    )

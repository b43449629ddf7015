"""Cases built anew from their kept rows: new versions, whatever number their source gave them.

page of stored cases, each beside its row ── judge ──> what they should be
      └── one transaction: history · cases · cubes · revised ── change of kind "reread"
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, select

from centre.domain.periods import Days, day_start
from centre.domain.records import Case
from centre.store import changes, keep, revised, tables
from centre.store.delivery import Delivery
from centre.store.engine import reading, writing
from centre.store.parts import Part
from centre.store.queries.cases import with_rows
from centre.store.write import store

Kept = tuple[Case, Mapping[str, Any]]
"""A case as it is stored, and the masked row of its source that it was made of."""

Judge = Callable[[Sequence[Kept]], Sequence[Case]]
"""Which of some kept cases are to be otherwise, as they should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Cases of a source in the order of their keys, from the one behind `after` on.

    `days`: received then, None: ever. `is_first`: only those of which one version is known
    (True) or several (False).
    """

    source: str
    zone: ZoneInfo
    days: Days | None = None
    is_first: bool | None = None
    after: str = ""
    until: str | None = None  # inclusive; None: without end
    limit: int = 500  # the collector waits half a second at most

    def read(self, conn: Connection) -> tuple[Kept, ...]:
        """A page of them; those whose row is not kept are left out."""
        span = None
        if self.days is not None:
            until = self.days.last + timedelta(days=1)
            span = (day_start(self.days.first, self.zone), day_start(until, self.zone))
        return with_rows(
            conn,
            self.source,
            after=self.after,
            until=self.until,
            limit=self.limit,
            received=span,
            is_first=self.is_first,
        )


def pages(engine: Engine, where: Where) -> Iterator[tuple[Where, tuple[Kept, ...]]]:
    """Where after where: (page, its cases), until there are none; each read by itself."""
    while True:
        with reading(engine) as conn:
            kept = where.read(conn)
        if not kept:
            return
        yield where, kept
        where = replace(where, after=kept[-1][0].key)


def rewrite(
    engine: Engine,
    where: Where,
    judge: Judge,
    *,
    at: datetime,
    parts: Sequence[Part],
) -> int | None:
    """Write what should be otherwise among a page's cases; the change, None: nothing had to be.

    The page is read again inside the transaction, for its source may have spoken meanwhile.
    Cursor, clocks and counters of the source stay: it has sent nothing.
    """
    with writing(engine) as conn:
        found = select(tables.source).where(tables.source.c.id == where.source)
        before = conn.execute(found.with_for_update()).one()
        cases = tuple(judge(where.read(conn)))
        if not cases:
            return None
        change = changes.next_change(conn, "reread", where.source, at)
        batch = keep.Sorted(
            kind=keep.of(Case),
            records=cases,
            rows=(None,) * len(cases),
            known=frozenset((one.key,) for one in cases),
            is_anew=True,
        )
        cells = store(conn, [batch], change, parts, where.zone)
        said = Delivery(
            source=where.source,
            epoch=before.epoch,
            records=(),
            rows=(),
            cursor=None,
            fetched_at=at,
        )
        revised.mark(conn, cells, said, before, change=change, parts=parts, zone=where.zone)
    return change

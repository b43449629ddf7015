"""Cases, deliveries and parts for the tests of the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from centre.domain.records import Asset, Case, Reading, Record, Rejected
from centre.store import sources
from centre.store.delivery import Sweep
from centre.store.parts import Part
from centre.store.tables import asset as asset_table
from centre.store.tables import case as case_table
from centre.store.tables import reading as reading_table
from centre.store.write import Delivery, Receipt, write

ZONE = ZoneInfo("Asia/Shanghai")
T0 = datetime(2026, 6, 15, 0, 30, tzinfo=UTC)  # 08:30 in Chengdu
DAY0 = datetime(2026, 6, 15, tzinfo=ZONE).toordinal()
C = case_table.c

RECEIVED = Part(id="received", anchor=C.received_at, where=C.kind == "appeal")
CLOSED = Part(id="closed", anchor=C.closed_at, where=C.kind == "appeal")
IN_TIME = Part(id="in_time", anchor=C.due_at, where=C.closed_at <= C.due_at)
WORKDAYS = Part(
    id="workdays",
    anchor=C.closed_at,
    where=C.reply_workdays.is_not(None),
    amount=C.reply_workdays,
)
CALLS = Part(
    id="calls",
    anchor=reading_table.c.at,
    where=reading_table.c.series == "calls",
    amount=reading_table.c.value,
)
MAILBOXES = Part(id="mailboxes", anchor=asset_table.c.since, where=asset_table.c.state == "active")
PARTS = (RECEIVED, CLOSED, IN_TIME, WORKDAYS, CALLS, MAILBOXES)


def hours(count: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=count)


def case(key: str, version: int = 1, **words: Any) -> Case:
    """A case of source "s" and unit "a", received at T0, unless said otherwise."""
    return Case(
        **{
            "source": "s",
            "key": key,
            "source_version": version,
            "unit": "a",
            "received_at": T0,
            **words,
        }
    )


def reading(at: datetime, value: float, version: int = 1, **words: Any) -> Reading:
    """A reading of the series "calls"."""
    basis = {"source": "s", "series": "calls", "unit": "a", "key": ""}
    return Reading(**{**basis, "at": at, "value": value, "source_version": version, **words})


def mailbox(key: str, version: int = 1, **words: Any) -> Asset:
    """An active mailbox of the city."""
    basis = {"source": "s", "kind": "mailbox", "unit": "a", "state": "active", "since": T0}
    return Asset(**{**basis, "key": key, "source_version": version, "category": "city", **words})


def refused(key: str, raw: dict[str, Any] | None = None, **words: Any) -> Rejected:
    """A row without a zone."""
    basis = {"source": "s", "field": "received_at", "reason": "no_zone", "detail": "no time zone"}
    return Rejected(**{**basis, "key": key, "raw": raw or {"id": key}, **words})


class Feed:
    """One claimed source that hands in deliveries."""

    def __init__(self, engine: Engine, source: str = "s", parts: Sequence[Part] = PARTS) -> None:
        self.engine, self.source, self.parts = engine, source, parts
        self.epoch = sources.claim(engine, source, 35)

    def delivery(self, *records: Record | Rejected, **words: Any) -> Delivery:
        """A delivery of this source; cursor {} and fetched at T0 unless said otherwise."""
        basis = {"source": self.source, "epoch": self.epoch, "cursor": {}, "fetched_at": T0}
        rows = [{"id": getattr(one, "key", "")} for one in records]
        return Delivery(**{**basis, "records": records, "rows": rows, **words})

    def send(self, *records: Record | Rejected, **words: Any) -> Receipt:
        """Write a delivery."""
        return write(self.engine, self.delivery(*records, **words), self.parts, ZONE)

    def send_and_sweep(self, mixed: Sequence[Record | str], **words: Any) -> None:
        """Write the records among them, then remove the cases whose keys are among them."""
        self.send(*(one for one in mixed if not isinstance(one, str)), **words)
        gone = tuple(one for one in mixed if isinstance(one, str))
        if gone:
            self.send(sweep=Sweep(gone=gone, seen=2**40))

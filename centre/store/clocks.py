"""The clocks of a source that only its rows can tell: when things happened, when they came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from operator import attrgetter
from typing import Any

from centre.domain.records import Asset, Case, Record, Rejected
from centre.store.delivery import Delivery, Receipt

_STEPS = attrgetter(
    "received_at", "dispatched_at", "signed_at", "replied_at", "followed_up_at", "closed_at"
)
"""What has happened to a case; a due time happens to nobody."""


def moved(delivery: Delivery, receipt: Receipt, before: Any) -> dict[str, datetime]:
    """The columns of a source's row that a delivery moves on; nothing where nothing was stored."""
    if not receipt.stored:
        return {}
    newest = newest_event(delivery.records, delivery.fetched_at)
    known = [one for one in (newest, before.event_at) if one is not None]
    return {"received_at": delivery.fetched_at, **({"event_at": max(known)} if known else {})}


def newest_event(records: Iterable[Record | Rejected], until: datetime) -> datetime | None:
    """When the newest thing in some records happened; a time yet to come is a wrong clock's."""
    times = (at for record in records for at in _times(record) if at is not None and at <= until)
    return max(times, default=None)


def _times(record: Record | Rejected) -> Iterator[datetime | None]:
    if isinstance(record, Case):
        yield from _STEPS(record)
    elif isinstance(record, Asset):
        yield record.since
    elif not isinstance(record, Rejected):
        yield record.at

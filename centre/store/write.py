"""The one way in: a delivery becomes known in one transaction, or not at all.

fence · upserts guarded by version · removals · history · rows · rejected · cubes · revised ·
ledger · presence · cursor

Exception
├── Fenced        another collector took the source over
└── BadDelivery   our own fault: contradicts itself (ValueError)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, insert, select, update

from centre.domain.records import Rejected
from centre.store import (
    changes,
    clocks,
    cubes,
    keep,
    ledger,
    measure,
    presence,
    rejects,
    revised,
    tables,
)
from centre.store.delivery import BadDelivery, Delivery, Fenced, Receipt
from centre.store.engine import writing
from centre.store.measure import Cells, Tally
from centre.store.parts import Part

__all__ = ["BadDelivery", "Delivery", "Fenced", "Receipt", "store", "write"]


def write(engine: Engine, delivery: Delivery, parts: Sequence[Part], zone: ZoneInfo) -> Receipt:
    """Commit a delivery with its cursor; when this returns, the source may be acknowledged.

    A record is stored when it is new or its source_version is higher than the stored one, else
    it is a duplicate; of several versions in one delivery only the newest can be stored. Raises
    Fenced when the source was claimed by another since.
    """
    delivery.check()
    with writing(engine, durable=bool(delivery.records or delivery.sweep)) as conn:
        before = _fence(conn, delivery)
        batches = [batch for batch in keep.sort(conn, delivery) if batch.records]
        taken = ledger.take(conn, delivery, batches, before, zone)
        receipt = _take(conn, delivery, batches, before, parts=parts, zone=zone)
        ledger.enter(conn, delivery.source, taken, receipt.change)
        change = receipt.change or changes.latest(conn) + 1  # whoever takes it next will see it
        presence.mark(conn, delivery, before.watermark, zone, change)
        _count(conn, delivery, receipt, before)
    return receipt


_NOTHING = Receipt(change=None, sent=0, stored=0, duplicate=0, rejected=0)


def _fence(conn: Connection, delivery: Delivery) -> Any:
    """The source's row, locked; so is everything that has the source in its key."""
    found = select(tables.source).where(tables.source.c.id == delivery.source).with_for_update()
    row = conn.execute(found).one_or_none()
    if row is None or row.epoch != delivery.epoch:
        raise Fenced(delivery.source, delivery.epoch, row.epoch if row else None)
    return row


def _take(
    conn: Connection,
    delivery: Delivery,
    batches: Sequence[keep.Sorted],
    before: Any,
    *,
    parts: Sequence[Part],
    zone: ZoneInfo,
) -> Receipt:
    gone = keep.removable(conn, delivery)
    rejects.gone(conn, delivery)
    if not delivery.records and not gone:
        return _NOTHING
    refused = [one for one in delivery.records if isinstance(one, Rejected)]
    news = rejects.news(conn, refused)
    change = None
    if batches or news or gone or _is_moved(delivery, before):
        change = changes.next_change(conn, _kind(delivery), delivery.source, delivery.fetched_at)
        cells = store(conn, batches, change, parts, zone, gone=keep.Gone(delivery.source, gone))
        revised.mark(conn, cells, delivery, before, change=change, parts=parts, zone=zone)
        rejects.replayed(conn, delivery)
        again = bool(delivery.replayed_ids)
        rejects.keep(conn, news, change, delivery.fetched_at, is_replay=again)
    stored = sum(len(batch.records) for batch in batches)
    receipt = _receipt(delivery, change, stored, len(refused), len(gone))
    _record(conn, delivery, receipt)
    return receipt


def _is_moved(delivery: Delivery, before: Any) -> bool:
    """Whether it moves refused rows, or how far the source has been read."""
    if delivery.sweep is not None:
        return False
    return bool(delivery.replayed_ids) or before.cursor != delivery.cursor


def _kind(delivery: Delivery) -> str:
    if delivery.sweep is not None:
        return "sweep"
    return "replay" if delivery.replayed_ids else "write"


def store(
    conn: Connection,
    batches: Sequence[keep.Sorted],
    change: int,
    parts: Sequence[Part],
    zone: ZoneInfo,
    *,
    gone: keep.Gone | None = None,
) -> Cells:
    """Write batches under a change, and the cubes with them; the cells that this moved.

    `gone`: cases that are removed.
    """
    tally, plans = Tally(zone), {one.table: one for one in measure.plans(parts)}
    removed = len(gone.keys) if gone else 0
    if gone and removed:
        if (plan := plans.get(tables.case)) is not None:
            tally.add(plan, gone.measured(conn, plan), sign=-1)
        gone.remove(conn, change)
    for batch in batches:
        plan = plans.get(batch.kind.table)
        if plan is not None:
            known = [key for key in batch.keys if key in batch.known]
            tally.add(plan, keep.measured(conn, batch, plan, known), sign=-1)
        keep.upsert(conn, batch, change)
        if plan is not None:
            tally.add(plan, keep.measured(conn, batch, plan, batch.keys))
    cells = tally.cells()
    rows = sum(len(batch.records) for batch in batches) + removed
    cubes.add(conn, cells, change, parts, rows=rows)
    return cells


def _receipt(
    delivery: Delivery, change: int | None, stored: int, rejected: int, removed: int
) -> Receipt:
    sent = len(delivery.records)
    return Receipt(
        change=change,
        sent=sent,
        stored=stored,
        duplicate=sent - stored - rejected,
        rejected=rejected,
        removed=removed,
    )


def _record(conn: Connection, delivery: Delivery, receipt: Receipt) -> None:
    if receipt.change is None or not delivery.records:
        return
    row = {name: getattr(receipt, name) for name in ("change", *_COUNTS)}
    conn.execute(
        insert(tables.delivery).values(source=delivery.source, at=delivery.fetched_at, **row)
    )


_COUNTS = ("sent", "stored", "duplicate", "rejected")


def _count(conn: Connection, delivery: Delivery, receipt: Receipt, before: Any) -> None:
    """Move cursor, clocks and counters of the source; for a replay or sweep its counters alone."""
    table = tables.source
    if not delivery.is_answer:  # its clocks stand still
        moved = _sums(delivery, receipt)
        if moved:
            conn.execute(update(table).where(table.c.id == delivery.source).values(moved))
        return
    values: dict[str, Any] = {
        "cursor": delivery.cursor,
        "attempted_at": delivery.fetched_at,
        "succeeded_at": delivery.fetched_at,
        "failures": 0,
        "error": None,
        **clocks.moved(delivery, receipt, before),
        **_sums(delivery, receipt),
    }
    if delivery.total:
        values |= {"filled_days": delivery.filled, "total_days": delivery.total}
        values["fill_unit"] = delivery.fill_unit
    if delivery.watermark is not None:
        values["watermark"] = max(delivery.watermark, before.watermark or delivery.watermark)
    conn.execute(update(table).where(table.c.id == delivery.source).values(values))


def _sums(delivery: Delivery, receipt: Receipt) -> Mapping[str, Any]:
    """A replayed row was counted when it was sent: it moves, it does not come again."""
    back = len(delivery.replayed_ids)
    added = {name: getattr(receipt, name) for name in _COUNTS}
    added["sent"] -= back
    added["rejected"] -= back
    return {name: tables.source.c[name] + number for name, number in added.items() if number}

"""Replay: refused rows read anew with the present map, and stored if they are good now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from centre.collector.pipeline import judge
from centre.domain.places import City
from centre.domain.sources import SourceConfig
from centre.store import rejects, sources
from centre.store.delivery import Delivery, Receipt
from centre.store.engine import reading
from centre.store.parts import Part
from centre.store.rejects import Reject
from centre.store.write import write

_PAGE = 500  # rows in one transaction: the collector waits half a second at most

Progress = Callable[[int], None]
"""Told how many rows were read anew so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What became of kept rows: read = stored + duplicate + rejected (again)."""

    read: int = 0
    stored: int = 0
    duplicate: int = 0
    rejected: int = 0

    def plus(self, receipt: Receipt) -> Replayed:
        """The same with one more page."""
        return Replayed(
            read=self.read + receipt.sent,
            stored=self.stored + receipt.stored,
            duplicate=self.duplicate + receipt.duplicate,
            rejected=self.rejected + receipt.rejected,
        )


class NeverCollected(LookupError):
    """A source that no collector has claimed yet has nothing to replay."""


def replay(
    engine: Engine,
    config: SourceConfig,
    *,
    city: City,
    parts: Sequence[Part],
    clock: Callable[[], datetime],
    reason: str | None = None,
    progress: Progress = lambda _rows: None,
) -> Replayed:
    """Read the kept rows of a source (of one `reason`) anew, by the same transaction as new ones.

    Works beside a running collector: it writes under the epoch that stands and leaves the cursor
    alone. Rows that are refused again stay kept. Raises NeverCollected.
    """
    epoch = _epoch(engine, config.id)
    done, after = Replayed(), ""
    while True:
        with reading(engine) as conn:
            page = rejects.replayable(conn, config.id, reason=reason, limit=_PAGE, after=after)
        if not page:
            return done
        delivery = _delivery(page, config, city, epoch, clock())
        done, after = done.plus(write(engine, delivery, parts, city.tz)), page[-1].id
        progress(done.read)


def _epoch(engine: Engine, source: str) -> int:
    with reading(engine) as conn:
        epochs = {row.id: row.epoch for row in sources.states(conn)}
    if source not in epochs:
        raise NeverCollected(f"{source}: never collected, so nothing of it was refused")
    return epochs[source]


def _delivery(
    page: Sequence[Reject], config: SourceConfig, city: City, epoch: int, now: datetime
) -> Delivery:
    judged = judge((one.row for one in page), config, city, now)
    return Delivery(
        source=config.id,
        epoch=epoch,
        records=judged.records,
        rows=judged.rows,
        cursor=None,
        fetched_at=now,
        replayed_ids=tuple(one.id for one in page),
    )

"""Where a worker's batches go: judged, then written with their cursor in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Engine

from centre.collector.form import Forms
from centre.collector.pipeline import Drifted, Judged, judge, refuse_drift
from centre.collector.worker import Step
from centre.collector.writer import Rank, Writer
from centre.domain.periods import local_day
from centre.domain.places import City
from centre.domain.sources import SourceConfig
from centre.store import health, rejects, sources
from centre.store.delivery import Delivery, Receipt
from centre.store.engine import reading
from centre.store.parts import Part
from centre.store.write import write
from datasources.source import Batch

_RANKS = {Step.LIVE: Rank.LIVE, Step.HISTORY: Rank.HISTORY}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSink:
    """The store, as one claimed source sees it.

    `units`: what the source answers for by now; other sources come and go.
    """

    engine: Engine
    writer: Writer
    config: SourceConfig
    city: City
    parts: Sequence[Part]
    epoch: int
    units: Callable[[], tuple[str, ...]]
    clock: Callable[[], datetime]
    forms: Forms

    def cursor(self) -> Mapping[str, Any] | None:
        """The last committed cursor."""
        with reading(self.engine) as conn:
            return sources.cursor(conn, self.config.id)

    def commit(self, batch: Batch, step: Step, started: datetime) -> int:
        """Judge and write; a batch that has drifted is refused, some of its rows are kept."""
        self._note_form(batch)
        judged = judge(batch.rows, self.config, self.city, self.clock())
        try:
            refuse_drift(judged)
        except Drifted as drift:
            if self._is_news(drift):
                self._write(_RANKS[step], self._refused(drift, started))
            raise
        delivery = self._delivery(
            judged,
            started,
            cursor=batch.cursor,
            watermark=batch.watermark,
            days=complete(batch, self.city),
            **progress(batch),
        )
        return self._write(_RANKS[step], delivery).stored

    def nothing(self, started: datetime, *, is_complete: bool) -> None:
        """An answer without a batch: the source lives, its cursor stays.

        `is_complete`: there was nothing to deliver, so all until the start has been.
        """
        empty, until = Judged(records=(), rows=()), started if is_complete else None
        delivery = self._delivery(empty, started, cursor=self.cursor(), watermark=until)
        self._write(Rank.LIVE, delivery)

    def _note_form(self, batch: Batch) -> None:
        """Keep how the columns of the rows have changed, whatever becomes of the rows."""
        values = self.forms.seen(batch.rows)
        if values:
            note = partial(health.note, self.engine, self.config.id, changed_at=self.clock())
            self.writer.run(Rank.NOTE, partial(note, **values))

    def _is_news(self, drift: Drifted) -> bool:
        """Whether any example is not kept yet: a batch that is refused again counts once."""
        with reading(self.engine) as conn:
            return bool(rejects.news(conn, drift.rejected))

    def _refused(self, drift: Drifted, started: datetime) -> Delivery:
        """Examples of what was refused, counted as rejected; the cursor stays."""
        judged = Judged(records=drift.rejected, rows=tuple(one.raw for one in drift.rejected))
        return self._delivery(judged, started, cursor=self.cursor(), is_refused=True)

    def _delivery(self, judged: Judged, started: datetime, **rest: Any) -> Delivery:
        return Delivery(
            source=self.config.id,
            epoch=self.epoch,
            records=judged.records,
            rows=judged.rows,
            fetched_at=started,
            units=self.units(),
            promised_seconds=self.config.interval_seconds if self.city.clock == "now" else None,
            **rest,
        )

    def _write(self, rank: Rank, delivery: Delivery) -> Receipt:
        return self.writer.run(rank, lambda: write(self.engine, delivery, self.parts, self.city.tz))


def progress(batch: Batch) -> dict[str, Any]:
    """How far a first fill is: days as they are, the bytes of a file in percent."""
    if batch.fill_unit == "days" or not batch.total:
        return {"filled": batch.filled, "total": batch.total}
    return {"filled": 100 * batch.filled // batch.total, "total": 100, "fill_unit": "percent"}


def complete(batch: Batch, city: City) -> tuple[str, ...]:
    """The days of a batch that are over; one that the watermark lies in is not complete yet."""
    if batch.watermark is None:
        return batch.days
    today = local_day(batch.watermark, city.tz)
    return tuple(day for day in batch.days if date.fromisoformat(day) < today)


def units_of(config: SourceConfig, configs: Sequence[SourceConfig], city: City) -> tuple[str, ...]:
    """The units whose presence a source vouches for: its own, or all that have no source."""
    if config.unit is not None:
        return (config.unit,)
    named = {one.unit for one in configs}
    return tuple(code for code in city.by_code if code not in named)

"""What a source hands in at once, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from centre.domain.records import Record, Rejected


class Fenced(Exception):
    """Another collector has claimed the source since: this one must stop writing for it."""

    def __init__(self, source: str, epoch: int, current: int | None) -> None:
        super().__init__(f"{source}: epoch {epoch} is over, now {current}; stop and claim anew")
        self.source = source


class BadDelivery(ValueError):
    """Our own fault: a delivery that contradicts itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Cases that the source no longer has, by key; one written after `seen` is not among them.

    `seen`: the newest change before the source was asked which cases it has.
    """

    gone: tuple[str, ...]
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One batch of one source. `rows[i]` is the masked raw row of `records[i]` (none at all: not
    kept). `days` are local days now complete; they and `watermark` hold for `units`, the units
    this source answers for. With `replayed_ids` the records are rejected rows read anew, one for
    one: the source's counters move them from rejected to where they belong. `promised_seconds`:
    how old its data may be; None: nobody judges its age. `sweep`: not an answer to a fetch but
    what a comparison found; cursor and clocks stand still. `is_refused`: examples of a batch that
    was not taken; they are counted, but it is no answer.
    """

    source: str
    epoch: int
    records: Sequence[Record | Rejected]
    rows: Sequence[Mapping[str, Any]]
    cursor: Mapping[str, Any] | None
    fetched_at: datetime
    watermark: datetime | None = None
    days: tuple[str, ...] = ()
    filled: int = 0
    total: int = 0
    fill_unit: str = "days"  # or "percent"
    units: tuple[str, ...] = ()
    replayed_ids: tuple[str, ...] = ()
    promised_seconds: float | None = None
    sweep: Sweep | None = None
    is_refused: bool = False

    @property
    def is_answer(self) -> bool:
        """Whether the source has delivered, and was not only compared, refused or read anew."""
        return not (self.replayed_ids or self.sweep or self.is_refused)

    def check(self) -> None:
        """Refuse what cannot be counted."""
        if self.rows and len(self.rows) != len(self.records):
            raise BadDelivery(f"{len(self.rows)} rows for {len(self.records)} records")
        if self.replayed_ids and len(self.replayed_ids) != len(self.records):
            raise BadDelivery(f"{len(self.replayed_ids)} ids for {len(self.records)} records")
        foreign = next((one.source for one in self.records if one.source != self.source), None)
        if foreign is not None:
            raise BadDelivery(f"a record of {foreign} in a delivery of {self.source}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was committed. `change` None: nothing became known that was not known before.

    `removed`: cases that the source no longer has; they are none of those it has sent.
    """

    change: int | None
    sent: int
    stored: int
    duplicate: int
    rejected: int
    removed: int = 0

    def __post_init__(self) -> None:
        if self.sent != self.stored + self.duplicate + self.rejected:
            raise BadDelivery(f"not conserved: {self}")

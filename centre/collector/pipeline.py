"""From a batch of a source to what is written: map, parse, and refuse what has drifted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from centre.domain.masking import masked
from centre.domain.parse import parse
from centre.domain.places import City
from centre.domain.records import Record, Rejected
from centre.domain.sources import SourceConfig
from datasources import mapping
from datasources.source import Malformed

DRIFT_SHARE = 0.2  # reliability 2.3: above it, it is the source's form that changed, not dirt
DRIFT_ROWS = 50  # fewer rows say nothing

Verdict = Record | Rejected


class Drifted(Malformed):
    """So many rows of a batch are bad that its form has changed. `rejected`: some to look at."""

    def __init__(self, message: str, rejected: tuple[Rejected, ...]) -> None:
        super().__init__(message)
        self.rejected = rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Verdicts, and beside each the masked row it was made from."""

    records: tuple[Verdict, ...]
    rows: tuple[Mapping[str, Any], ...]


def judge(
    rows: Iterable[Mapping[str, Any]], config: SourceConfig, city: City, now: datetime
) -> Judged:
    """Every row becomes a record or says why not; none is lost, none is changed in order."""
    kept = tuple(rows)
    records = tuple(
        parse(mapping.apply(row, config), config=config, city=city, now=now) for row in kept
    )
    return Judged(records=records, rows=tuple(map(_kept(config), kept, records)))


def refuse_drift(judged: Judged) -> Judged:
    """Give the batch back, or raise Drifted naming the fields and reasons, most frequent first.

    A refused batch keeps the source's cursor where it was: nothing of it is stored, and after the
    map is mended it is asked for again.
    """
    rejected = tuple(one for one in judged.records if isinstance(one, Rejected))
    total = len(judged.records)
    if total < DRIFT_ROWS or len(rejected) <= DRIFT_SHARE * total:
        return judged
    raise Drifted(
        f"{len(rejected)} of {total} rows are bad ({_reasons(rejected)}): the batch is refused "
        "and will be asked for again; mend the field map of this source",
        rejected[:DRIFT_ROWS],
    )


def _kept(config: SourceConfig) -> Any:
    def keep(row: Mapping[str, Any], verdict: Verdict) -> Mapping[str, Any]:
        return verdict.raw if isinstance(verdict, Rejected) else masked(row, config)

    return keep


def _reasons(rejected: Sequence[Rejected]) -> str:
    counted = Counter(f"{one.field}: {one.reason}" for one in rejected)
    return ", ".join(f"{reason} {count}" for reason, count in counted.most_common(3))

"""What the sender of rows is told: how many were taken, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel

from centre.api.errors import ErrorWords
from centre.collector.pipeline import Drifted, Judged, judge, refuse_drift
from centre.domain.places import City
from centre.domain.records import Rejected
from centre.domain.sources import SourceConfig
from datasources.pushed.body import Line

TAKEN, REFUSED = 202, 422


class RefusedRow(BaseModel):
    """One row that was refused: the line it begins on, our field, their column, why."""

    row: int  # in the request, from 1
    line: int  # of the body, from 1
    key: str | None
    field: str
    column: str | None
    reason: str
    detail: str


class PushBody(BaseModel):
    """Rows that were taken in. `entry` grows by source; `repeated`: this was said before.

    A good row that is known already, or older than what is known, will count as a duplicate.
    """

    source: str
    entry: int | None = None
    rows: int
    taken: int
    refused: list[RefusedRow]
    repeated: bool = False
    error: ErrorWords | None = None


class Drift(Exception):
    """So many rows are bad that nothing of the request was taken. `body`: what to answer."""

    def __init__(self, body: PushBody) -> None:
        super().__init__(body)
        self.body = body


def judged(
    lines: Sequence[Line], config: SourceConfig, city: City, now: datetime
) -> tuple[int, PushBody]:
    """The answer, and its status: 202, or 422 where not one row is good. Raises Drift.

    By the judge of the collector, which comes to the same verdicts when it takes the rows.
    """
    found = judge([line.row for line in lines], config, city, now)
    refused = _refused(lines, found, config)
    body = PushBody(
        source=config.id, rows=len(lines), taken=len(lines) - len(refused), refused=refused
    )
    try:
        refuse_drift(found)
    except Drifted as drift:
        words = str(drift).partition(": the batch")[0]
        remedy = "mend the rows, or the field map of this source, and send them again"
        raise Drift(_wrong(body, "drifted", words, remedy)) from None
    if refused and not body.taken:
        remedy = "mend them and send them again under another Idempotency-Key"
        return REFUSED, _wrong(body, "rows_refused", "every row was refused", remedy)
    return TAKEN, body


def _wrong(body: PushBody, code: str, message: str, remedy: str) -> PushBody:
    error = ErrorWords(code=code, message=message, remedy=remedy)
    return body.model_copy(update={"error": error})


def _refused(lines: Sequence[Line], found: Judged, config: SourceConfig) -> list[RefusedRow]:
    verdicts = enumerate(zip(lines, found.records, strict=True), 1)
    return [
        _row(number, line.number, one, config)
        for number, (line, one) in verdicts
        if isinstance(one, Rejected)
    ]


def _row(number: int, line: int, one: Rejected, config: SourceConfig) -> RefusedRow:
    known = config.fields.get(one.field)
    return RefusedRow(
        row=number,
        line=line,
        key=one.key,
        field=one.field,
        column=known.column if known else None,
        reason=one.reason,
        detail=one.detail,
    )

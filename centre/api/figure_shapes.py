"""The shape of a figure's answer: what the number is, and everything that stands behind it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from centre.api.shapes import CoverageBody, Definition, NoteBody, Words
from centre.domain.places import City
from centre.metrics import explain
from centre.metrics.asked import Asked
from centre.metrics.asking import Recalled
from centre.metrics.metric import Metric
from centre.snapshots.cells import SourceState
from centre.snapshots.figures import FigureCode
from components.desk.provenance import Behind, Provenance


class NumberBody(BaseModel):
    """Sums and their quotient; a missing number is null."""

    num: float | None
    den: float | None
    value: float | None


class FigureSourceBody(BaseModel):
    """A source of the figure as it was then. `map`: hash of its file, "" where not yet noted."""

    id: str
    name: Words
    adapter: str
    map: str
    contact: str
    state: str
    event_at: datetime | None
    as_of: datetime | None
    received_at: datetime | None
    sent: int
    stored: int
    duplicate: int
    rejected: int


class BehindBody(BaseModel):
    """A list of cases of one part. `is_capped`: there are more than `count`."""

    role: str
    part: str | None
    url: str
    count: int
    is_capped: bool


class ChangeBody(BaseModel):
    """A delivery that changed what is known."""

    model_config = ConfigDict(from_attributes=True)

    change: int
    at: datetime
    source: str
    kind: str
    sent: int
    stored: int
    duplicate: int
    rejected: int


class ShownBody(NumberBody):
    """A number that was shown, computed again as it was known at `seq`.

    The question: a figure of a screen has a `window`, a `day` or an `hour`, open cases a `clock`,
    rows of a `source` a `count`, how a source or unit delivers its name in the `ledger`; one of the
    interface what was asked for. `from` and `to` are the period in any case.
    """

    model_config = ConfigDict(populate_by_name=True)

    id: str
    metric: str | None
    version: int
    scope: str
    window: str | None = None
    day: date | None = None
    hour: int | None = None
    dim: str | None = None
    by: str | None = None
    key: str | None = None
    clock: str | None = None
    source: str | None = None
    count: str | None = None
    ledger: str | None = None
    start: datetime | None = Field(None, alias="from")
    end: datetime | None = Field(None, alias="to")
    seq: int
    at: datetime
    freshness: str
    event_at: datetime | None
    as_of: datetime | None
    received_at: datetime | None
    coverage: CoverageBody
    withheld: bool
    revised: bool


class FigureBody(ShownBody):
    """The same, and all that stands behind it.

    `today`: the same question by what is known today, null where no different.
    """

    origin: str  # "computed" from cases | "reported" by sources | "counted" rows
    definition: Definition | None
    formula: Words | None
    sql: dict[str, str]
    sources: list[FigureSourceBody]
    cases: list[BehindBody]
    changes: list[ChangeBody]
    notes: list[NoteBody]
    today: NumberBody | None


class FiguresBody(BaseModel):
    """Numbers that were shown, in the order in which they were asked for."""

    figures: list[ShownBody]
    unknown: list[str] = Field(description="ids that nothing was ever shown under")


_QUESTION = ("window", "day", "hour", "dim", "by", "key", "clock", "source", "count", "ledger")


def shown(code: FigureCode, asked: Asked, then: Recalled, at: datetime) -> ShownBody:
    """What a number was; `at`: the city's clock at its moment."""
    cell = then.cell
    words: dict[str, Any] = {name: asked.query.get(name) for name in _QUESTION}
    return ShownBody(
        **words,
        **_number(then).model_dump(),
        id=str(code),
        metric=asked.metric or None,
        version=asked.version,
        scope=asked.unit,
        start=then.start,
        end=then.end,
        seq=code.seq,
        at=at,
        freshness=cell.freshness,
        event_at=cell.event_at,
        as_of=cell.as_of,
        received_at=cell.received_at,
        coverage=CoverageBody.of(cell),
        withheld=cell.withheld,
        revised=cell.revised,
    )


def body(found: Provenance, city: City, definition: Definition | None) -> FigureBody:
    """What it was, and all that stands behind it."""
    at = found.moment.now.astimezone(city.tz)
    return FigureBody(
        **dict(shown(found.code, found.asked, found.then, at)),
        origin=found.origin,
        definition=definition,
        formula=_formula(found.metric),
        sql=explain.sql(found.metric) if found.metric else {},
        sources=[_source(one) for one in found.sources],
        cases=[_behind(one) for one in found.behind],
        changes=[ChangeBody.model_validate(one) for one in found.handed],
        notes=[NoteBody.model_validate(one) for one in found.notes],
        today=_number(found.today) if found.has_changed else None,
    )


def _number(one: Recalled) -> NumberBody:
    return NumberBody(num=one.num, den=one.den, value=one.value)


def _formula(metric: Metric | None) -> Words | None:
    if metric is None:
        return None
    return Words(zh=explain.words(metric, "zh"), en=explain.words(metric, "en"))


def _source(one: SourceState) -> FigureSourceBody:
    names = ("id", "adapter", "contact", "state", "event_at", "as_of", "received_at")
    counts = ("sent", "stored", "duplicate", "rejected")
    words: dict[str, Any] = {name: getattr(one, name) for name in (*names, *counts)}
    return FigureSourceBody(**words, map=one.map, name=Words(zh=one.zh, en=one.en))


def _behind(one: Behind) -> BehindBody:
    return BehindBody(
        role=one.listed.role,
        part=one.listed.filters.part,
        url=one.href,
        count=one.count,
        is_capped=one.is_capped,
    )

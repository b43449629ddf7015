"""GET /api/v1/metrics and /api/v1/metrics/{id}/value: what numbers mean, and what they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from centre.access.session import scope_of
from centre.api.errors import responses
from centre.api.past import AT_WORDS, moment_of, stamp
from centre.api.reads import read
from centre.api.shapes import (
    CoverageBody,
    Definition,
    GroupBody,
    MetricBody,
    MetricsBody,
    NoteBody,
    SpellBody,
    ValueBody,
    Words,
)
from centre.api.words import defined, field, known_metric, period, refusal
from centre.domain.notes import is_shown
from centre.domain.periods import day_start, local_day
from centre.domain.places import CITY, UNASSIGNED, City
from centre.domain.scope import Scope
from centre.live.runtime import Runtime, runtime
from centre.live.shown import note_asked
from centre.live.then import Moment
from centre.metrics import breakdown, evaluate
from centre.metrics.metric import Metric
from centre.metrics.noted import Noted
from centre.metrics.questions import CannotAnswer, Group, Question, Value
from centre.metrics.window import window
from centre.snapshots.figures import asked_query
from centre.store import notes

router = APIRouter(prefix="/api/v1/metrics", tags=["metrics"])


class ValueWords(BaseModel):
    """The words of a URL; one that is none of them is refused: its answer would be of today."""

    model_config = ConfigDict(extra="forbid")

    scope: str = Field(CITY, description='"city" or the code of a unit')
    start: str | None = Field(None, alias="from", description="inclusive")
    end: str | None = Field(None, alias="to", description="exclusive")
    by: str | None = None
    street: str | None = Field(None, description='filters: "unassigned" is what does not say')
    category: str | None = None
    channel: str | None = None
    handler: str | None = None
    handler_kind: str | None = None
    nature: str | None = None
    applicant: str | None = None
    reason: str | None = None
    version: int | None = Field(
        None, ge=1, description="of the definition; without it the one that the city counts by"
    )
    at: int | None = Field(None, ge=0, le=2**62, description=AT_WORDS)


@router.get("", summary="All metrics with their definitions")
async def metrics() -> MetricsBody:
    """In the order of their ids."""
    run = runtime()
    return MetricsBody(metrics=[_metric(run, run.metrics[key]) for key in sorted(run.metrics)])


@router.get(
    "/{id}/value", responses=responses(400, 403, 404, 422, 503), summary="The value of a metric"
)
async def value(
    request: Request,
    response: Response,
    id: str,  # noqa: A002, RUF100 - the word of the path
    asked: Annotated[ValueWords, Query()],
) -> ValueBody:
    """Of [from, to): a plain date means that day in the city's zone.

    Without a period: today so far for a count, else the 30 complete days that end yesterday.
    """
    run = runtime()
    metric = defined(known_metric(run.metrics, id), asked.version)
    ask = partial(_evaluate, run=run, metric=metric, asked=asked, scope=scope_of(request))
    known = await read(ask)
    question, moment = known.question, known.moment
    stamp(response, moment, asked.at)
    period, within = (question.start, question.end), dict(question.within)
    query = asked_query(id, asked.scope, *period, by=asked.by, key=None, within=within)
    figure = note_asked(run.engine, query, metric.version, moment.seq, moment.now)
    return _body(metric, known, figure)


_FILTERS = (
    "applicant",
    "category",
    "channel",
    "handler",
    "handler_kind",
    "nature",
    "reason",
    "street",
)


def _within(city: City, asked: ValueWords) -> tuple[tuple[str, str], ...]:
    """The filters that a URL names, in order of their names."""
    said = ((name, field(name, getattr(asked, name), city)) for name in _FILTERS)
    return tuple((name, word or UNASSIGNED) for name, word in said if word is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """The answer, to which question exactly, the moment at which it stands, what is said of it."""

    value: Value
    question: Question
    moment: Moment
    noted: Noted


def _evaluate(
    conn: Connection, *, run: Runtime, metric: Metric, asked: ValueWords, scope: Scope
) -> _Known:
    """Ask the store."""
    moment = moment_of(conn, asked.at)
    start, end = _period(run.city, metric, asked, moment.now)
    question = Question(
        metric=metric.id,
        unit=asked.scope,
        start=start,
        end=end,
        by=asked.by,
        version=asked.version,
        within=_within(run.city, asked),
    )
    try:
        found = evaluate.value(
            conn,
            run.city,
            question,
            scope,
            moment.now,
            sources=moment.snapshot.sources,
            metrics=run.metrics,
            at=moment.at,
        )
    except CannotAnswer as error:
        raise refusal(error) from error
    return _Known(
        value=found,
        question=question,
        moment=moment,
        noted=_noted(conn, run.city, moment, scope),
    )


def _noted(conn: Connection, city: City, moment: Moment, scope: Scope) -> Noted:
    """What was known at the seq of the answer, whatever its snapshot has of it."""
    said = (one for one in notes.read(conn, at=moment.seq) if is_shown(one, scope))
    units_of = {one.id: one.unit for one in moment.snapshot.sources}
    return Noted(notes=tuple(said), city=city, units_of=units_of)


def _period(
    city: City, metric: Metric, asked: ValueWords, now: datetime
) -> tuple[datetime, datetime]:
    """What is asked for; where only one end is given, the other is today's or a day away."""
    first, last = period(asked.start, asked.end, city)
    if first is None and last is None:
        return window(metric, now, city.tz)
    if first is None:
        inside = (last - timedelta(microseconds=1)) if last else now
        first = day_start(local_day(inside, city.tz), city.tz)
    return first, last or max(now, first + timedelta(microseconds=1))


def _body(metric: Metric, known: _Known, figure: str) -> ValueBody:
    found = known.value
    return ValueBody(
        metric=found.metric,
        scope=found.unit,
        start=found.start,
        end=found.end,
        num=found.num,
        den=found.den,
        value=found.value,
        freshness=found.freshness,
        event_at=found.event_at,
        as_of=found.as_of,
        received_at=found.received_at,
        coverage=CoverageBody.of(found.coverage),
        withheld=found.coverage.withheld,
        revised=found.revised,
        figure=figure,
        in_force=[SpellBody(version=one.version, start=one.first) for one in found.in_force],
        definition=Definition(**definition(metric)),
        notes=[
            NoteBody.model_validate(one)
            for one in known.noted.on(found.unit, found.start, found.end)
        ],
        groups=[_group(known, one) for one in found.groups],
    )


def _group(known: _Known, one: Group) -> GroupBody:
    found, by = known.value, known.question.by
    day = date.fromisoformat(one.key) if by == "day" else date.min
    spells = [spell.version for spell in found.in_force if spell.first <= day]
    return GroupBody.of(
        one,
        notes=known.noted.on_row(found, by, one),
        in_force=spells[-1] if spells else None,
    )


def _metric(run: Runtime, metric: Metric) -> MetricBody:
    target = run.city.targets.get(metric.id)
    return MetricBody(
        id=metric.id,
        platform=metric.platform,
        shape=metric.shape,
        direction=metric.direction,
        by=tuple(breakdown.offered(metric)),
        versions=[Definition(**definition(one)) for one in metric.versions],
        target=target.value if target else None,
        **definition(metric),
    )


def definition(metric: Metric) -> dict[str, Any]:
    """The words of a definition, for `Definition`."""
    texts = ("name", "definition", "unit", "owner", "caveats")
    return {
        "version": metric.version,
        "valid_from": metric.valid_from,
        **{text: Words.of(getattr(metric, text)) for text in texts},
    }

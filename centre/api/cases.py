"""GET /api/v1/cases: the cases behind the numbers, a page at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from centre.access.session import scope_of
from centre.api import words
from centre.api.errors import Problem, responses
from centre.api.past import AT_WORDS, moment_of, stamp
from centre.api.reads import read
from centre.api.shapes import CaseBody, CasesBody
from centre.domain.periods import day_start, local_day
from centre.domain.places import City
from centre.domain.scope import Scope
from centre.live.runtime import Runtime, runtime
from centre.live.then import Moment
from centre.store import queries
from centre.store.queries import BadQuery, CaseQuery, Page

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])


class CaseWords(BaseModel):
    """The filters of a URL; a word that is none of them is refused, not ignored."""

    model_config = ConfigDict(extra="forbid")

    kind: str | None = Field(None, description='fields: "unassigned" is what does not say')
    source: str | None = None
    unit: str | None = Field(None, description='code of a unit; "city": all; "unassigned"')
    handler: str | None = None
    handler_kind: str | None = None
    channel: str | None = None
    category: str | None = None
    street: str | None = None
    nature: str | None = None
    applicant: str | None = None
    status: str | None = Field(None, description=", ".join(queries.STATUSES))
    part: str | None = Field(None, description="what a sum counts: a part of a metric, by its id")
    but: str | None = Field(None, description='units left out: "510104,510105"')
    anchor: str = Field("received_at", description="the time that from and to are about")
    start: str | None = Field(None, alias="from", description="inclusive")
    end: str | None = Field(None, alias="to", description="exclusive")
    text: str | None = Field(None, max_length=200, description="of a title, or a case number")
    order: str = "-received_at"
    limit: int = Field(50, ge=1, le=1_000)
    cursor: str | None = None
    at: int | None = Field(None, ge=0, le=2**62, description=AT_WORDS)


@router.get("", responses=responses(400, 404, 422, 503), summary="Cases by filters, newest first")
async def cases(
    request: Request, response: Response, asked: Annotated[CaseWords, Query()]
) -> CasesBody:
    """A page of at most `limit` cases; `next_cursor` leads to the next one."""
    page, moment = await read(partial(_page, run=runtime(), asked=asked, scope=scope_of(request)))
    stamp(response, moment, asked.at)
    return CasesBody(
        cases=[CaseBody.model_validate(one) for one in page.rows],
        total=page.total,
        total_is_capped=page.is_capped,
        next_cursor=page.next_cursor,
    )


def _query(city: City, asked: CaseWords, now: datetime) -> CaseQuery:
    same = asked.model_dump(exclude={"unit", "start", "end", "at", "part", "but", *_FIELDS})
    same |= {name: words.field(name, getattr(asked, name), city) for name in _FIELDS}
    part = words.part(asked.part)
    if part is not None:  # it counts by its own time
        same["anchor"] = part.anchor.name
    start, end = words.period(asked.start, asked.end, city)
    return CaseQuery(
        unit=words.unit(asked.unit, city),
        start=start,
        end=end,
        now=now,
        as_of=now if city.clock == "latest" else None,
        day_end=day_start(local_day(now, city.tz) + timedelta(days=1), city.tz),
        part=part,
        but=words.units(asked.but, city),
        **same,
    )


_FIELDS = tuple(name for name in queries.FILTERS if name != "unit")


def _page(conn: Connection, *, run: Runtime, asked: CaseWords, scope: Scope) -> tuple[Page, Moment]:
    """The page, and the moment at which it stands."""
    moment = moment_of(conn, asked.at)
    query = _query(run.city, asked, moment.now)
    try:
        return queries.slice(conn, query, scope, at=moment.at), moment
    except BadQuery as error:
        raise Problem(400, "bad_query", str(error), "see /openapi.json") from error

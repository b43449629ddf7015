"""GET /api/v1/figures/{id}: which question a figure id under a number stands for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache, partial
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from centre.access.session import scope_of
from centre.api.errors import Problem, responses
from centre.api.reads import read
from centre.domain.places import CITY, UNASSIGNED
from centre.domain.scope import Scope
from centre.live.runtime import Runtime, runtime
from centre.snapshots.cells import Address
from centre.snapshots.figures import BadFigure, FigureCode, cell_query, digest, figure_code
from centre.store import changes, figures

router = APIRouter(prefix="/api/v1/figures", tags=["figures"])

_WINDOWS = ("now", "week", "usual")


class FigureBody(BaseModel):
    """The question behind a number, and the seq at which it was answered.

    A figure of a screen has a `window` (as of its seq), one of the interface `from` and `to`.
    """

    model_config = ConfigDict(populate_by_name=True)

    id: str
    metric: str
    version: int
    scope: str
    window: str | None = None
    start: datetime | None = Field(None, alias="from")
    end: datetime | None = Field(None, alias="to")
    by: str | None = None
    seq: int


@router.get("/{id}", responses=responses(400, 404, 503), summary="What a figure id stands for")
async def figure(
    request: Request,
    id: str,  # noqa: A002, RUF100 - the word of the path
) -> FigureBody:
    """As people type it: any case, o for 0, i or l for 1."""
    try:
        code = figure_code(id)
    except BadFigure as error:
        raise Problem(400, "bad_figure", str(error), "copy it from under the number") from error
    found = await read(partial(_find, run=runtime(), code=code))
    if found is None or not _is_allowed(found.scope, scope_of(request)):
        message = f"no number with the id {code} was ever shown"
        raise Problem(404, "no_figure", message, "compare it with the one under the number")
    return found


def _find(conn: Connection, *, run: Runtime, code: FigureCode) -> FigureBody | None:
    """One that the interface has handed out, else one of the questions of the screens."""
    kept = figures.find(conn, str(code))
    if kept is not None:
        return _body(code, kept.query)
    if code.seq > changes.latest(conn):
        return None
    question = _questions(run).get(code.digest)
    return _body(code, question) if question else None


def _body(code: FigureCode, query: Mapping[str, Any]) -> FigureBody:
    words = {name: query.get(name) for name in ("window", "from", "to", "by")}
    return FigureBody(
        id=str(code),
        metric=query["metric"],
        version=query["version"],
        scope=query["unit"],
        seq=code.seq,
        **words,
    )


@cache
def _questions_of(units: tuple[str, ...], metrics: tuple[tuple[str, int], ...]) -> dict[str, Any]:
    """Digest -> question, of all cells that a snapshot may hold; some thousands, in 20 ms."""
    found = {}
    for metric, version in metrics:
        for unit in units:
            for window in _WINDOWS:
                query = cell_query(Address(metric, unit, window))
                found[digest(query, version)] = {**query, "version": version}
    return found


def _questions(run: Runtime) -> Mapping[str, Mapping[str, Any]]:
    units = (CITY, UNASSIGNED, *run.city.by_code)
    return _questions_of(units, tuple((id_, one.version) for id_, one in run.metrics.items()))


def _is_allowed(unit: str, scope: Scope) -> bool:
    """Whether a reader may know of the question; the city's figures are of what each may see."""
    return unit == CITY or scope.allows_unit(unit)

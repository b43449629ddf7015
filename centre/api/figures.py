"""Numbers that were shown, computed again as they were: one with all that is behind it, or many.

GET /api/v1/figures/{id}        GET /api/v1/figures?ids=3k7-x4m9qt2h,3k7-8v0n2s6d
"""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from sqlalchemy import Connection

from centre.access.session import scope_of
from centre.api.errors import Problem, responses
from centre.api.figure_shapes import FigureBody, FiguresBody, ShownBody, body, shown
from centre.api.metrics import definition
from centre.api.reads import read
from centre.api.shapes import Definition
from centre.api.words import refusal
from centre.domain.scope import Scope
from centre.live.runtime import Runtime, runtime
from centre.live.shown import remembered
from centre.metrics.found import Finder, Found
from centre.metrics.questions import CannotAnswer
from centre.snapshots.figures import BadFigure, FigureCode, figure_code
from components.desk import provenance

router = APIRouter(prefix="/api/v1/figures", tags=["figures"])


MOST = 400
"""Ids of one request: a URL of some 6 KB, of the 8 that proxies let through."""


@router.get("", responses=responses(400, 403, 503), summary="Figures, each computed at its seq")
async def figures(request: Request, ids: str) -> FiguresBody:
    """Many at once, separated by commas: each board is computed once for all numbers of it."""
    codes = [_code(one) for one in ids.split(",")]
    if len(codes) > MOST:
        message = f"{len(codes)} ids are too many: {MOST} are answered at once"
        raise Problem(400, "too_many_ids", message, "ask for the rest in further requests")
    return await read(partial(_find_all, run=runtime(), codes=codes, scope=scope_of(request)))


@router.get(
    "/{id}", responses=responses(400, 403, 404, 503), summary="A figure, computed at its seq"
)
async def figure(
    request: Request,
    id: str,  # noqa: A002, RUF100 - the word of the path
) -> FigureBody:
    """As people type it: any case, o for 0, i or l for 1."""
    code = _code(id)
    found = await read(partial(_find, run=runtime(), code=code, scope=scope_of(request)))
    if found is None:
        message = f"no number with the id {code} was ever shown"
        raise Problem(404, "no_figure", message, "compare it with the one under the number")
    return found


def _code(text: str) -> FigureCode:
    try:
        return figure_code(text)
    except BadFigure as error:
        raise Problem(400, "bad_figure", str(error), "copy it from under the number") from error


def _find(conn: Connection, *, run: Runtime, code: FigureCode, scope: Scope) -> FigureBody | None:
    try:
        noted = remembered(run.engine, str(code), code.digest)
        found = provenance.find(conn, run.view(), run.snapshot(), code, scope, noted=noted)
    except CannotAnswer as error:
        raise refusal(error) from error
    if found is None:
        return None
    meant = Definition(**definition(found.metric)) if found.metric else None
    return body(found, run.city, meant)


def _find_all(
    conn: Connection, *, run: Runtime, codes: list[FigureCode], scope: Scope
) -> FiguresBody:
    finder = Finder(
        conn=conn,
        city=run.city,
        metrics=run.metrics,
        latest=run.snapshot(),
        scope=scope,
        noted=lambda code: remembered(run.engine, str(code), code.digest),
    )
    try:
        found = finder.find_all(codes)
    except CannotAnswer as error:
        raise refusal(error) from error
    there = [one for code in dict.fromkeys(codes) if (one := found[code]) is not None]
    return FiguresBody(
        figures=[_shown(one) for one in there],
        unknown=[str(code) for code, one in found.items() if one is None],
    )


def _shown(one: Found) -> ShownBody:
    at = one.asking.moment.now.astimezone(one.asking.city.tz)
    return shown(one.code, one.asked, one.then, at)

"""GET /api/v1/figures/{id}: a number that was shown, computed again, with all that is behind it."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from sqlalchemy import Connection

from centre.access.session import scope_of
from centre.api.errors import Problem, responses
from centre.api.figure_shapes import FigureBody, body
from centre.api.metrics import definition
from centre.api.reads import read
from centre.api.shapes import Definition
from centre.api.words import refusal
from centre.domain.scope import Scope
from centre.live.runtime import Runtime, runtime
from centre.live.shown import remembered
from centre.metrics.questions import CannotAnswer
from centre.snapshots.figures import BadFigure, FigureCode, figure_code
from components.desk import provenance

router = APIRouter(prefix="/api/v1/figures", tags=["figures"])


@router.get(
    "/{id}", responses=responses(400, 403, 404, 503), summary="A figure, computed at its seq"
)
async def figure(
    request: Request,
    id: str,  # noqa: A002, RUF100 - the word of the path
) -> FigureBody:
    """As people type it: any case, o for 0, i or l for 1."""
    try:
        code = figure_code(id)
    except BadFigure as error:
        raise Problem(400, "bad_figure", str(error), "copy it from under the number") from error
    found = await read(partial(_find, run=runtime(), code=code, scope=scope_of(request)))
    if found is None:
        message = f"no number with the id {code} was ever shown"
        raise Problem(404, "no_figure", message, "compare it with the one under the number")
    return found


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

"""Errors of the interface: {"error": {"code", "message", "remedy"}}, never a traceback."""

from __future__ import annotations

import logging

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

_LOG = logging.getLogger(__name__)

_DOWN = (OperationalError, InterfaceError, PoolTimeout)  # any other error of SQL is our bug
_RETRY_SECONDS = 5


class ErrorWords(BaseModel):
    """What went wrong, for a program (code) and for people (message), and what to do."""

    code: str
    message: str
    remedy: str


class ErrorBody(BaseModel):
    """Every answer of 400 and above."""

    error: ErrorWords


class Problem(Exception):
    """An answer of 400 and above, raised anywhere below a route."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        remedy: str,
        *,
        retry_after_seconds: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.remedy = status, code, message, remedy
        self.retry_after_seconds = retry_after_seconds


def answer(status: int, code: str, message: str, remedy: str) -> JSONResponse:
    """The answer of an error."""
    body = ErrorBody(error=ErrorWords(code=code, message=message, remedy=remedy))
    return JSONResponse(body.model_dump(), status, {"cache-control": "no-store"})


async def _on_problem(_: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)  # noqa: S101 - the handler is registered for it alone
    response = answer(problem.status, problem.code, problem.message, problem.remedy)
    if problem.retry_after_seconds is not None:
        response.headers["retry-after"] = str(problem.retry_after_seconds)
    return response


async def _on_invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or "request"
    return answer(422, "invalid", f"{where}: {first['msg']}", "see /openapi.json")


async def _on_http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "refused")
    remedy = "see /openapi.json for what there is"
    return answer(error.status_code, code, str(error.detail), remedy)


async def _on_down(request: Request, error: Exception) -> Response:
    cause = getattr(error, "orig", None) or error  # without the statement and what was asked
    _LOG.warning("%s: the database does not answer: %s", request.url.path, cause)
    response = answer(
        503,
        "database_down",
        "the database does not answer",
        f"ask again in {_RETRY_SECONDS} seconds; /healthz says when it is back",
    )
    response.headers["retry-after"] = str(_RETRY_SECONDS)
    return response


def install(server: FastAPI) -> None:
    """Answer every error of `server` in the one shape."""
    server.add_exception_handler(Problem, _on_problem)
    server.add_exception_handler(RequestValidationError, _on_invalid)
    server.add_exception_handler(HTTPException, _on_http)
    for down in _DOWN:
        server.add_exception_handler(down, _on_down)


def responses(*statuses: int) -> dict[int | str, dict[str, object]]:
    """The error answers of a route, for its entry in /openapi.json."""
    return {status: {"model": ErrorBody} for status in statuses}

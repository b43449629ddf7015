"""Dash on our FastAPI server, with what its own backend leaves open closed.

- A callback that is not `async def` runs in a thread: on Dash's backend it would hold the event
  loop, and with it every open stream.
- A callback body that does not fit its callback answers 400; Dash answers 500 and logs nothing.
- There is no catch-all: what is neither page nor route is answered by `site`.
- No websocket callbacks: they are a second door that nothing here uses.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Coroutine, Mapping
from contextvars import copy_context
from functools import partial
from typing import Any

import anyio
import anyio.to_thread
from dash import Dash
from dash.backends._fastapi import FastAPIDashServer
from dash.exceptions import PreventUpdate
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from centre.api.errors import answer

_LOG = logging.getLogger(__name__)
_THREADS = 16  # callbacks at once; SQLite reads do not get faster beyond the cores

Dispatch = Callable[[Request], Coroutine[Any, Any, Response]]


def backend_for(server: FastAPI) -> type[FastAPIDashServer]:
    """The backend class to give to Dash(backend=…): it mounts Dash on `server`."""

    class Backend(FastAPIDashServer):
        websocket_capability = False

        @staticmethod
        def create_app(*_: Any, **__: Any) -> FastAPI:
            return server

        def _setup_catchall(self) -> None:
            """Leave unknown paths unknown."""

        def setup_index(self, dash_app: Dash) -> None:
            """Leave "/" to `site`, like every other page."""

        def serve_callback(self, dash_app: Dash) -> Dispatch:
            return _dispatch(dash_app)

    return Backend


def _dispatch(dash_app: Dash) -> Dispatch:
    threads = anyio.CapacityLimiter(_THREADS)

    async def dispatch(request: Request) -> Response:
        body = getattr(request.state, "json_body", None)
        problem = misfit(body, dash_app.callback_map)
        if body is None or problem:
            return _refused(problem)
        try:
            context, call = _prepared(dash_app, body)
        except Exception as error:
            _LOG.info("callback body refused: %r", error)
            return _refused("its parts do not fit together")
        return await _answered(body["output"], context, call, threads)

    return dispatch


def _refused(problem: str) -> Response:
    return answer(400, "malformed", f"callback body: {problem}", "reload the page")


def _prepared(dash_app: Dash, body: Any) -> tuple[Any, Callable[[], Any]]:
    """The context of a callback and the callback with its arguments (as Dash's backend does)."""
    context = dash_app._initialize_context(body)
    func = dash_app._prepare_callback(context, body)
    args = dash_app._inputs_to_vals(context.inputs_list + context.states_list)
    return context, dash_app._execute_callback(func, args, context.outputs_list, context)


async def _answered(
    output: str, context: Any, call: Callable[[], Any], threads: anyio.CapacityLimiter
) -> Response:
    try:
        if inspect.iscoroutinefunction(getattr(call, "func", call)):
            data = await copy_context().run(call)
        else:
            run = partial(copy_context().run, call)
            data = await anyio.to_thread.run_sync(run, limiter=threads)
    except PreventUpdate:
        return Response(status_code=204)
    except Exception:
        _LOG.exception("callback %s failed", output)
        return answer(500, "callback_failed", "this part of the page could not be made", "reload")
    response: Response = context.dash_response.set_response(data=data)
    response.headers["content-type"] = "application/json"
    response.headers["cache-control"] = "no-store"
    return response


def misfit(body: Any, callbacks: Mapping[str, Mapping[str, Any]]) -> str:
    """Why a body cannot belong to any callback; "" when it can."""
    if not isinstance(body, dict):
        return "not a JSON object"
    spec = callbacks.get(body["output"]) if isinstance(body.get("output"), str) else None
    if spec is None:
        return "no such callback"
    for part, declared in (("inputs", spec["inputs"]), ("state", spec["state"])):
        if not _fits(body.get(part) or [], declared):
            return f"{part} are not those of the callback"
    changed = body.get("changedPropIds", [])
    if not isinstance(changed, list) or not all(isinstance(one, str) for one in changed):
        return "changedPropIds is not a list of texts"
    return ""


def _fits(given: Any, declared: list[Any]) -> bool:
    if not isinstance(given, list) or len(given) != len(declared):
        return False
    return all(_fits_one(one, spec) for one, spec in zip(given, declared, strict=True))


def _fits_one(given: Any, spec: Mapping[str, Any]) -> bool:
    if isinstance(given, list):  # a pattern-matching id: any number of them
        return "{" in str(spec["id"]) and all(_fits_one(one, spec) for one in given)
    return isinstance(given, dict) and "id" in given and given.get("property") == spec["property"]

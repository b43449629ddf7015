"""GET /export/cases.csv: the whole filtered list of /cases as a file, however long.

The same filters as the page, in the URL's words; a word that cannot be read is refused here, since
a file is read without the page that would tell.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, suppress
from dataclasses import replace
from functools import partial
from itertools import islice

import anyio
import anyio.from_thread
import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.types import Receive, Send
from starlette.types import Scope as Connection

from centre.access.session import scope_of
from centre.api.errors import Problem, responses
from centre.api.past import At, moment_of, standing
from centre.api.reads import read
from centre.api.site import lang_of
from centre.api.stream import until_gone
from centre.domain.scope import Scope
from centre.live.runtime import Runtime, runtime
from centre.store import changes, queries
from centre.store.engine import reading
from components.desk import export, filters

router = APIRouter(prefix="/export", tags=["export"])

_ROWS = 500  # in one piece: some 100 KB
_SLICE = 80  # rows between two breaths: some 4 ms, in which the event loop waits for the thread
_BREATH = 0.001  # seconds: live screens are served from the same process
_AT_ONCE = anyio.CapacityLimiter(2)  # a long export holds a connection for all of its time


class Download(Response):
    """A file that is made while it is sent, and no further once nobody reads it.

    gunicorn's asgi worker silently drops what is sent to a closed connection: an abandoned export
    would keep its connection and one of the few places until its last row.
    """

    def __init__(self, pieces: AsyncGenerator[bytes, None], headers: dict[str, str]) -> None:
        super().__init__(media_type="text/csv; charset=utf-8", headers=headers)
        del self.headers["content-length"]
        self._pieces = pieces

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        """Send until the end or until the reader is gone."""
        async with anyio.create_task_group() as group:
            group.start_soon(until_gone, receive, group.cancel_scope)
            await self._send(send)
            group.cancel_scope.cancel()

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        async with aclosing(self._pieces) as pieces:
            async for piece in pieces:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


@router.get("/cases.csv", responses=responses(400), summary="The filtered list of cases as CSV")
async def cases(request: Request, at: At = None) -> Response:
    """UTF-8 with BOM; the first line says of when, and that data is for demonstration if it is."""
    run, lang = runtime(), lang_of(request)
    then = await read(partial(moment_of, at=at))
    asked, slips = filters.read(dict(request.query_params), run.city, lang)
    if slips:
        raise Problem(400, "bad_query", slips[0].tell(lang), "see /cases")
    query = filters.query(asked, run.city, then.now)
    view = replace(run.view(lang), at=at)
    sheet = export.Export(view=view, snapshot=then.snapshot, now=then.now)
    name = f"cases-{run.city.id}-{then.now.astimezone(run.city.tz):%Y%m%d-%H%M}.csv"
    return Download(
        _pieces(run, query, sheet, scope_of(request), then.seq),
        {
            **standing(then.seq, then.snapshot, at),
            "content-disposition": f'attachment; filename="{name}"',
            "cache-control": "no-store",
        },
    )


async def _pieces(
    run: Runtime, query: queries.CaseQuery, sheet: export.Export, scope: Scope, seq: int
) -> AsyncGenerator[bytes, None]:
    """Lines as they are read by one thread: a connection of SQLite stays in its thread."""
    send, receive = anyio.create_memory_object_stream[bytes](4)

    def read_all() -> None:
        # A reader who goes away closes the stream; then this ends too.
        with suppress(anyio.BrokenResourceError), reading(run.engine) as conn:
            at = seq if changes.is_newer(conn, seq) else None
            rows = queries.stream(conn, query, scope, at=at)
            for piece in _joined(_breathing(sheet.lines(rows))):
                anyio.from_thread.run(send.send, piece)

    async def produce() -> None:
        async with send:
            await anyio.to_thread.run_sync(read_all, limiter=_AT_ONCE)

    async with anyio.create_task_group() as group:
        group.start_soon(produce)
        async with receive:
            async for piece in receive:
                yield piece


def _joined(lines: Iterator[str]) -> Iterator[bytes]:
    """Many lines in one piece: each piece costs a change of threads."""
    while some := list(islice(lines, _ROWS)):
        yield "".join(some).encode()


def _breathing(lines: Iterator[str]) -> Iterator[str]:
    """The same lines, with a pause now and then for what else the process serves."""
    for number, line in enumerate(lines, 1):
        if number % _SLICE == 0:
            time.sleep(_BREATH)
        yield line

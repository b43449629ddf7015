"""GET /stream and GET /api/v1/frames: what open screens are kept alive with."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Annotated, Literal

import anyio
from fastapi import APIRouter, Query, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from centre.access.session import scope_of
from centre.api.errors import Problem, responses
from centre.api.past import At, shown_at, standing
from centre.live.audience import instant
from centre.live.runtime import runtime
from centre.live.slotname import BadSlot, SlotName, parse_slots
from centre.snapshots.cells import Snapshot
from components.keys import takes

router = APIRouter(tags=["live"])

Lang = Literal["zh", "en"]
Slots = Annotated[list[str] | None, Query(description="panel:key:surface, repeated")]


class EventStream(Response):
    """Server-sent events that end as soon as the reader is gone.

    gunicorn's asgi worker silently drops what is sent to a closed connection, so the stream has to
    listen for the disconnect itself; else it would run, and hold its audience, for ever. Its
    connection is not kept: a worker that stops waits for open connections, used or not.
    """

    def __init__(self, events: AsyncGenerator[bytes, None]) -> None:
        super().__init__(media_type="text/event-stream")
        self.headers.update(
            {"cache-control": "no-store", "x-accel-buffering": "no", "connection": "close"}
        )
        del self.headers["content-length"]
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the events end or the reader goes."""
        async with anyio.create_task_group() as group:
            group.start_soon(until_gone, receive, group.cancel_scope)
            await self._send_events(send)
            group.cancel_scope.cancel()

    async def _send_events(self, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": 200, "headers": self.raw_headers},
        )
        async with aclosing(self._events) as events:
            async for data in events:
                if data:
                    await send({"type": "http.response.body", "body": data, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def until_gone(receive: Receive, cancel: anyio.CancelScope) -> None:
    """Cancel when the reader closes the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass
    cancel.cancel()


@router.get(
    "/stream",
    response_class=Response,
    responses={200: {"content": {"text/event-stream": {}}}, **responses(400, 404)},
    summary="Server-sent events: one for each new snapshot",
)
async def stream(
    request: Request,
    slots: Slots = None,
    lang: Lang = "zh",
    form: Annotated[Literal["props", "html"], Query(alias="format")] = "props",
) -> Response:
    """Without slots: {"seq", "published_at"} for each new seq. With slots: events "slots"."""
    hub = runtime().hub
    if not slots:
        return EventStream(hub.seqs(_last_seen(request)))
    names = known(slots, runtime().snapshot())
    return EventStream(hub.subscribe(names, lang, scope_of(request), form))


@router.get(
    "/api/v1/frames",
    responses={
        200: {"content": {"application/json": {}}},
        304: {"description": "Nothing newer than If-None-Match"},
        **responses(400, 404, 503),
    },
    response_class=Response,
    summary="The drawn slots of the latest snapshot, for polling, or of one of the past",
)
async def frames(
    request: Request, slots: Slots = None, lang: Lang = "zh", at: At = None
) -> Response:
    """The data of a "slots" event; ETag is the snapshot's seq and the server's build."""
    run = runtime()
    snapshot = run.hub.snapshot if at is None else await shown_at(at)
    if snapshot is None:
        raise Problem(503, "no_snapshot", "there is no snapshot yet", "ask again in a second")
    names = known(slots or [], snapshot)
    etag = f'W/"{snapshot.seq}-{run.build}"'
    headers = {
        "etag": etag,
        **standing(snapshot.seq, snapshot, at),
        "cache-control": "no-cache",
        "x-build": run.build,
        "x-now": instant(datetime.now(UTC)),
    }
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    body = await run.hub.frames(names, lang, scope_of(request), snapshot=snapshot)
    return Response(body, media_type="application/json", headers=headers)


def known(texts: list[str], snapshot: Snapshot) -> tuple[SlotName, ...]:
    """The slots of a request; refused when one is malformed or its panel does not exist."""
    try:
        names = parse_slots(texts)
    except BadSlot as error:
        raise Problem(400, "bad_slot", str(error), "name slots as the page does") from error
    run = runtime()
    for name in names:
        panel = run.panels.get(name.panel)
        if panel is None:
            there = ", ".join(sorted(run.panels))
            raise Problem(404, "no_panel", f'there is no panel "{name.panel}"', f"one of: {there}")
        # Each invented key would be drawn each second for as long as somebody listens.
        if not takes(panel, snapshot, run.view(surface=name.surface, key=name.key)):
            message = f'panel "{name.panel}" has nothing on "{name.key}"'
            raise Problem(404, "no_key", message, "name slots as the page does")
    return names


def _last_seen(request: Request) -> int:
    text = request.headers.get("last-event-id", "")
    return int(text) if text.isdecimal() and len(text) < 20 else -1

"""What is made while it is sent: piece by piece, and no further when nobody reads it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import anyio
import pytest
from starlette.responses import StreamingResponse

from centre.api.export import Download
from centre.api.squeeze import Squeeze

SCOPE = {
    "type": "http",
    "method": "GET",
    "path": "/export/cases.csv",
    "query_string": b"",
    "headers": [(b"accept-encoding", b"gzip, br")],
}


def test_a_streamed_answer_is_not_collected_before_it_is_sent() -> None:
    async def look() -> tuple[int, int]:
        sent: list[bytes] = []
        seen_while_made = 0

        async def pieces() -> AsyncGenerator[bytes, None]:
            nonlocal seen_while_made
            for _ in range(50):
                yield b"a,b,c\n" * 1_000
                seen_while_made = sum(map(len, sent))

        async def receive() -> Any:
            await anyio.sleep_forever()

        async def send(message: Any) -> None:
            sent.append(message.get("body", b""))

        await Squeeze(StreamingResponse(pieces(), media_type="text/csv"))(SCOPE, receive, send)
        return seen_while_made, sum(map(len, sent))

    seen, whole = asyncio.run(look())
    assert whole == 50 * 6_000
    assert seen >= whole - 6_000


@pytest.mark.parametrize("pieces_read", [0, 3])
def test_an_abandoned_export_ends(pieces_read: int) -> None:
    async def look() -> list[str]:
        told: list[str] = []
        gone = anyio.Event()

        async def endless() -> AsyncGenerator[bytes, None]:
            try:
                while True:
                    yield b"row\n"
            finally:
                told.append("closed")

        async def receive() -> dict[str, str]:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            """As gunicorn: what nobody reads any more is dropped without a word."""
            told.append(message["type"])
            if len(told) > pieces_read:
                gone.set()
            await anyio.sleep(0)

        with anyio.fail_after(5):
            await Download(endless(), {})(SCOPE, receive, send)
        return told

    told = asyncio.run(look())
    assert told[-1] == "closed"
    assert len(told) < pieces_read + 10

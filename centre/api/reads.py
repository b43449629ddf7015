"""Reads of the store from routes: in a thread, a few at a time, all at one moment of the store."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread
from sqlalchemy import Connection

from centre.live.runtime import runtime
from centre.store.engine import reading

Answer = TypeVar("Answer")

_AT_ONCE = anyio.CapacityLimiter(8)  # the pool of SQLite holds 8 connections


async def read(ask: Callable[[Connection], Answer]) -> Answer:
    """What `ask` finds; the event loop goes on meanwhile."""

    def asked() -> Answer:
        with reading(runtime().engine) as conn:
            return ask(conn)

    return await anyio.to_thread.run_sync(asked, limiter=_AT_ONCE)

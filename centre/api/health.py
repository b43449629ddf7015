"""GET /healthz: is the database there, is the bus there, how old is what the screens show."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Literal

import anyio
import anyio.to_thread
from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from centre.live.runtime import Runtime, runtime

router = APIRouter(tags=["health"])

MAX_AGE_SECONDS = 60.0  # a collector publishes at least every few seconds
_PATIENCE_SECONDS = 2.0


class Health(BaseModel):
    """`status` is "ok" only when all three are well."""

    status: Literal["ok", "unwell"]
    database: Literal["ok", "down"]
    bus: Literal["ok", "empty"]
    seq: int | None
    snapshot_age_seconds: float | None
    filled_days: int
    total_days: int
    viewers: int
    worker: int  # its process: two workers show the same seq
    build: str


@router.get("/healthz", responses={503: {"model": Health}}, summary="Whether this worker is well")
async def healthz() -> JSONResponse:
    """200 when the database answers and the latest snapshot is young, else 503."""
    run = runtime()
    database = False
    with anyio.move_on_after(_PATIENCE_SECONDS):
        database = await anyio.to_thread.run_sync(_answers, run.engine, abandon_on_cancel=True)
    health = _judge(run, database, datetime.now(UTC))
    return JSONResponse(
        health.model_dump(),
        200 if health.status == "ok" else 503,
        {"cache-control": "no-store"},
    )


def _judge(run: Runtime, database: bool, now: datetime) -> Health:
    snapshot = run.hub.snapshot
    age = (now - snapshot.published_at).total_seconds() if snapshot else None
    return Health(
        status="ok" if database and age is not None and age <= MAX_AGE_SECONDS else "unwell",
        database="ok" if database else "down",
        bus="empty" if snapshot is None else "ok",
        seq=snapshot.seq if snapshot else None,
        snapshot_age_seconds=None if age is None else round(age, 3),
        filled_days=snapshot.filled_days if snapshot else 0,
        total_days=snapshot.total_days if snapshot else 0,
        worker=os.getpid(),
        viewers=run.hub.viewers,
        build=run.build,
    )


def _answers(engine: Engine) -> bool:
    try:
        with engine.connect() as conn:
            conn.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError):
        return False
    return True

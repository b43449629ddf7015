"""GET /api/v1/sources: how every outside system is."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlalchemy import Connection

from centre.access.session import scope_of
from centre.api.errors import responses
from centre.api.reads import read
from centre.api.shapes import SourceBody, SourcesBody
from centre.collector.health import source_states
from centre.live.runtime import runtime
from centre.live.scoped import shows_source
from centre.snapshots.cells import SourceState
from centre.store import sources as stored

router = APIRouter(prefix="/api/v1/sources", tags=["sources"])


@router.get("", responses=responses(503), summary="All sources: state, counts, last success, lag")
async def sources(request: Request) -> SourcesBody:
    """As stored at this moment, not as last published."""
    scope = scope_of(request)
    seen = [one for one in await read(_states) if shows_source(one, scope)]
    return SourcesBody(sources=[_body(one) for one in seen])


def _states(conn: Connection) -> tuple[SourceState, ...]:
    run = runtime()
    return source_states(run.sources, stored.states(conn), run.now(), {})


def _body(state: SourceState) -> SourceBody:
    return SourceBody(
        id=state.id,
        state=state.state,
        sent=state.sent,
        stored=state.stored,
        duplicate=state.duplicate,
        rejected=state.rejected,
        last_success=state.succeeded_at,
        lag_seconds=state.lag_seconds,
    )

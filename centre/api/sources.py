"""GET /api/v1/sources: how every outside system is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import anyio.to_thread
from fastapi import APIRouter, Request, Response

from centre.access.session import scope_of
from centre.api.errors import responses
from centre.api.past import At, moment_of, stamp
from centre.api.reads import read
from centre.api.shapes import FindingBody, ReconciledBody, SourceBody, SourcesBody
from centre.domain.scope import Scope
from centre.live.runtime import runtime
from centre.snapshots.cells import SourceState
from components.desk.refused_files import visible

router = APIRouter(prefix="/api/v1/sources", tags=["sources"])


@router.get(
    "",
    responses=responses(404, 422, 503),
    summary="All sources: state, counts, last success, lag",
)
async def sources(request: Request, response: Response, at: At = None) -> SourcesBody:
    """As last published, or as they were known at a change number."""
    scope = scope_of(request)
    moment = await read(partial(moment_of, at=at))
    stamp(response, replace(moment, seq=moment.snapshot.seq), at)
    seen = [one for one in moment.snapshot.sources if scope.allows_source(one.unit)]
    refused = await anyio.to_thread.run_sync(_refused, scope) if at is None else []
    return SourcesBody(sources=[_body(one) for one in seen], refused_files=refused)


def _refused(scope: Scope) -> list[FindingBody]:
    found = runtime().files.look()
    return [
        FindingBody(
            file=one.file.name,
            key=one.key,
            problem=one.problem,
            remedy=one.remedy,
            goes_on=found.goes_on(one),
        )
        for one in visible(found, scope)
    ]


def _body(state: SourceState) -> SourceBody:
    return SourceBody(
        id=state.id,
        state=state.state,
        condition=state.condition,
        breaker=state.breaker,
        error=state.error,
        failures=state.failures,
        drift=state.drift.splitlines(),
        sent=state.sent,
        stored=state.stored,
        duplicate=state.duplicate,
        rejected=state.rejected,
        event_at=state.event_at,
        as_of=state.as_of,
        received_at=state.received_at,
        last_success=state.succeeded_at,
        lag_seconds=state.lag_seconds,
        reconciled=ReconciledBody(
            nightly=state.reconciles,
            compared_at=state.compared_at,
            differences={date.fromisoformat(day): count for day, count in state.differences},
        ),
    )

"""POST /api/v1/push/<source>: signed rows of a system, on the disk before they are answered."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime

import anyio
import anyio.to_thread
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect

from centre.api.errors import Problem, responses
from centre.api.push_answer import TAKEN, Drift, PushBody, judged
from centre.domain.sources import SourceConfig
from centre.live.runtime import Runtime, runtime
from centre.store import inbox
from centre.store.inbox import Answered, Parcel
from datasources.errors import SourceError
from datasources.pushed import signature
from datasources.pushed.body import KINDS, UnknownKind, lines
from datasources.pushed.door import Door, door
from datasources.pushed.signature import NotSigned, Said
from datasources.source import Malformed, Surroundings

router = APIRouter(prefix="/api/v1/push", tags=["push"])

_AT_ONCE = anyio.CapacityLimiter(4)  # who sends much must not take all connections from who looks


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """One request, read. `kind`: its content type."""

    said: Said
    body: bytes
    kind: str
    at: datetime

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


@router.post(
    "/{source}",
    status_code=202,
    response_model=PushBody,
    responses={
        **responses(400, 401, 404, 409, 413, 415, 429, 503),
        422: {"model": PushBody, "description": "Nothing of it was taken"},
    },
    openapi_extra={"requestBody": {"required": True, "content": {kind: {} for kind in KINDS}}},
    summary="Send rows of a source",
)
async def push(source: str, request: Request, dry_run: bool = False) -> JSONResponse:
    """202 when they are on the disk; each refused row is named with its line and field.

    With dry_run=true they are judged alone: 200, and nothing is kept.
    Signed by X-Timestamp, X-Nonce, Idempotency-Key and X-Signature: see docs/connect.md.
    """
    run = runtime()
    config = _config(run, source)
    way = _door(run, config)
    said = _said(source, request)
    body = await _body(request, way.most_bytes)
    kind = request.headers.get("content-type", "")
    sent = _Sent(said=said, body=body, kind=kind, at=datetime.now(UTC))
    deal = _tried if dry_run else _taken
    return await anyio.to_thread.run_sync(deal, run, config, way, sent, limiter=_AT_ONCE)


def _config(run: Runtime, source: str) -> SourceConfig:
    for one in run.sources:
        if one.id == source and one.adapter == "push":
            return one
    raise Problem(
        404,
        "not_found",
        f'nothing is pushed to "{source[:64]}"',
        f'write conf/<city>/sources.d/{source[:64]}.toml with adapter = "push"',
    )


def _door(run: Runtime, config: SourceConfig) -> Door:
    around = Surroundings(city=run.city, data_dir=None, secrets=dict(os.environ))
    try:
        return door(config, around)
    except SourceError as error:
        remedy = "the centre has to mend it: python -m centre check"
        raise Problem(503, "not_ready", str(error), remedy) from error


def _said(source: str, request: Request) -> Said:
    try:
        return signature.read(source, request.headers)
    except NotSigned as error:
        raise _unsigned(error) from error


def _unsigned(error: NotSigned) -> Problem:
    remedy = f"sign anew; our clock says {int(datetime.now(UTC).timestamp())}"
    return Problem(401, "not_signed", str(error), remedy)


async def _body(request: Request, most: int) -> bytes:
    """All of it, as long as it is no more than agreed."""
    said = request.headers.get("content-length", "0")
    parts, size = [], int(said) if said.isdecimal() else 0
    try:
        if size <= most:
            size = 0
            async for part in request.stream():
                size += len(part)
                if size > most:
                    break
                parts.append(part)
    except ClientDisconnect as error:
        raise Problem(400, "cut_off", "the request ended early", "send it again") from error
    if size > most:
        words = f"more than {most / 2**20:g} MiB"
        raise Problem(413, "too_large", words, "send the rows in several requests")
    return b"".join(parts)


def _tried(run: Runtime, config: SourceConfig, way: Door, sent: _Sent) -> JSONResponse:
    """Verify and judge; in a thread."""
    _admit(run, way, sent)
    try:
        parcel = _parcel(run, config, way, sent)
    except Drift as drift:
        return _answer(422, drift.body)
    body = PushBody.model_validate(parcel.answer)
    return _answer(200 if parcel.status == TAKEN else parcel.status, body)


def _taken(run: Runtime, config: SourceConfig, way: Door, sent: _Sent) -> JSONResponse:
    """Verify, judge, keep; in a thread."""
    _admit(run, way, sent)
    try:
        told = inbox.known(run.engine, config.id, sent.said.key, sent.digest)
        if told is None:
            told = inbox.put(run.engine, _parcel(run, config, way, sent))
    except inbox.OtherBody as error:
        words = "this Idempotency-Key came with another body before"
        raise Problem(409, "other_body", words, "give each request a key of its own") from error
    except inbox.Full as error:
        words, remedy = "too much waits here: the collector does not take it", "send it later"
        raise Problem(503, "full", words, remedy, retry_after_seconds=60) from error
    except Drift as drift:
        return _answer(422, drift.body)
    return _told(told)


def _admit(run: Runtime, way: Door, sent: _Sent) -> None:
    """Let in who has signed, once, and not too often."""
    try:
        signature.verify(way.secrets, sent.said, sent.body, sent.at)
        inbox.admit(run.engine, sent.said.source, sent.said.nonce, sent.at, way.per_minute)
    except NotSigned as error:
        raise _unsigned(error) from error
    except inbox.Replayed as error:
        words = "this X-Nonce came before"
        raise Problem(409, "replayed", words, "give each request a nonce of its own") from error
    except inbox.TooMany as error:
        words, wait = f"more than {way.per_minute} requests a minute", error.retry_after_seconds
        remedy = "send more rows at once"
        raise Problem(429, "too_many", words, remedy, retry_after_seconds=wait) from error


def _parcel(run: Runtime, config: SourceConfig, way: Door, sent: _Sent) -> Parcel:
    try:
        found = lines(sent.body, sent.kind, way.most_rows)
    except UnknownKind as error:
        raise Problem(415, "unknown_kind", str(error), "say what the body is") from error
    except Malformed as error:
        remedy = "nothing was taken; mend it and send it again"
        raise Problem(400, "unreadable", str(error), remedy) from error
    status, answer = judged(found, config, run.city, sent.at)
    return Parcel(
        source=config.id,
        key=sent.said.key,
        digest=sent.digest,
        at=sent.at,
        rows=[line.row for line in found],
        bad=len(answer.refused),
        status=status,
        answer=answer.model_dump(mode="json"),
    )


def _told(told: Answered) -> JSONResponse:
    body = PushBody.model_validate(told.answer)
    return _answer(told.status, body.model_copy(update={"repeated": told.is_repeated}))


def _answer(status: int, body: PushBody) -> JSONResponse:
    shown = body.model_dump(mode="json", exclude_none=True)
    return JSONResponse(shown, status, {"cache-control": "no-store"})

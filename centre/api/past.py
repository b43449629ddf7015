"""`at=` of every question, and what leads to it: GET /api/v1/moments, GET /then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Annotated
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from sqlalchemy import Connection

from centre.api.errors import Problem, responses
from centre.api.reads import read
from centre.domain.periods import YEARS
from centre.domain.places import City
from centre.live.runtime import runtime
from centre.live.then import Moment, NotKnown, moment, shown
from centre.snapshots.cells import Snapshot
from centre.store import archive
from centre.store.archive import Shown

router = APIRouter()

SEQ = "x-seq"
"""The header that says at which seq an answer stands: at= it gives the same answer again."""

MOST = 5_000
"""Moments in one answer; a film of more skips evenly."""

_READ = 200_000
_NEVER = 0  # a change number that nothing has

AT_WORDS = "a change number: as it was known then (the x-seq of an answer, the seq of a screen)"
At = Annotated[int | None, Query(ge=0, le=2**62, description=AT_WORDS)]


def moment_of(conn: Connection, at: int | None) -> Moment:
    """The moment at which a question is answered."""
    try:
        return moment(conn, runtime(), at)
    except NotKnown as error:
        raise refusal(error) from error


async def shown_at(at: int) -> Snapshot:
    """What screens showed at a change number."""

    def ask(conn: Connection) -> Snapshot:
        try:
            return shown(conn, at)
        except NotKnown as error:
            raise refusal(error) from error

    return await read(ask)


def refusal(error: NotKnown) -> Problem:
    """A moment that cannot be shown, as an answer."""
    if error.newest:
        return Problem(404, "not_yet_known", str(error), "leave at= out for what is known now")
    return Problem(404, "not_archived", str(error), "GET /api/v1/moments says what is archived")


def standing(seq: int, snapshot: Snapshot, at: int | None) -> dict[str, str]:
    """Headers: at which seq an answer stands and, of the present, how many seconds old that is.

    A body cannot say it and be the same for ever; it is how a dead collector is noticed.
    """
    if at is not None:
        return {SEQ: str(seq)}
    old = (datetime.now(UTC) - snapshot.published_at).total_seconds()
    return {SEQ: str(seq), "age": str(max(0, int(old)))}


def stamp(response: Response, moment: Moment, at: int | None) -> None:
    """Say it in the headers of an answer."""
    response.headers.update(standing(moment.seq, moment.snapshot, at))


class MomentBody(BaseModel):
    """A published snapshot that is still kept."""

    seq: int
    at: datetime


class MomentsBody(BaseModel):
    """Oldest first. `is_thinned`: there are more than these between."""

    moments: list[MomentBody]
    is_thinned: bool


@router.get(
    "/api/v1/moments",
    tags=["past"],
    responses=responses(422, 503),
    summary="The archived snapshots from one change number to another",
)
async def moments(
    first: Annotated[int, Query(alias="from", ge=0)] = 0,
    last: Annotated[int, Query(alias="to", ge=0, le=2**62)] = 2**62,
) -> MomentsBody:
    """Both ends are inclusive; `at=` the seq of one shows it."""
    found = await read(partial(archive.between, first=first, last=last, most=_READ))
    kept = _thinned(found)
    return MomentsBody(
        moments=[MomentBody(seq=one.seq, at=one.at) for one in kept],
        is_thinned=len(kept) < len(found),
    )


def _thinned(found: Sequence[Shown]) -> Sequence[Shown]:
    step = -(-len(found) // MOST) or 1
    kept = found[::step]
    return [*kept, found[-1]] if found and kept[-1] != found[-1] else kept


@router.get("/then", include_in_schema=False)
async def then(when: str = "", until: str = "", back: str = "/") -> Response:
    """Resolve a local date and time to a change number, once, and go there.

    With `until`: a film on the wall from one to the other. A time that cannot be read, or lies
    before the archive, is at=0: the page says what there is.
    """
    city = runtime().city
    seqs = await read(lambda conn: [_seq(conn, city, text) for text in (when, until) if text])
    if len(seqs) == 2:
        film = urlencode({"from": min(seqs), "to": max(seqs), "speed": 60})
        return RedirectResponse(f"/wall?{film}", 303)
    return RedirectResponse(_with_at(back, seqs[0] if seqs else _NEVER), 303)


def _seq(conn: Connection, city: City, text: str) -> int:
    """The newest snapshot published until a local time."""
    at = _local(text, city)
    found = archive.until(conn, at) if at else None
    return found.seq if found else _NEVER


def _local(text: str, city: City) -> datetime | None:
    """A time as a browser's field writes it: 2026-06-16T10:00, in the city's zone."""
    try:
        said = datetime.fromisoformat(text)
        at = (said if said.tzinfo else said.replace(tzinfo=city.tz)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if at.year in YEARS else None


def _with_at(back: str, seq: int) -> str:
    """An address of ours with at=; what leads elsewhere becomes the overview."""
    parts = urlsplit(back)
    is_ours = back.startswith("/") and not back.startswith(("//", "/\\")) and not parts.netloc
    path, query = (parts.path, parts.query) if is_ours else ("/", "")
    kept = [(name, word) for name, word in parse_qsl(query) if name != "at"]
    return f"{path}?{urlencode([*kept, ('at', seq)])}"

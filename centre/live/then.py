"""At which moment a question is answered: the one on the screens, or one of the past.

A moment is a published seq. Its snapshot says what time it was in the city and how the sources
were; records are read as they were known at that seq. So an answer is a function of question and
seq, and `at=` the seq of any answer gives the same answer again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from centre.live.runtime import Runtime
from centre.metrics.past import snapshot_at
from centre.snapshots.cells import Snapshot
from centre.store import archive, changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """`seq` names it. `at` is what reads of the store are given: None where nothing is newer."""

    seq: int
    at: int | None
    now: datetime  # the city's clock, in UTC
    snapshot: Snapshot  # of this seq, or the newest that is still kept before it


class NotKnown(LookupError):
    """A change number of which nothing can be shown; says what there is.

    `newest`: it has not been given yet; else `since` is where the archive begins (None: nowhere).
    """

    def __init__(self, at: int, *, newest: int = 0, since: datetime | None = None) -> None:
        super().__init__(at)
        self.at, self.newest, self.since = at, newest, since

    def __str__(self) -> str:
        if self.newest:
            return f"at={self.at} is yet to come: the newest change is {self.newest}"
        if self.since is None:
            return f"at={self.at}: nothing is archived yet"
        return f"at={self.at} is before the archive, which begins {self.since.isoformat()}"


def moment(conn: Connection, run: Runtime, at: int | None) -> Moment:
    """The moment of `at`; None: the one on the screens. Raises NotKnown."""
    return _present(conn, run) if at is None else _past(conn, at)


def shown(conn: Connection, at: int) -> Snapshot:
    """What screens showed at a change number. Raises NotKnown."""
    newest = changes.latest(conn)
    if at > newest:
        raise NotKnown(at, newest=newest)
    found = snapshot_at(conn, at)
    if found is None:
        first = archive.oldest(conn)
        raise NotKnown(at, since=first.at if first else None)
    return found


def _present(conn: Connection, run: Runtime) -> Moment:
    snapshot = run.snapshot()
    if snapshot.seq == 0:  # nothing is published yet: what is stored is what is known
        return Moment(seq=changes.latest(conn), at=None, now=run.now(), snapshot=snapshot)
    at = snapshot.seq if changes.is_newer(conn, snapshot.seq) else None
    now = snapshot.city_now.astimezone(UTC)
    return Moment(seq=snapshot.seq, at=at, now=now, snapshot=snapshot)


def _past(conn: Connection, at: int) -> Moment:
    snapshot = shown(conn, at)
    # Of older moments one a minute is kept as a snapshot, but the number and time of each.
    seq, now = changes.published(conn, at) or (snapshot.seq, snapshot.city_now)
    if snapshot.clock != "now":
        now = snapshot.city_now
    return Moment(seq=seq, at=seq, now=now.astimezone(UTC), snapshot=snapshot)

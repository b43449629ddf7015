"""mqtt against a real broker: a session that is kept, acknowledgements after commits."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from centre.domain.sources import Limits
from datasources.budget import Budget
from datasources.contract import DataSourceContract, Make, Outside
from datasources.mqtt import MqttTopics
from datasources.source import Denied, Malformed, Unavailable
from tests.datasources.make import NOW, around, source
from tests.mosquitto import mqtt_port, publish, running_mosquitto

__all__ = ["mqtt_port"]

pytestmark = pytest.mark.servers
FIELDS = {"key": "编号", "received_at": "时间", "title": "内容"}
_NAMES = count()


def row(number: int) -> bytes:
    words = {"编号": f"A-{number}", "时间": f"2026-06-01 08:{number:02d}:00", "内容": "路灯不亮"}
    return json.dumps(words, ensure_ascii=False).encode()


def of(port: int, topic: str, seconds: float = 10, **more: Any) -> MqttTopics:
    connection = {
        "url": f"mqtt://127.0.0.1:{port}",
        "topics": [f"{topic}/#"],
        "client_id": f"c-{topic}",
        "batch_rows": 10,
        **more,
    }
    budget = Budget(Limits(deadline_seconds=seconds))
    secrets = {"WORD": "geheim", "OTHER": "falsch"}
    near = replace(around(), budget=budget, secrets=secrets)
    return MqttTopics(source("mqtt", connection, fields=FIELDS), near)


def fetched(adapter: MqttTopics, *, settled: bool = True) -> list[str]:
    """Numbers of what is delivered."""
    keys: list[str] = []
    for batch in adapter.fetch({"messages": 0}, NOW):
        keys += [str(one.get("编号", "?")) for one in batch.rows]
        if settled:
            adapter.settle(batch.cursor)
    return keys


@pytest.fixture
def topic() -> str:
    return f"topic{next(_NAMES)}"


@pytest.fixture(params=[5, 4])
def known(request: pytest.FixtureRequest, mqtt_port: int, topic: str) -> Callable[[], MqttTopics]:
    """An adapter that the broker knows already, by both versions."""

    def made() -> MqttTopics:
        return of(mqtt_port, topic, version=request.param)

    assert fetched(made()) == []
    return made


class _Contract(DataSourceContract):
    version = 5

    @pytest.fixture
    def outside(self) -> Iterator[Make]:
        """Each world is a broker, so that all of them have the same topic."""
        with ExitStack() as brokers:

            def make(name: str) -> Outside:
                broker = brokers.enter_context(ExitStack())
                port = broker.enter_context(running_mosquitto())
                fetched(of(port, "contract", version=self.version))
                publish(port, "contract/new", [row(number) for number in range(45)])
                return Outside(
                    source=of(port, "contract", version=self.version),
                    now=NOW,
                    unreachable=broker.close,
                    restart=lambda: of(port, "contract", version=self.version),
                )

            yield make


class TestVersion5(_Contract):
    pass


class TestVersion311(_Contract):
    version = 4


def test_what_came_while_nobody_asked_is_delivered(
    known: Callable[[], MqttTopics], mqtt_port: int, topic: str
) -> None:
    publish(mqtt_port, f"{topic}/a", [row(number) for number in range(25)])
    assert fetched(known()) == [f"A-{number}" for number in range(25)]
    assert fetched(known()) == []


def test_what_was_not_acknowledged_comes_again(
    known: Callable[[], MqttTopics], mqtt_port: int, topic: str
) -> None:
    publish(mqtt_port, f"{topic}/a", [row(1), row(2)])
    assert fetched(known(), settled=False)[:2] == ["A-1", "A-2"]
    assert fetched(known()) == ["A-1", "A-2"]
    assert fetched(known()) == []


def test_no_more_than_a_batch_is_on_its_way(mqtt_port: int, topic: str) -> None:
    fetched(of(mqtt_port, topic))
    publish(mqtt_port, f"{topic}/a", [row(number) for number in range(25)])
    adapter, sizes = of(mqtt_port, topic), []
    for batch in adapter.fetch(None, NOW):
        sizes.append(len(batch.rows))
        adapter.settle(batch.cursor)
    assert sizes == [10, 10, 5]


def test_what_is_retained_comes_once(
    known: Callable[[], MqttTopics], mqtt_port: int, topic: str
) -> None:
    publish(mqtt_port, f"{topic}/state", [row(1)], retain=True)
    assert fetched(known()) == ["A-1"]
    assert fetched(known()) == []


def test_a_message_is_a_row_or_some_beside_its_topic(mqtt_port: int, topic: str) -> None:
    adapter = of(mqtt_port, topic)
    fetched(adapter)
    publish(mqtt_port, f"{topic}/x", [b"[" + row(1) + b"," + row(2) + b"]", b"nonsense", b"\xff"])
    (batch,) = adapter.fetch(None, NOW)
    assert [one.get("编号", one.get("无法解析")) for one in batch.rows] == [
        "A-1",
        "A-2",
        "nonsense",
        "\\xff",
    ]
    assert {one["@topic"] for one in batch.rows} == {f"{topic}/x"}


def test_a_large_message_is_read_whole(mqtt_port: int, topic: str) -> None:
    adapter = of(mqtt_port, topic)
    fetched(adapter)
    publish(mqtt_port, f"{topic}/x", [json.dumps({"编号": "A" * 300_000}).encode()])
    assert [len(key) for key in fetched(adapter)] == [300_000]


def test_a_sample_listens_and_leaves_the_session_alone(mqtt_port: int, topic: str) -> None:
    fetched(of(mqtt_port, topic))
    publish(mqtt_port, f"{topic}/kept", [row(7)], retain=True)
    assert [one["编号"] for one in of(mqtt_port, topic).sample(1)] == ["A-7"]
    assert fetched(of(mqtt_port, topic)) == ["A-7"]


def test_a_sample_of_a_silent_topic_says_so(mqtt_port: int, topic: str) -> None:
    adapter = of(mqtt_port, topic, seconds=0.3)
    adapter._budget.begin()
    with pytest.raises(Unavailable, match=r"no answer within 0\.3 s"):
        adapter.sample(1)


def test_a_name_and_a_password_are_said_and_wrong_ones_refused(topic: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "p"
        subprocess.run(["mosquitto_passwd", "-b", "-c", file, "reader", "geheim"], check=True)
        with running_mosquitto(file.read_text()) as port:
            who = {"user": "reader", "password": {"env": "WORD"}}
            assert fetched(of(port, topic, **who)) == []
            assert fetched(of(port, topic, version=4, **who)) == []
            for version in (5, 4):
                wrong = {**who, "password": {"env": "OTHER"}, "version": version}
                with pytest.raises(Denied, match=r"wrong name or password|we may not"):
                    fetched(of(port, topic, **wrong))


def test_another_reader_with_our_name_ends_the_connection(mqtt_port: int, topic: str) -> None:
    fetched(of(mqtt_port, topic))
    publish(mqtt_port, f"{topic}/x", [row(number) for number in range(10)])
    adapter = of(mqtt_port, topic)
    fetching = adapter.fetch(None, NOW)
    next(fetching)
    rival = Thread(target=fetched, args=(of(mqtt_port, topic),))
    rival.start()
    rival.join(10)
    with pytest.raises(Unavailable):
        next(fetching)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"url": "http://x"}, r"connection\.url: write mqtt://host:1883"),
        ({"topics": []}, r"connection\.topics: write at least one"),
        ({"version": 6}, r"connection\.version: write 5, or 4"),
    ],
)
def test_a_key_that_cannot_be_is_named(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(Malformed, match=says):
        of(1, "x", **wrong)

"""redis_stream against a real server: a group of readers, acknowledgements after commits."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
import redis

from datasources.contract import DataSourceContract, Make, Outside, drain
from datasources.redis_stream import RedisStream
from datasources.source import Denied, Malformed, Unavailable
from tests.datasources.make import NOW, around, source
from tests.faults.proxy import Settings, proxies

pytestmark = pytest.mark.servers
FIELDS = {"key": "编号", "received_at": "时间", "title": "内容"}
_NAMES = count()


def row(number: int) -> dict[str, str]:
    return {"编号": f"A-{number}", "时间": f"2026-06-01 08:{number:02d}:00", "内容": "路灯不亮"}


@pytest.fixture
def server(redis_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_url) as found:
        yield found


@pytest.fixture
def stream(server: redis.Redis) -> Iterator[str]:
    name = f"工单{next(_NAMES)}"
    yield name
    server.delete(name)


def of(url: str, stream: str, **more: Any) -> RedisStream:
    connection = {"url": url, "stream": stream, "batch_rows": 10, **more}
    return RedisStream(source("redis_stream", connection, fields=FIELDS), around())


Read = Callable[..., list[str]]


@pytest.fixture
def read(redis_url: str, stream: str) -> Read:
    """Numbers of what is delivered; settled, unless told otherwise."""

    def found(cursor: Any = None, *, settled: bool = True, **more: Any) -> list[str]:
        adapter, keys = of(redis_url, stream, **more), []
        for batch in adapter.fetch(cursor, NOW):
            keys += [str(one.get("编号", "?")) for one in batch.rows]
            if settled:
                adapter.settle(batch.cursor)
        return keys

    return found


class TestRedisStream(DataSourceContract):
    @pytest.fixture
    def outside(self, server: redis.Redis, redis_url: str) -> Iterator[Make]:
        port = int(server.connection_pool.connection_kwargs["port"])
        made: list[str] = []

        def make(name: str) -> Outside:
            stream, proxy = f"contract-{name}", free.pop()
            made.append(stream)
            for number in range(45):
                server.xadd(stream, row(number), id=f"{1781593000000 + number}-0")
            url = f"redis://127.0.0.1:{proxy.port}/0"
            return Outside(
                source=of(url, stream),
                now=NOW,
                unreachable=lambda: proxy.set("refuse"),
                restart=lambda: of(url, stream),
            )

        with proxies(Settings(upstream=port, slow_seconds=0), 25) as free:
            yield make
        server.delete(*made)


def test_each_field_is_a_column_beside_the_number_and_time_of_the_entry(
    server: redis.Redis, redis_url: str, stream: str
) -> None:
    server.xadd(stream, row(1), id="1781593200123-0")
    (batch,) = of(redis_url, stream).fetch(None, NOW)
    at = {"@id": "1781593200123-0", "@at": "2026-06-16T07:00:00.123000+00:00"}
    assert batch.rows == [{**row(1), **at}]


def test_a_field_may_hold_rows_as_json(server: redis.Redis, read: Read, stream: str) -> None:
    for words in (json.dumps(row(1)), json.dumps([row(2), row(3)]), "nonsense", "7"):
        server.xadd(stream, {"body": words})
    server.xadd(stream, {"other": "x"})
    assert read(json="body") == ["A-1", "A-2", "A-3", "?", "?", "?"]


def test_text_that_is_not_utf8_is_a_row_to_refuse(
    server: redis.Redis, redis_url: str, stream: str
) -> None:
    server.xadd(stream, {"编号": "路灯".encode("gb18030")})
    (batch,) = of(redis_url, stream).fetch(None, NOW)
    assert [sorted(one) for one in batch.rows] == [["@at", "@id", "无法解析"]]


def test_what_was_delivered_and_not_acknowledged_comes_again(
    server: redis.Redis, read: Read, stream: str
) -> None:
    for number in range(3):
        server.xadd(stream, row(number))
    assert read(settled=False) == ["A-0", "A-1", "A-2"]
    assert read() == ["A-0", "A-1", "A-2"]
    assert read() == []


def test_what_is_stored_does_not_come_again_when_its_acknowledgement_was_lost(
    server: redis.Redis, redis_url: str, read: Read, stream: str
) -> None:
    for number in range(15):
        server.xadd(stream, row(number))
    fetching = of(redis_url, stream).fetch(None, NOW)
    first = next(fetching)
    next(fetching)  # delivered, and neither committed nor acknowledged
    assert len(first.rows) == 10
    assert read(first.cursor) == [f"A-{number}" for number in range(10, 15)]
    assert server.xpending(stream, "rongzhi")["pending"] == 0


def test_what_a_reader_that_is_gone_left_is_taken_over(
    server: redis.Redis, read: Read, stream: str
) -> None:
    server.xgroup_create(stream, "rongzhi", "0", mkstream=True)
    for number in range(2):
        server.xadd(stream, row(number))
    server.xreadgroup("rongzhi", "somebody", {stream: ">"}, count=1)
    assert read(claim_after="1 h") == ["A-1"]
    assert read(claim_after="0 s") == ["A-0"]


def test_an_entry_that_was_deleted_before_it_was_stored_is_let_go(
    server: redis.Redis, read: Read, stream: str
) -> None:
    gone = server.xadd(stream, row(0))
    server.xadd(stream, row(1))
    read(settled=False)
    server.xdel(stream, gone)
    assert read() == ["A-1"]
    assert server.xpending(stream, "rongzhi")["pending"] == 0


def test_a_sample_leaves_no_trace(
    server: redis.Redis, redis_url: str, read: Read, stream: str
) -> None:
    for number in range(5):
        server.xadd(stream, row(number))
    assert [one["编号"] for one in of(redis_url, stream).sample(2)] == ["A-4", "A-3"]
    assert len(read()) == 5


def test_a_password_is_said_and_a_wrong_one_refused(
    server: redis.Redis, redis_url: str, stream: str
) -> None:
    server.acl_setuser(
        "reader", enabled=True, passwords=["+geheim"], keys=["*"], commands=["+@all"]
    )
    port = server.connection_pool.connection_kwargs["port"]
    connection = {
        "url": f"redis://127.0.0.1:{port}/0",
        "user": "reader",
        "password": {"env": "WORD"},
        "stream": stream,
    }
    config = source("redis_stream", connection, fields=FIELDS)
    server.xadd(stream, row(1))
    good = RedisStream(config, replace(around(), secrets={"WORD": "geheim"}))
    assert [len(batch.rows) for batch in drain(good, None, world(good))] == [1]
    bad = RedisStream(config, replace(around(), secrets={"WORD": "falsch"}))
    with pytest.raises(Denied, match="WRONGPASS"):
        list(bad.fetch(None, NOW))
    server.acl_deluser("reader")


def world(adapter: RedisStream) -> Outside:
    return Outside(source=adapter, now=NOW, unreachable=print, restart=lambda: adapter)


def test_a_key_that_is_no_stream_says_so(server: redis.Redis, read: Read, stream: str) -> None:
    server.set(stream, "x")
    with pytest.raises(Malformed, match="WRONGTYPE"):
        read()


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "redis://", "6379"])
def test_an_address_that_is_none_is_named(url: str) -> None:
    with pytest.raises(Malformed, match=r"connection\.url: write redis://host:6379"):
        of(url, "x")


def test_another_server_is_not_taken_for_redis(postgres_url: str) -> None:
    port = postgres_url.rsplit(":", 1)[1].partition("/")[0]
    with pytest.raises((Malformed, Unavailable)):
        list(of(f"redis://127.0.0.1:{port}/0", "x").fetch(None, NOW))

"""The adapter prometheus against a real Prometheus, and against answers that one never gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from centre.domain.parse import parse
from centre.domain.records import Reading
from centre.domain.sources import SourceConfig
from datasources import mapping
from datasources.contract import DataSourceContract, Make, Outside
from datasources.prometheus import Prometheus
from datasources.source import Malformed, SourceError, Unavailable
from tests.datasources.make import NOW, around, chengdu, source
from tests.datasources.metrics_server import START, prometheus
from tests.datasources.service import Reply, Service, as_json, serving
from tests.faults.proxy import Proxy, Settings, proxies

pytestmark = pytest.mark.servers

FIELDS = {"series": "series", "unit": "unit", "at": "at", "value": "value", "key": "key"}
CPU = {"series": "cloud.cpu", "query": "cpu", "key_label": "host"}
CALLS = {"series": "calls.offered", "query": "calls", "unit_label": "district"}


def config(url: str, **more: Any) -> SourceConfig:
    """A source that asks a server."""
    connection = {"url": url, "delay": 0, "back": "1 h", "queries": [CPU, CALLS], **more}
    return replace(source("prometheus", connection, fields=FIELDS), record="reading")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with prometheus(tmp_path_factory.mktemp("prometheus")) as url:
        yield url


class _Contract(DataSourceContract):
    more: Mapping[str, Any] = {}

    @pytest.fixture
    def outside(self, server: str) -> Iterator[Make]:
        with proxies(Settings(upstream=int(server.rpartition(":")[2]), slow_seconds=1), 12) as made:
            free = iter(made)

            def make(name: str) -> Outside:
                return self._outside(next(free))

            yield make

    def _outside(self, proxy: Proxy) -> Outside:
        given = config(f"http://127.0.0.1:{proxy.port}", **self.more)
        return Outside(
            source=Prometheus(given, around()),
            now=NOW,
            unreachable=lambda: proxy.set("refuse"),
            restart=lambda: Prometheus(given, around()),
        )


class TestRanges(_Contract):
    more: Mapping[str, Any] = {"steps_at_once": 10}


class TestInstants(_Contract):
    more: Mapping[str, Any] = {"kind": "instant"}


def rows(url: str, **more: Any) -> list[Mapping[str, Any]]:
    """All rows of a first fetch."""
    adapter = Prometheus(config(url, **more), around())
    return [row for batch in adapter.fetch(None, NOW) for row in batch.rows]


def test_every_step_of_every_series_becomes_a_reading(server: str) -> None:
    found = rows(server)
    given = config(server)
    readings = [
        parse(mapping.apply(row, given), config=given, city=chengdu(), now=NOW) for row in found
    ]
    assert all(isinstance(one, Reading) for one in readings)
    assert len(readings) == 61 * 4
    cpu = {(one.key, one.at): one.value for one in readings if one.series == "cloud.cpu"}
    assert cpu[("a", START)] == 0
    assert cpu[("b", NOW)] == 160
    calls = {(one.unit, one.at): one.value for one in readings if one.series == "calls.offered"}
    assert calls[("510104", START + timedelta(minutes=5))] == 10
    assert {one.unit for one in readings if one.series == "cloud.cpu"} == {"510107"}


def test_the_next_turn_brings_the_steps_since(server: str) -> None:
    adapter = Prometheus(config(server), around())
    before = NOW - timedelta(minutes=3)
    *_, last = adapter.fetch(None, before)
    following = [row["at"] for batch in adapter.fetch(last.cursor, NOW) for row in batch.rows]
    expected = {(NOW - timedelta(minutes=ago)).isoformat() for ago in range(3)}
    assert set(following) == expected


def test_an_instant_asks_for_the_newest_step_alone(server: str) -> None:
    assert {row["at"] for row in rows(server, kind="instant")} == {NOW.isoformat()}


def test_what_is_no_number_gives_no_reading(server: str) -> None:
    assert rows(server, queries=[{"series": "odd", "query": "odd"}]) == []
    assert rows(server, queries=[{"series": "none", "query": "nobody_knows_it"}]) == []


def test_a_wrong_query_is_told_in_the_words_of_the_server(server: str) -> None:
    with pytest.raises(Malformed, match=r"query_range: .*400.*parse error"):
        rows(server, queries=[{"series": "x", "query": "sum(("}])


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as made:
        yield made


def _success(result: Any) -> Reply:
    return as_json({"status": "success", "data": {"resultType": "matrix", "result": result}})


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (as_json({"status": "error", "error": "too busy"}, 503), Unavailable),
        (as_json({"status": "error"}), Malformed),
        (_success([1, "2"]), Malformed),
        (_success([{"value": [1, "2"]}]), Malformed),
        (_success([{"metric": {}, "value": "x"}]), Malformed),
        (_success([{"metric": {}, "values": [[1e99, "2"]]}]), Malformed),
        (as_json([]), Malformed),
        (Reply(body=b"<html>login</html>"), Malformed),
    ],
)
def test_an_answer_that_is_none_of_prometheus_is_refused(
    service: Service, reply: Reply, kind: type[SourceError]
) -> None:
    service.routes["/api/v1/query_range"] = lambda _: reply
    with pytest.raises(kind):
        rows(service.url("").rstrip("/"))

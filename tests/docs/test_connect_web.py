"""The web services of docs/connect.md: each example against a real server, as it stands."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from centre.citypack.check import check
from centre.citypack.load import load_city, load_source
from centre.domain.parse import parse
from centre.domain.records import Case, Reading, Record, Rejected
from centre.domain.sources import SourceConfig
from datasources import mapping
from datasources.registry import adapters, build
from datasources.source import Surroundings
from datasources.web.client import CONNECTION_KEYS
from tests.datasources.georeport import GeoReport, request
from tests.datasources.make import NOW
from tests.datasources.service import Question, Reply, as_json, serving
from tests.docs.blocks import DOCS, ROOT, files

PAGE = "connect.md"
HOST = "https://tickets.example.gov.cn"
KEYS = {name: one.connection_keys for name, one in adapters().items()}


def chengdu(folder: Path) -> Path:
    """A pack of one's own."""
    return Path(shutil.copytree(ROOT / "conf" / "chengdu", folder / "chengdu"))


def example(pack: Path, name: str, host: str, to: str) -> SourceConfig:
    """The example of that name, in its own file of a pack, with another host."""
    text = files(PAGE)[name]
    assert host in text
    file = pack / "sources.d" / "510107.toml"
    file.write_text(text.replace(host, to), "utf-8")
    return load_source(file, load_city(pack))


def read(config: SourceConfig, secrets: Mapping[str, str]) -> list[Record | Rejected]:
    """What becomes of all rows."""
    city = load_city(config.path.parent.parent)
    source = build(config, Surroundings(city=city, data_dir=None, secrets=secrets))
    rows = [row for batch in source.fetch(None, NOW) for row in batch.rows]
    return [parse(mapping.apply(row, config), config=config, city=city, now=NOW) for row in rows]


def _tickets(question: Question) -> Reply:
    assert question.headers["authorization"] == "Bearer geheim"
    assert dict(question.params) == {
        "order": "changed",
        "since": "2026-06-01T00:00:00+08:00",
        "page": "1",
        "page_size": "200",
    }
    row: dict[str, Any] = {
        "id": "T-1",
        "district": {"code": "510107"},
        "text": "路灯不亮",
        "created": "2026-06-01T08:00:00+08:00",
        "changed": "2026-06-01T09:00:00+08:00",
    }
    return as_json({"data": {"items": [row], "total": 1}})


def test_the_service_of_the_manual_is_read_as_the_manual_says(tmp_path: Path) -> None:
    with serving() as service:
        service.routes["/api/tickets"] = _tickets
        config = example(chengdu(tmp_path), "rest", HOST, service.url("").rstrip("/"))
        (case,) = read(config, {"WUHOU_TOKEN": "geheim"})
    assert isinstance(case, Case)
    assert (case.key, case.unit, case.title, case.closed_at) == ("T-1", "510107", "路灯不亮", None)


def test_the_endpoint_of_the_manual_is_read_as_the_manual_says(tmp_path: Path) -> None:
    with serving() as service:
        GeoReport(service, map(request, range(5)))
        to = service.url("").rstrip("/")
        config = example(chengdu(tmp_path), "open311", "https://open311.example.gov", to)
        cases = read(config, {})
    assert [case.key for case in cases] == ["1004", "1003", "1002", "1001", "1000"]
    assert all(isinstance(case, Case) and case.category == "道路" for case in cases)


def test_the_monitoring_of_the_manual_is_read_as_the_manual_says(tmp_path: Path) -> None:
    at = NOW.timestamp() - 60
    metric = {"instance": "a", "district": "510104"}
    answer = {"result": [{"metric": metric, "values": [[at, "0.25"]]}]}
    with serving() as service:
        service.routes["/api/v1/query_range"] = lambda _: as_json(
            {"status": "success", "data": answer}
        )
        host, to = "http://prometheus.example.gov.cn:9090", service.url("").rstrip("/")
        config = example(chengdu(tmp_path), "prometheus", host, to)
        cpu, calls, *_ = read(config, {})
    assert isinstance(cpu, Reading)
    assert (cpu.series, cpu.unit, cpu.key, cpu.value) == ("cloud.cpu", "510107", "a", 0.25)
    assert isinstance(calls, Reading)
    assert (calls.series, calls.unit, calls.key) == ("calls.offered", "510104", "")


def test_the_drill_of_the_manual_is_played_as_the_manual_says(tmp_path: Path) -> None:
    pack = chengdu(tmp_path)
    places = pack / "places.toml"
    places.write_text(
        places.read_text("utf-8").replace('clock = "now"', 'clock = "latest"'), "utf-8"
    )
    recording = tmp_path / "drop" / "xinjin" / "2026-06-16.csv"
    recording.parent.mkdir(parents=True)
    recording.write_text(files(PAGE)["drop/xinjin/2026-06-16.csv"], "utf-8")
    config = example(pack, "replay", 'speed = "600x"', 'speed = "600x"')
    near = Surroundings(city=load_city(pack), data_dir=tmp_path, secrets={})
    adapter, cursor, seen = build(config, near), None, []
    for second in (-30, 0, 2, 20):
        for batch in adapter.fetch(cursor, NOW + timedelta(seconds=second)):
            cursor = batch.cursor
            if batch.rows:
                seen.append([(row["工单编号"], row["转办时间"] is not None) for row in batch.rows])
    assert seen[0] == [("XJ-0001", False)]  # 08:15
    assert seen[1] == [("XJ-0002", False), ("XJ-0001", True)]  # 08:35
    assert [key for key, _ in seen[2]] == ["XJ-0002", "XJ-0003", "XJ-0004", "XJ-0005"]


def test_the_sites_of_the_manual_are_looked_at_as_the_manual_says(tmp_path: Path) -> None:
    pages = {"/": "<html>武侯", "/notices": "通知 2026年6月9日", "/control": ""}
    with serving() as service:
        for path, text in pages.items():
            service.routes[path] = lambda _, text=text: Reply(body=text.encode())
        to, pack = service.url("").rstrip("/"), chengdu(tmp_path)
        config = example(pack, "web_probe", "https://www.wuhou.example.gov.cn", to)
        control = config.path.read_text("utf-8").replace("http://gateway.example.gov.cn", to)
        config.path.write_text(control, "utf-8")
        found = read(load_source(config.path, load_city(pack)), {})
    up = {
        one.key: one.value for one in found if isinstance(one, Reading) if one.series == "site.up"
    }
    ages = [one.value for one in found if isinstance(one, Reading) if one.series == "site.age_days"]
    assert (up, ages) == ({"wuhou-home": 1, "wuhou-notices": 1}, [7])


@pytest.mark.parametrize("name", ["rest", "open311", "prometheus", "replay", "web_probe"])
def test_the_check_finds_no_fault_in_an_example(tmp_path: Path, name: str) -> None:
    pack = chengdu(tmp_path)
    (pack / "sources.d" / "510107.toml").write_text(files(PAGE)[name], "utf-8")
    env = {"WUHOU_TOKEN": "geheim"}
    assert check(pack, metrics=_Any(), adapters=KEYS, env=env) == ()


def test_the_check_names_a_wrong_key_within_a_table_and_a_secret_in_clear(tmp_path: Path) -> None:
    pack = chengdu(tmp_path)
    text = files(PAGE)["rest"].replace('total = "', 'totel = "')
    file = pack / "sources.d" / "510107.toml"
    file.write_text(text, "utf-8")
    found = check(pack, metrics=_Any(), adapters=KEYS, env={})
    assert [(one.key, one.problem) for one in found] == [
        ("connection.pages.totel", "the adapter rest has no such key"),
        ("connection.auth.token.env", "WUHOU_TOKEN is not set"),
    ]
    file.write_text(files(PAGE)["rest"].replace('{ env = "WUHOU_TOKEN" }', '"geheim"'), "utf-8")
    found = check(pack, metrics=_Any(), adapters=KEYS, env={})
    assert [(one.key, one.problem) for one in found] == [
        ("connection.auth.token", "a secret stands here in clear")
    ]


class _Any(dict[str, tuple[int, ...]]):
    """Knows every metric in both versions: metrics are another test's business."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> tuple[int, ...]:
        return (1, 2)


@pytest.mark.parametrize("adapter", ["rest", "open311", "prometheus", "replay", "web_probe"])
def test_every_key_of_an_adapter_is_in_its_table(adapter: str) -> None:
    section = (DOCS / PAGE).read_text("utf-8").split(f"\n## {adapter}\n")[1].split("\n## ")[0]
    keys = re.findall(r"^\| `([\w.]+)` \|", section, re.M)
    # Those of the client are said of rest, and referred to.
    shared = set(CONNECTION_KEYS) if adapter in ("open311", "prometheus") else set()
    assert sorted(keys) == sorted(adapters()[adapter].connection_keys.keys() - shared)

"""The streams of docs/connect.md: each example against a real server, as it stands."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
import redis

from centre.citypack.load import load_source
from centre.domain.parse import parse
from centre.domain.records import Case, Record, Rejected
from datasources import mapping
from datasources.registry import adapters, build
from datasources.source import Surroundings
from tests.datasources.make import NOW, chengdu
from tests.docs.blocks import DOCS, files
from tests.mosquitto import publish, running_mosquitto

PAGE = "connect.md"
pytestmark = pytest.mark.servers


def section(adapter: str) -> str:
    return (DOCS / PAGE).read_text("utf-8").split(f"\n## {adapter}\n")[1].split("\n## ")[0]


def read(
    folder: Path, name: str, host: str, to: str, secrets: dict[str, str]
) -> list[Record | Rejected]:
    """What becomes of all that the example of that name reads from another host."""
    text = files(PAGE)[name]
    assert host in text
    file = folder / f"{name.replace('_', '-')}.toml"
    file.write_text(text.replace(host, to), "utf-8")
    config = load_source(file, chengdu())
    source = build(config, Surroundings(city=chengdu(), data_dir=None, secrets=secrets))
    found = []
    for batch in source.fetch(None, NOW):
        found += [
            parse(mapping.apply(row, config), config=config, city=chengdu(), now=NOW)
            for row in batch.rows
        ]
        source.settle(batch.cursor)
    return found


def test_the_stream_of_the_manual_is_read_as_the_manual_says(
    redis_url: str, tmp_path: Path
) -> None:
    (typed,) = re.findall(r"^    (XADD .*)$", section("redis_stream"), re.M)
    (rights,) = re.findall(r"`(ACL SETUSER .*)`", section("redis_stream"))
    with redis.Redis.from_url(redis_url) as server:
        port = server.connection_pool.connection_kwargs["port"]
        server.execute_command(*rights.replace(">…", ">geheim").split())
        server.execute_command(
            *(one if one != "*" else "1781593200000-0" for one in shlex.split(typed))
        )
        secrets = {"WUHOU_STREAM": "geheim"}
        (case,) = read(tmp_path, "redis_stream", "10.12.3.4:6379", f"127.0.0.1:{port}", secrets)
        assert server.xpending("tickets", "rongzhi")["pending"] == 0
        server.delete("tickets")
        server.acl_deluser("rongzhi")
    assert isinstance(case, Case)
    assert (case.key, case.title, case.unit) == ("T-1", "路灯不亮", "510107")
    assert case.source_version == 1781593200000000


def test_the_topic_of_the_manual_is_read_as_the_manual_says(tmp_path: Path) -> None:
    (typed,) = re.findall(r"^    (\{.*)$", section("mqtt"), re.M)
    passwords, secrets = tmp_path / "passwords", {"QINGYANG_BROKER": "geheim"}
    made = ["mosquitto_passwd", "-b", "-c", passwords, "rongzhi", "geheim"]
    subprocess.run(made, check=True)
    with running_mosquitto(passwords.read_text()) as port:
        there = "10.12.3.4:1883", f"127.0.0.1:{port}"
        assert read(tmp_path, "mqtt", *there, secrets) == []
        publish(port, "qingyang/tickets/new", [typed.encode()], ("rongzhi", "geheim"))
        (case,) = read(tmp_path, "mqtt", *there, secrets)
    assert isinstance(case, Case)
    assert (case.key, case.title, case.unit) == ("Q-1", "井盖位移", "510105")


@pytest.mark.parametrize("adapter", ["redis_stream", "mqtt"])
def test_every_key_of_a_stream_is_in_its_table(adapter: str) -> None:
    keys = re.findall(r"^\| `(\w+)` \|", section(adapter), re.M)
    assert sorted(keys) == sorted(adapters()[adapter].connection_keys)

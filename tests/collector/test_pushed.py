"""10,000 pushed rows, the wire cut at random, the centre killed: none lost, none doubled."""

from __future__ import annotations

import hashlib
import json
import random
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from centre.store import inbox, tables
from centre.store.engine import connect, reading
from examples.push import Centre as Client
from tests.browser.serve import Centre, running, start
from tests.docs.blocks import ROOT

pytestmark = pytest.mark.slow

KEY = "0123456789abcdef0123456789abcdef"
ROWS, IN_ONE = 10_000, 100
DAMAGED, REPEATED = 0.03, 0.10
CUT = 0.3  # of all tries
KIND = "application/x-ndjson"
KILLED = ROWS // IN_ONE // 2  # before this request the centre is killed, another one on its way
COUNTERS = ("sent", "stored", "duplicate", "rejected")

SOURCE = """
name = { zh = "推送", en = "Pushed" }
adapter = "push"
unit = "510118"
contact = "duty desk"
zone = "Asia/Shanghai"
connection.key = { env = "XINJIN_KEY" }
schedule.every = "0.2 s"
promise.interval = "5 min"
[fields]
key = "编号"
title = "内容"
received_at = { column = "时间", format = "iso" }
source_version = "版本"
channel = { column = "来源", codes = { "来电" = "phone" } }
"""

DAMAGES: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("received_at", {"时间": "昨天"}),
    ("received_at", {"时间": None}),
    ("key", {"编号": ""}),
    ("channel", {"来源": "抖音"}),
    ("source_version", {"版本": "x"}),
)
TORN = "key"  # the field that is named for a line that is no JSON


@dataclass(frozen=True)
class Part:
    """One request. `wrong`: (line, field) of its damaged rows."""

    body: bytes
    wrong: tuple[tuple[int, str], ...]


def parts(chance: random.Random) -> tuple[list[Part], set[str], int]:
    """All requests, the numbers of the good cases, and how many rows repeat one."""
    good: list[dict[str, Any]] = []
    found, repeats = [], 0
    for first in range(0, ROWS, IN_ONE):
        lines, wrong = [], []
        for number in range(first, first + IN_ONE):
            draw = chance.random()
            if draw < DAMAGED:
                field, line = damaged(number, chance)
                wrong.append((len(lines) + 1, field))
            elif draw < DAMAGED + REPEATED and good:
                line, repeats = json.dumps(chance.choice(good)), repeats + 1
            else:
                good.append(row(number))
                line = json.dumps(good[-1], ensure_ascii=False)
            lines.append(line)
        found.append(Part("\n".join(lines).encode(), tuple(wrong)))
    return found, {one["编号"] for one in good}, repeats


def row(number: int) -> dict[str, Any]:
    at = f"2026-06-16T{number // 3600:02d}:{number // 60 % 60:02d}:{number % 60:02d}"
    return {"编号": f"XJ-{number}", "时间": at, "版本": 1, "来源": "来电", "内容": f"路灯 {number}"}


def damaged(number: int, chance: random.Random) -> tuple[str, str]:
    """(field, line) of a row that nobody can take."""
    if chance.random() < 0.2:
        return TORN, json.dumps(row(number))[: -chance.randint(1, 40)]
    field, words = chance.choice(DAMAGES)
    return field, json.dumps({**row(number), **words})


class Cut(Client):
    """A client whose connection is cut now and then: within the request, or before its answer."""

    def __init__(self, url: str, source: str, key: str, chance: random.Random) -> None:
        super().__init__(url, source, key)
        self.chance, self.cuts = chance, 0

    def post(self, body: bytes, kind: str, name: str) -> tuple[int, Any]:
        if self.chance.random() < CUT:
            self.cuts += 1
            self.cut(body, kind, name)
            raise ConnectionResetError("cut by the test")
        return super().post(body, kind, name)

    def cut(self, body: bytes, kind: str, name: str) -> None:
        headers = {"Host": "x", "Content-Type": kind, "Content-Length": str(len(body))}
        lines = [f"{key}: {word}" for key, word in {**headers, **self.signed(body, name)}.items()]
        head = "\r\n".join((f"POST /api/v1/push/{self.source} HTTP/1.1", *lines, "", ""))
        whole = head.encode() + body
        is_whole = self.chance.random() < 0.5
        with socket.create_connection((self.url.hostname, self.url.port), 10) as wire:
            wire.sendall(whole if is_whole else whole[: self.chance.randrange(len(whole))])
            if is_whole and self.chance.random() < 0.5:
                wire.recv(self.chance.randint(1, 50))


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """A real centre whose only source is pushed to."""
    folder = tmp_path_factory.mktemp("pushed")
    pack = folder / "chengdu"
    (pack / "sources.d").mkdir(parents=True)
    for file in (ROOT / "conf" / "chengdu").iterdir():
        if file.is_file():
            (pack / file.name).symlink_to(file)
    (pack / "sources.d" / "xinjin.toml").write_text(SOURCE, "utf-8")
    with running(folder, CITY=str(pack), XINJIN_KEY=KEY) as found:
        yield found


def test_what_was_sent_was_stored_known_or_refused_with_line_and_field(centre: Centre) -> None:
    chance = random.Random(5)
    sent, good, repeats = parts(chance)
    client = Cut(centre.url, "xinjin", KEY, chance)
    told = []
    for number, part in enumerate(sent):
        if number == KILLED:
            client.cut(part.body, KIND, hashlib.sha256(part.body).hexdigest())
            kill(centre)
        status, answer = client.send(part.body, KIND, pause=0.01)
        assert status == 202, answer
        told.append(tuple((one["line"], one["field"]) for one in answer["refused"]))
    assert told == [part.wrong for part in sent]
    assert client.cuts > 20, "the wire was hardly cut: the test proves nothing"
    wrong = sum(len(part.wrong) for part in sent)
    assert counted(centre) == {
        "sent": ROWS,
        "stored": len(good),
        "duplicate": repeats,
        "rejected": wrong,
    }
    keys, kept, waiting = stored(centre)
    assert keys == good
    assert kept == wrong
    assert waiting == 0


def kill(centre: Centre) -> None:
    """End all of it at once, whatever it is doing, and start it again."""
    centre.stop(signal.SIGKILL)
    centre.process = start(centre.env, centre.log).process


def counted(centre: Centre) -> dict[str, int]:
    """The counters of the source, when everything has come."""
    until, found = time.monotonic() + 60, dict.fromkeys(COUNTERS, 0)
    while found["sent"] < ROWS and time.monotonic() < until:
        time.sleep(0.1)
        for one in centre.get("/api/v1/sources").json()["sources"]:
            found = {name: one[name] for name in COUNTERS}
    return found


def stored(centre: Centre) -> tuple[set[str], int, int]:
    """(numbers of the cases, refused rows that are kept, rows that still wait)."""
    engine = connect(f"sqlite:///{centre.env['STATE']}/chengdu.db")
    with reading(engine) as conn:
        keys = set(conn.scalars(sa.select(tables.case.c.key)))
        kept = conn.scalar(sa.select(sa.func.count()).select_from(tables.rejected))
        waiting = sum(map(len, conn.scalars(sa.select(inbox.inbox.c.rows))))
    engine.dispose()
    return keys, kept or 0, waiting

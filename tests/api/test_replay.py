"""What was answered at a moment is answered again, byte for byte, whatever became known since."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

import httpx
import pytest
from dash import Dash
from dash._pages import PAGE_REGISTRY

from app import create_app
from centre.collector.service import Collector
from centre.domain.places import City
from centre.domain.sources import FieldMap, SourceConfig
from centre.live.runtime import runtime
from centre.metrics.breakdown import offered
from centre.metrics.registry import METRICS
from centre.snapshots.bus.memory import MemoryBus
from centre.snapshots.cells import Snapshot
from centre.store import changes
from centre.store.engine import reading
from components.panels import PANELS
from tests.collector.scripted import Script, Scripted, config, row
from tests.tiny import NOW, ZONE
from tests.web import client, settings

SAID = 200
UNITS = ("510104", "510105", "510106")
TIMES = ("received_at", "due_at", "replied_at", "closed_at", "followed_up_at")
FLAGS = ("contacted", "resolved", "satisfied")

Question = tuple[str, dict[str, str]]


class Passing:
    """A clock that moves with each look at it, so that a minute of the test is hours of a city."""

    def __init__(self) -> None:
        self._now, self._lock = NOW, Lock()

    def __call__(self) -> datetime:
        with self._lock:
            self._now += timedelta(seconds=7)
            return self._now


@dataclass
class Desk:
    """A district centre that receives, replies, closes, corrects itself and repeats itself."""

    unit: str
    random: random.Random
    script: Script = field(default_factory=Script)
    cases: dict[str, dict[str, str]] = field(default_factory=dict)

    def work(self) -> None:
        """Another page of what happened."""
        page = [self._new() for _ in range(self.random.randint(1, 6))]
        some = self.random.sample(sorted(self.cases), min(4, len(self.cases)))
        page += [self._moved(key) for key in some]
        self.script.pages.append([dict(one) for one in page])

    def _new(self) -> dict[str, str]:
        key = f"{self.unit}-{len(self.cases)}"
        days, minutes = self.random.choice((0, 0, 1, 3, 20)), self.random.randint(0, 600)
        received = NOW - timedelta(days=days, minutes=minutes)
        due = received + timedelta(hours=self.random.choice((4, 24, 72)))
        self.cases[key] = row(
            key,
            self.random.choice((self.unit, self.unit, self.unit, "")),
            received_at=_text(received),
            due_at=_text(due),
            channel=self.random.choice(("phone", "mobile", "mayor_mailbox", "")),
        )
        return self.cases[key]

    def _moved(self, key: str) -> dict[str, str]:
        one = self.cases[key]
        begun = datetime.fromisoformat(one["received_at"])
        later = begun + timedelta(minutes=self.random.randint(5, 6_000))
        one["source_version"] = str(int(one["source_version"]) + 1)
        one["channel"] = self.random.choice(("phone", "mobile"))
        if later.replace(tzinfo=ZONE) < NOW:
            one["replied_at"] = one["closed_at"] = one["followed_up_at"] = _text(later)
            one |= {name: self.random.choice(("1", "0", "")) for name in FLAGS}
        return one


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M")


def _config(unit: str) -> SourceConfig:
    times = {name: FieldMap(column=name, format="iso") for name in TIMES}
    flags = {name: FieldMap(column=name, codes={"1": "true", "0": "false"}) for name in FLAGS}
    plain = config(unit, unit)
    fields = {**plain.fields, **times, **flags, "channel": FieldMap(column="channel")}
    return replace(plain, fields=fields)


@dataclass
class Living:
    """A web process and a collector on the same store, and the desks that keep it busy."""

    app: Dash
    bus: MemoryBus
    desks: Sequence[Desk]

    def newest(self) -> int:
        with reading(runtime().engine) as conn:
            return changes.latest(conn)


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    PAGE_REGISTRY.clear()
    folder: Path = tmp_path_factory.mktemp("living")
    bus, stop, chance = MemoryBus(), Event(), random.Random(6)
    app = create_app(settings(folder), bus=bus)
    desks = [Desk(unit, random.Random(chance.random())) for unit in UNITS]
    for desk in desks:
        desk.work()
    collector = _collector(settings(folder), runtime().city, desks, bus)
    thread = Thread(target=collector.run, args=(stop,), daemon=True)
    thread.start()
    yield Living(app=app, bus=bus, desks=desks)
    stop.set()
    thread.join(15)
    runtime().engine.dispose()


def _collector(to: Any, city: City, desks: Sequence[Desk], bus: MemoryBus) -> Collector:
    scripts = {desk.unit: desk.script for desk in desks}
    return Collector(
        to,
        city,
        [_config(desk.unit) for desk in desks],
        bus,
        make=lambda one, _around: Scripted(scripts[one.id]),
        clock=Passing(),
        uniform=lambda _low, high: min(high, 0.1),
        beat_seconds=0.1,
    )


def _questions(chance: random.Random) -> Iterator[Question]:
    """Without end: values of any metric, cases by any filter, sources, frames, files, panels."""
    kinds = (_value, _value, _value, _cases, _sources, _frames, _file, _panel)
    while True:
        yield chance.choice(kinds)(chance)


def _period(chance: random.Random) -> dict[str, str]:
    return chance.choice(
        (
            {},
            {"from": "2026-06-16", "to": "2026-06-17"},
            {"from": "2026-05-20"},
            {"from": "2026-06-10", "to": "2026-06-17T11:00:00+08:00"},
            {"from": "2026-06-17T08:15:00+08:00"},
        )
    )


def _value(chance: random.Random) -> Question:
    metric = chance.choice(sorted(METRICS))
    by = chance.choice(("", "", *offered(METRICS[metric])))
    words = {"scope": chance.choice(("city", "city", *UNITS)), **_period(chance)}
    return f"/api/v1/metrics/{metric}/value", {**words, **({"by": by} if by else {})}


def _cases(chance: random.Random) -> Question:
    status = chance.choice(("", "open", "overdue", "closed"))
    words = {"limit": str(chance.choice((3, 50))), **_period(chance)}
    unit = chance.choice(("city", *UNITS, "unassigned"))
    return "/api/v1/cases", {**words, "unit": unit, **({"status": status} if status else {})}


def _sources(_: random.Random) -> Question:
    return "/api/v1/sources", {}


def _frames(chance: random.Random) -> Question:
    slot = chance.choice(("headlines", "lead", "alerts", "city_map", "where", "what", "when"))
    lang = chance.choice(("zh", "en"))
    return "/api/v1/frames", {"slots": f"{slot}::wall", "lang": lang}


def _file(chance: random.Random) -> Question:
    if chance.random() < 0.5:
        path, words = _value(chance)
        return "/export/metric.csv", {**words, "metric": path.split("/")[4]}
    return "/export/cases.csv", {"unit": chance.choice(UNITS)}


def _panel(chance: random.Random) -> Question:
    offered_ = sorted(one.id for one in PANELS.values() if one.embeddable and one.table)
    panel = chance.choice([one for one in offered_ if one != "headline"])
    return f"/embed/{panel}", {"table": "1"}


@dataclass(frozen=True)
class Said:
    """One answer as it was given."""

    question: Question
    seq: int
    body: bytes


async def _record(living: Living, count: int) -> list[Said]:
    """Ask on and on while the desks work."""
    said: list[Said] = []
    questions = _questions(random.Random(3))
    async with client(living.app) as speaking, aclosing(living.bus.subscribe()) as published:
        for number, (path, words) in enumerate(questions):
            if number % 6 == 0:
                await _seen(published)
            living.desks[number % len(living.desks)].work()
            answer = await speaking.get(path, params=words)
            if answer.status_code == 200:
                seq = int(answer.headers["x-seq"])
                said.append(Said((path, words), seq, answer.content))
            if len(said) == count:
                break
        for desk in living.desks * 4:  # and much becomes known since
            desk.work()
            await _seen(published)
    return said


async def _seen(published: AsyncGenerator[Snapshot, None]) -> None:
    """Wait for a snapshot, and until the screens have it."""
    newer = await anext(published)
    async with aclosing(runtime().hub.seqs()) as seqs:
        async for event in seqs:
            if event.startswith(b"id: ") and int(event.split(b"\n")[0][4:]) >= newer.seq:
                return


async def _again(living: Living, said: Sequence[Said]) -> list[httpx.Response]:
    async with client(living.app) as speaking:
        return [
            await speaking.get(one.question[0], params={**one.question[1], "at": str(one.seq)})
            for one in said
        ]


def _plain(question: Question, body: bytes) -> bytes:
    """A panel of the past says that it is one: in its last line, which is not compared."""
    return body.partition(b"<footer")[0] if question[0].startswith("/embed") else body


@pytest.mark.slow
def test_two_hundred_answers_of_a_living_city_are_given_again_byte_for_byte(
    living: Living,
) -> None:
    said = asyncio.run(_record(living, SAID))
    assert len({one.seq for one in said}) > 20
    assert living.newest() > max(one.seq for one in said)
    differing: Mapping[str, Any] = {
        f"{one.question} at {one.seq}": (one.body[:2_000], again.content[:2_000])
        for one, again in zip(said, asyncio.run(_again(living, said)), strict=True)
        if again.headers.get("x-seq") != str(one.seq)
        or _plain(one.question, again.content) != _plain(one.question, one.body)
    }
    assert differing == {}

"""at= of the interface: what is not known yet or not archived, and what is listed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from dash import Dash

from centre.collector.archivist import Archivist
from centre.collector.writer import Writer
from centre.live.runtime import runtime
from centre.settings import ARCHIVE
from centre.snapshots.bus.memory import MemoryBus
from centre.store import changes
from centre.store.engine import writing
from tests.web import START, client, make_app, snapshot

Ask = Callable[..., httpx.Response]

SLOT = "count::wall"
ASKED = (
    "/api/v1/frames",
    "/api/v1/sources",
    "/api/v1/cases",
    "/api/v1/metrics/appeal.received.count/value",
    "/export/cases.csv",
    "/export/metric.csv",
    "/embed/count",
    "/table/count",
)
SLOTS = {
    "/api/v1/frames": {"slots": SLOT},
    "/export/metric.csv": {"metric": "appeal.received.count"},
}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dash]:
    """Changes 1 to 9; snapshots 3, 6 and 9 are archived, in which so many cases were received."""
    bus = MemoryBus()
    dash_app = make_app(tmp_path_factory.mktemp("past"), bus)
    run, writer = runtime(), Writer()
    archivist = Archivist(run.engine, writer, ARCHIVE)
    for number in range(1, 10):
        at = START + timedelta(seconds=number)
        with writing(run.engine) as conn:
            changes.next_change(conn, "write" if number % 3 else "publish", None, at)
        if number % 3 == 0:
            made = replace(snapshot(number), city_now=at, published_at=at, synthetic=number == 3)
            archivist.archive(made)
            bus.publish(made)
    yield dash_app
    writer.close()
    run.engine.dispose()


@pytest.fixture(scope="module")
def ask(web: Dash) -> Ask:
    async def speak(path: str, words: dict[str, Any]) -> httpx.Response:
        async with client(web) as speaking:
            while runtime().hub.snapshot is None:
                await asyncio.sleep(0)
            return await speaking.get(path, params=words)

    return lambda path, **words: asyncio.run(speak(path, words))


@pytest.mark.parametrize(("at", "seq"), [(3, 3), (4, 3), (5, 3), (6, 6), (8, 6), (9, 9)])
def test_frames_of_a_change_number_are_those_of_the_newest_snapshot_until_then(
    ask: Ask, at: int, seq: int
) -> None:
    answer = ask("/api/v1/frames", slots=SLOT, at=at)
    assert (answer.headers["x-seq"], answer.json()["seq"]) == (str(seq), seq)
    assert f'"{seq}"' in answer.text


def test_frames_of_the_past_are_the_bytes_that_were_shown(ask: Ask) -> None:
    assert (
        ask("/api/v1/frames", slots=SLOT, at=9).content == ask("/api/v1/frames", slots=SLOT).content
    )


@pytest.mark.parametrize("path", [path for path in ASKED if "metric.csv" not in path])
@pytest.mark.parametrize(
    ("at", "code", "says"),
    [(10, "not_yet_known", "the newest change is 9"), (2, "not_archived", "2026-06-17T02:30:03")],
)
def test_a_moment_that_cannot_be_shown_is_refused_with_what_there_is(
    ask: Ask, path: str, at: int, code: str, says: str
) -> None:
    answer = ask(path, slots=SLOT, at=at) if path.endswith("frames") else ask(path, at=at)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (404, code)
    assert says in error["message"]


@pytest.mark.parametrize("at", ["-1", "x", "2026-06-16"])
def test_a_moment_is_a_change_number_and_never_a_time(ask: Ask, at: str) -> None:
    for path in ("/api/v1/frames", "/api/v1/cases", "/api/v1/sources"):
        assert ask(path, at=at).status_code == 422


def test_the_archived_moments_are_listed_with_their_times(ask: Ask) -> None:
    body = ask("/api/v1/moments").json()
    assert [one["seq"] for one in body["moments"]] == [3, 6, 9]
    times = [datetime.fromisoformat(one["at"]) for one in body["moments"]]
    assert times == [START + timedelta(seconds=second) for second in (3, 6, 9)]
    assert body["is_thinned"] is False
    some = ask("/api/v1/moments", **{"from": 4, "to": 8}).json()["moments"]
    assert [one["seq"] for one in some] == [6]


def test_a_long_stretch_is_thinned_evenly_and_keeps_its_ends() -> None:
    from centre.api.past import MOST, _thinned
    from centre.store.archive import Shown

    every = [Shown(seq=number, at=START) for number in range(3 * MOST + 7)]
    some = _thinned(every)
    assert (some[0], some[-1]) == (every[0], every[-1])
    assert len(some) <= MOST + 1


def test_an_embedded_panel_of_the_past_says_so_and_opens_no_stream(ask: Ask) -> None:
    page = ask("/embed/count", at=6)
    assert "截至 2026年6月17日 10:30:06 时的所知" in page.text
    assert "data-slot" not in page.text
    assert ">6<" in page.text
    assert "data-slot" in ask("/embed/count").text


def test_an_answer_of_now_says_how_old_it_is(ask: Ask) -> None:
    for path in ASKED:
        answer = ask(path, **SLOTS.get(path, {}))
        assert (path, answer.status_code, answer.headers["x-seq"]) == (path, 200, "9")
        assert int(answer.headers["age"]) >= 0, path
        then = ask(path, at=9, **SLOTS.get(path, {}))
        assert (then.headers["x-seq"], "age" in then.headers) == ("9", False), path


def test_a_file_of_then_is_for_demonstration_where_its_data_was(ask: Ask) -> None:
    path = "/export/metric.csv"
    told = {at: ask(path, metric="appeal.received.count", at=at).text for at in (3, 6, 9)}
    assert [at for at, text in told.items() if "演示数据" in text.splitlines()[0]] == [3]


@pytest.mark.parametrize("path", ["/embed/count", "/table/count"])
def test_a_plain_page_names_its_seq_and_in_the_past_its_day(ask: Ask, path: str) -> None:
    then, now = ask(path, at=6), ask(path)
    assert (then.headers["x-seq"], now.headers["x-seq"]) == ("6", "9")
    assert "截至 2026年6月17日 10:30:06 时的所知" in then.text
    assert "时的所知" not in now.text

"""The stream from a real gunicorn: it beats whatever callbacks do, and ends when it should."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from centre.settings import ROOT

pytestmark = pytest.mark.slow  # each waits for a real gunicorn


@dataclass
class Served:
    process: subprocess.Popen[str]
    url: str

    def events(
        self, path: str = "/stream", seconds: float = 10
    ) -> Iterator[tuple[float, str, Any]]:
        """(arrival, name, data) of each event."""
        with httpx.stream("GET", self.url + path, timeout=20) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            name = ""
            for line in answer.iter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    yield time.monotonic(), name, json.loads(line.removeprefix("data: "))
                    name = ""

    def viewers(self) -> int:
        """How many streams with slots the server knows of."""
        count: int = httpx.get(f"{self.url}/healthz").json()["viewers"]
        return count


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(folder: Path, port: int = 0) -> Served:
    port = port or free_port()
    command = [sys.executable, "-m", "tests.live.served", str(folder), str(port)]
    process = subprocess.Popen(command, cwd=ROOT, text=True, stderr=subprocess.PIPE)
    served, until = Served(process, f"http://127.0.0.1:{port}"), time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{served.url}/healthz").status_code == 200:
                return served
        except httpx.HTTPError:
            time.sleep(0.05)
    process.kill()
    raise AssertionError(f"did not start: {process.communicate()[1][-3000:]}")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    one = start(tmp_path_factory.mktemp("served"))
    yield one
    one.process.terminate()
    one.process.wait(15)


def callback(output: str, prop: str) -> dict[str, Any]:
    """The body that a click sends."""
    return {
        "output": output,
        "outputs": {"id": output.split(".", maxsplit=1)[0], "property": "children"},
        "inputs": [{"id": "b", "property": prop, "value": 7}],
        "changedPropIds": [f"b.{prop}"],
    }


@pytest.mark.parametrize(
    ("output", "prop"), [("slow.children", "n_clicks"), ("slow-async.children", "title")]
)
def test_the_stream_beats_while_a_callback_takes_two_seconds(
    served: Served, output: str, prop: str
) -> None:
    answers: list[tuple[float, httpx.Response]] = []

    def post() -> None:
        began = time.monotonic()
        answer = httpx.post(
            f"{served.url}/_dash-update-component", json=callback(output, prop), timeout=20
        )
        answers.append((time.monotonic() - began, answer))

    posting = Thread(target=post)
    arrivals: list[float] = []
    for at, _, _ in served.events():
        if not arrivals:
            posting.start()
        arrivals.append(at)
        if answers:
            break
    posting.join()
    took, answer = answers[0]
    gaps = [later - earlier for earlier, later in pairwise(arrivals)]
    assert answer.status_code == 200
    assert took >= 2
    assert len(gaps) >= 5  # ten are due in 2 s
    assert max(gaps) < 1


def test_without_slots_an_event_is_seq_and_time_alone(served: Served) -> None:
    found = []
    for _, name, data in served.events():
        found.append(data)
        assert name == ""
        assert set(data) == {"seq", "published_at"}
        if len(found) == 3:
            break
    seqs = [one["seq"] for one in found]
    assert seqs == sorted(set(seqs))
    moments = [one["published_at"].split(".") for one in found]
    assert all(len(rest) == len("123456+00:00") for _, rest in moments)


def test_with_slots_the_page_is_greeted_and_sent_its_slots(served: Served) -> None:
    events = served.events("/stream?slots=count::wall&lang=en")
    _, name, data = next(events)
    assert (name, set(data)) == ("hello", {"build", "now"})
    _, name, data = next(events)
    assert name == "slots"
    assert set(data) == {"seq", "published_at", "city_now", "slots"}
    assert set(data["slots"]) == {"count::wall"}


def test_the_same_panel_is_sent_as_html_to_strangers_pages(served: Served) -> None:
    events = served.events("/stream?slots=count::embed&format=html")
    _, _, data = [next(events), next(events)][1]
    assert data["slots"]["count::embed"].startswith('<b title="&lt;&amp;&gt;">')


def test_a_viewer_who_leaves_is_forgotten(served: Served) -> None:
    for _ in range(5):
        next(served.events("/stream?slots=count::wall"))
    until = time.monotonic() + 5
    while served.viewers() and time.monotonic() < until:
        time.sleep(0.05)
    assert served.viewers() == 0


def test_a_server_that_stops_ends_its_streams_in_order(tmp_path: Path) -> None:
    served = start(tmp_path)
    streams = [served.events("/stream?slots=count::wall") for _ in range(5)]
    for one in streams:
        next(one)
    served.process.send_signal(signal.SIGTERM)
    for one in streams:
        list(one)  # a stream that is cut raises RemoteProtocolError
    assert served.process.wait(20) == 0

"""First load of the wall and of a panel: weight and time, against pages with nothing on them."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Browser, sync_playwright

from bench.line import Line
from tests.browser.chromium import launch, watched
from tests.browser.serve import free_port, running, small_chengdu, wait_until_filled

RUNS = 5
WALL_KB, PANEL_KB = 900.0, 60.0  # the budgets, compressed


def lines() -> Iterator[Line]:
    """Weight against the budget, then time against an empty page of the same kind."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = launch(playwright)
        pack = small_chengdu(folder, each=25)
        with running(folder, CITY=str(pack)) as centre, _empty() as bare:
            wait_until_filled(centre)
            wall = _loads(browser, f"{centre.url}/wall", "[data-slot='headlines::wall'] .int")
            panel = _loads(browser, f"{centre.url}/embed/received_today", ".int")
            dash = _loads(browser, f"{bare}/", "#nothing")
            page = _loads(browser, f"{bare}/plain", "#nothing")
    yield _line("wall, first load", "KB", wall[0], "budget", [WALL_KB])
    yield _line("wall, first load", "KB", wall[0], "empty Dash page", dash[0])
    yield _line("wall, first load to its numbers", "ms", wall[1], "empty Dash page", dash[1])
    yield _line("panel, first load", "KB", panel[0], "budget", [PANEL_KB])
    yield _line("panel, first load", "KB", panel[0], "empty page", page[0])
    yield _line("panel, first load to its numbers", "ms", panel[1], "empty page", page[1])


def _line(name: str, unit: str, ours: list[float], peer: str, theirs: list[float]) -> Line:
    return Line(name=name, unit=unit, ours=ours, peer_name=peer, peer=theirs)


def _loads(browser: Browser, url: str, selector: str) -> tuple[list[float], list[float]]:
    """KB over the wire and ms until `selector` is there, each time with an empty cache."""
    runs = [_load(browser, url, selector) for _ in range(RUNS)]
    return [weight for weight, _ in runs], [took for _, took in runs]


def _load(browser: Browser, url: str, selector: str) -> tuple[float, float]:
    got: list[float] = []

    def note(event: dict[str, float]) -> None:
        got.append(event["encodedDataLength"])

    with watched(browser, 1920, 1080) as seen:
        wire = seen.page.context.new_cdp_session(seen.page)
        wire.send("Network.enable")
        wire.on("Network.loadingFinished", note)
        begin = time.perf_counter()
        seen.page.goto(url, wait_until="commit")
        seen.page.wait_for_selector(selector, state="attached", timeout=60_000)
        took = (time.perf_counter() - begin) * 1000
        seen.page.wait_for_timeout(4_000)  # what comes late is weight as well
    return sum(got) / 1024, took


_EMPTY = """
import dash
from fastapi.responses import HTMLResponse
from starlette.middleware.gzip import GZipMiddleware
app = dash.Dash(__name__, backend="fastapi", enable_mcp=False)
app.layout = dash.html.Div(id="nothing")
app.server.add_middleware(GZipMiddleware)
app.server.add_api_route("/plain", lambda: HTMLResponse("<p id=nothing></p>"))
server = app.server
"""


@contextmanager
def _empty() -> Iterator[str]:
    """An empty Dash page at / and an empty page at /plain, served as ours are."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "empty.py").write_text(_EMPTY)
        port = free_port()
        command = [sys.executable, "-m", "gunicorn", "-k", "asgi", "-b", f"127.0.0.1:{port}"]
        process = subprocess.Popen([*command, "--log-level", "error", "empty:server"], cwd=folder)
        url = f"http://127.0.0.1:{port}"
        try:
            _wait(url)
            yield url
        finally:
            process.terminate()
            process.wait(20)


def _wait(url: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            httpx.get(f"{url}/plain", timeout=2)
            return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise AssertionError("the empty page did not start")

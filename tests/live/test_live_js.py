"""assets/live.js in Chromium: slots move, clocks tick, silence is said and clears by itself."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import Watched, watched
from tests.live.test_stream import Served, start

pytestmark = pytest.mark.browser

SLOT = '[data-slot="count::wall"] b'


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    one = start(tmp_path)
    yield one
    one.process.terminate()
    one.process.wait(15)


@pytest.fixture
def seen(browser: Browser) -> Iterator[Watched]:
    with watched(browser, 1366, 768) as page:
        yield page


def until_moved(page: Page) -> None:
    """Wait until the number on the screen is another one."""
    before = page.locator(SLOT).inner_text()
    expect(page.locator(SLOT)).not_to_have_text(before, timeout=15_000)


def test_a_page_moves_changes_and_keeps_one_stream(served: Served, seen: Watched) -> None:
    page = seen.page
    page.goto(f"{served.url}/wall?lang=en")
    expect(page.locator("#said")).to_have_text("en", timeout=20_000)
    until_moved(page)
    assert page.locator("#clock").inner_text().count(":") == 2
    assert served.viewers() == 1
    page.click("#go")
    expect(page.locator("h1")).to_have_text("510104 en")  # the link said nothing: the cookie did
    page.wait_for_function("() => window.rongzhiLive.source === null")
    assert page.evaluate("document.documentElement.dataset.page") == "unit"
    page.go_back()
    until_moved(page)
    assert seen.errors == []
    assert seen.strangers == []


def test_a_lost_server_is_said_and_the_page_recovers(
    served: Served, seen: Watched, tmp_path: Path
) -> None:
    page = seen.page
    page.clock.install()
    page.goto(f"{served.url}/wall")
    expect(page.locator(SLOT)).to_be_visible(timeout=20_000)
    until_moved(page)
    page.evaluate("window.stayed = true")
    served.process.send_signal(signal.SIGTERM)
    served.process.wait(15)
    page.clock.fast_forward(27_000)
    strip = page.locator("#link-strip")
    expect(strip).to_contain_text("与服务器失联 00:")
    expect(strip).to_contain_text("数据截至 ")
    assert page.evaluate("document.body.dataset.link") == "lost"
    again = start(tmp_path, port=int(served.url.rsplit(":", 1)[1]))
    try:
        page.clock.run_for(20_000)
        expect(strip).to_have_count(0, timeout=15_000)
        until_moved(page)
        assert page.evaluate("[document.body.dataset.link, window.stayed]") == ["ok", True]
    finally:
        end(again.process)


def test_a_wall_reloads_when_the_server_was_upgraded(served: Served, seen: Watched) -> None:
    page = seen.page
    page.goto(f"{served.url}/wall")
    expect(page.locator(SLOT)).to_be_visible(timeout=20_000)
    page.wait_for_function("() => window.rongzhiLive.source")
    page.evaluate("window.stayed = true; document.documentElement.dataset.build = 'older'")
    page.evaluate("window.rongzhiLive.source.onerror()")  # as when the server restarts
    page.wait_for_function("() => window.stayed === undefined", timeout=15_000)
    expect(page.locator(SLOT)).to_be_visible(timeout=20_000)
    until_moved(page)


def end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.wait(15)

"""A wall that stays open while nobody can collect: it says so by itself, and takes it back."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import watched
from tests.browser.serve import Centre, promise, running, small_chengdu, wait_until_filled

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CARD = ".card[data-state]"


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory, filled: Path) -> Iterator[Centre]:
    """A small Chengdu whose sources promise news each 10 s: late after 15 s, stale after 30 s."""
    folder: Path = tmp_path_factory.mktemp("hasty")
    pack = small_chengdu(folder)
    promise(pack, "10 s")
    with running(folder, filled, CITY=str(pack)) as centre:
        wait_until_filled(centre)
        yield centre


def _first(page: Page, state: str) -> None:
    """Wait until the server's live cards look this old, in words too."""
    aged = page.locator(f'{CARD}[data-state="live"].is-{state}[data-aged="{state}"]').first
    expect(aged).to_be_attached(timeout=70_000)
    words = "晚|截至"
    said = aged.locator(".card-aside").evaluate("one => getComputedStyle(one, '::before').content")
    assert re.search(words, said), said


def test_figures_of_an_open_wall_age_while_nobody_collects_and_are_young_again(
    browser: Browser, hasty: Centre
) -> None:
    store = Path(hasty.env["STATE"]) / "chengdu.db"
    with watched(browser, 1920, 1080) as wall, watched(browser, 1366, 768) as late:
        page = wall.page
        page.goto(f"{hasty.url}/wall")
        expect(page.locator(f'{CARD}[data-state="live"][data-as-of]').first).to_be_attached(
            timeout=20_000
        )
        with closing(sqlite3.connect(store, timeout=30, isolation_level=None)) as lock:
            lock.execute("BEGIN IMMEDIATE")  # the collector lives, but can write nothing
            strip = page.locator("#link-strip")
            expect(strip).to_contain_text(
                re.compile(r"采集停顿 00:\d\d · 数据截至 \d\d:\d\d"), timeout=60_000
            )
            assert page.get_attribute("body", "data-link") == "stalled"
            _first(page, "late")
            late.page.goto(f"{hasty.url}/")  # who comes now is told at once
            expect(late.page.locator("#link-strip")).to_contain_text("采集停顿", timeout=15_000)
            _first(page, "stale")
            expect(late.page.locator('.kpi[data-aged="stale"]').first).to_be_attached()
            lock.execute("ROLLBACK")
        expect(strip).to_have_count(0, timeout=60_000)
        expect(page.locator("[data-aged]")).to_have_count(0, timeout=60_000)
        expect(page.locator(f"{CARD}.is-live").first).to_be_attached()
        expect(late.page.locator("#link-strip")).to_have_count(0, timeout=15_000)
        assert (wall.errors, late.errors) == ([], [])

"""Pages that nobody touches: a source dies and returns, the server dies and returns."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import watched
from tests.browser.serve import Centre, running, small_chengdu, start, wait_until_filled

pytestmark = [pytest.mark.browser, pytest.mark.slow]

UNIT = "510129"  # 大邑县
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def outage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """While this file exists, 大邑县's system does not answer."""
    return tmp_path_factory.mktemp("outage") / "outage"


@pytest.fixture(scope="module")
def fragile(
    tmp_path_factory: pytest.TempPathFactory, outage: Path, filled: Path
) -> Iterator[Centre]:
    """A small Chengdu with one source that can be killed."""
    folder = tmp_path_factory.mktemp("fragile")
    pack = small_chengdu(folder)
    file = pack / "sources.d" / f"{UNIT}.toml"
    text = file.read_text("utf-8")
    file.write_text(
        text.replace("[connection]", f'[connection]\noutage_file = "{outage}"'), "utf-8"
    )
    with running(folder, filled, CITY=str(pack)) as centre:
        wait_until_filled(centre)
        yield centre


def _age(centre: Centre, seconds: float) -> None:
    """Let the source's last word be this old: the store forgets nothing, so it is told."""
    then = datetime.now(UTC) - timedelta(seconds=seconds)
    stamp = (then - _EPOCH) // timedelta(microseconds=1)
    with sqlite3.connect(Path(centre.env["STATE"]) / "chengdu.db", timeout=10) as store:
        store.execute(
            "UPDATE source SET watermark = ?, succeeded_at = ? WHERE id = ?", (stamp, stamp, UNIT)
        )
    store.close()


def _head(page: Page) -> str:
    return page.inner_text(".scene >> nth=0")


def test_a_source_that_dies_is_late_then_stale_then_down_and_comes_back_by_itself(
    browser: Browser, fragile: Centre, outage: Path
) -> None:
    with watched(browser, 1366, 768) as desk, watched(browser, 1920, 1080) as wall:
        desk.page.goto(f"{fragile.url}/district/{UNIT}")
        wall.page.goto(f"{fragile.url}/wall")
        received = desk.page.locator('[data-slot*="appeal.received.count"]').first
        expect(received).to_be_visible(timeout=20_000)
        outage.touch()
        desk.page.wait_for_timeout(3_000)  # an answer may still be on its way
        for seconds, state in ((100, "late"), (400, "stale"), (1200, "down")):
            _age(fragile, seconds)
            shown = received.locator(f'[data-state="{state}"]')
            expect(shown).to_be_visible(timeout=20_000)
        assert "—" in received.inner_text()
        expect(wall.page.locator("body")).to_contain_text("21/22", timeout=20_000)
        assert "大邑" in _head(wall.page)
        assert re.search(r"中断\s*\d+\s*分", _head(wall.page))
        outage.unlink()
        expect(received.locator('[data-state="live"]')).to_be_visible(timeout=120_000)
        expect(wall.page.locator("body")).to_contain_text("22/22", timeout=20_000)
        assert (desk.errors, wall.errors) == ([], [])


def test_an_open_wall_finds_a_restarted_server_by_itself(
    browser: Browser, fragile: Centre, tmp_path: Path
) -> None:
    with watched(browser, 1920, 1080) as seen:
        seen.page.goto(f"{fragile.url}/wall")
        seen.page.wait_for_selector("body[data-link=ok]", timeout=20_000)
        before = int(seen.page.get_attribute("body", "data-seq") or 0)
        fragile.stop()
        seen.page.wait_for_selector("body[data-link=lost]", timeout=60_000)
        assert "与服务器失联" in seen.page.inner_text("body")
        fragile.process = start(fragile.env, fragile.log).process
        seen.page.wait_for_selector("body[data-link=ok]", timeout=60_000)
        until = time.monotonic() + 20
        while int(seen.page.get_attribute("body", "data-seq") or 0) <= before:
            assert time.monotonic() < until, "no new snapshot reached the wall"
            seen.page.wait_for_timeout(200)


@pytest.mark.servers
def test_two_workers_over_redis_show_the_same_seq(tmp_path: Path, redis_url: str) -> None:
    pack = small_chengdu(tmp_path)
    with running(tmp_path, CITY=str(pack), REDIS_URL=redis_url, WEB_CONCURRENCY="2") as centre:
        seen: dict[int, int] = {}
        until = time.monotonic() + 60
        while len(seen) < 2 and time.monotonic() < until:
            health = centre.get("/healthz").json()
            if health["seq"]:
                seen[health["worker"]] = health["seq"]
        assert len(seen) == 2, f"only these workers answered: {seen}"
        for _ in range(20):
            first, second = _pair(centre)
            if first == second:
                return
        raise AssertionError(f"two workers differ: {first} and {second}")


def _pair(centre: Centre) -> tuple[int, int]:
    """The seq of each of two workers at nearly the same moment, after one has just changed."""
    seqs: dict[int, int] = {}
    while len(seqs) < 2:
        health = centre.get("/healthz").json()
        seqs[health["worker"]] = health["seq"]
    first, second = seqs.values()
    return first, second

"""The past in a browser: a page that stands still, a moment that is chosen, a film on the wall."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import watched
from tests.browser.layout import problems
from tests.browser.serve import Centre, running, small_chengdu

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOMENTS = 8
TWIN = "以表格查看"  # for keyboards and screen readers: seen when it has the focus


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory, filled: Path) -> Iterator[Centre]:
    """A small Chengdu that has published for a while."""
    folder: Path = tmp_path_factory.mktemp("past")
    with running(folder, filled, CITY=str(small_chengdu(folder))) as centre:
        until = time.monotonic() + 120
        while len(_moments(centre)) < MOMENTS:
            assert time.monotonic() < until, "nothing is archived"
            time.sleep(0.5)
        yield centre


def _moments(centre: Centre) -> list[int]:
    return [one["seq"] for one in centre.get("/api/v1/moments").json()["moments"]]


def _is_live(page: Page) -> None:
    expect(page.locator("[data-slot]").first).to_be_attached(timeout=20_000)
    page.wait_for_selector("body[data-seq]", state="attached", timeout=20_000)


def test_a_page_of_the_past_stands_still_leads_on_in_the_past_and_back_to_now(
    browser: Browser, past: Centre
) -> None:
    seq = _moments(past)[2]
    with watched(browser, 1366, 768) as seen:
        page = seen.page
        page.goto(f"{past.url}/?at={seq}")
        band = page.locator(".past-band")
        expect(band).to_contain_text(re.compile(r"截至 .*时的所知"), timeout=20_000)
        shown = page.locator("[data-past-slot]").first.inner_text()
        page.locator("nav a[href^='/district']").first.click()
        expect(page).to_have_url(re.compile(rf"/district\?at={seq}$"))
        expect(band).to_contain_text("时的所知")
        page.go_back()
        expect(page).to_have_url(re.compile(rf"/\?at={seq}$"))
        expect(page.locator("[data-past-slot]").first).to_have_text(shown, use_inner_text=True)
        assert page.get_attribute("body", "data-seq") is None  # nothing was streamed
        expect(page.locator('[data-dash-is-loading="true"]')).to_have_count(0)
        expect(page.get_by_text("Loading...")).to_have_count(0)
        assert [one for one in problems(page, wall=False) if TWIN not in one] == []
        band.get_by_text("回到现在").click()
        _is_live(page)
        expect(band).to_have_count(0)
        assert (seen.errors, seen.strangers) == ([], [])


def test_a_moment_is_chosen_at_the_desk_by_local_date_and_time(
    browser: Browser, past: Centre
) -> None:
    soon = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(minutes=1)
    with watched(browser, 1366, 768) as seen:
        page = seen.page
        page.goto(f"{past.url}/district")
        _is_live(page)
        page.get_by_text("回看", exact=True).click()
        page.locator(".past-form input[name=when]").fill(f"{soon:%Y-%m-%dT%H:%M}")
        page.get_by_role("button", name="看当时").click()
        expect(page).to_have_url(re.compile(r"/district\?at=\d+$"))
        expect(page.locator(".past-band")).to_contain_text("时的所知", timeout=20_000)
        assert seen.errors == []


def test_the_wall_plays_a_stretch_like_a_film(browser: Browser, past: Centre) -> None:
    moments = _moments(past)[:MOMENTS]
    stretch = f"from={moments[0]}&to={moments[-1]}"
    with watched(browser, 1920, 1080) as seen:
        page = seen.page
        page.goto(f"{past.url}/wall?{stretch}&speed=600")
        film = page.locator("#film")
        expect(film).to_have_attribute("data-state", "ended", timeout=60_000)
        expect(film).to_have_attribute("data-seq", str(moments[-1]), timeout=20_000)
        for key, place in (("Home", 0), ("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1)):
            page.keyboard.press(key)
            expect(film).to_have_attribute("data-seq", str(moments[place]))
            expect(film).to_have_attribute("data-state", "paused")
        page.keyboard.press("-")
        expect(page.locator(".film-rate")).to_have_text("300×")
        page.keyboard.press(" ")
        expect(film).to_have_attribute("data-state", re.compile("playing|ended"))
        page.keyboard.press("End")
        expect(film).to_have_attribute("data-seq", str(moments[-1]))
        line = page.get_by_role("slider", name="时间轴")
        line.fill("3")
        expect(film).to_have_attribute("data-seq", str(moments[3]))
        expect(page.locator(".film-bar time")).to_have_text(re.compile(r"^\d{4}-\d\d-\d\d \d\d:"))
        assert page.get_attribute("body", "data-seq") is None  # nothing was streamed
        assert (seen.errors, seen.strangers) == ([], [])
        page.get_by_text("回到现在").click()
        _is_live(page)
        expect(page.locator(".film-bar")).to_have_count(0)

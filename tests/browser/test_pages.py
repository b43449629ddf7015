"""Every page at every size in both languages, looked at by a machine before people look."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import watched
from tests.browser.layout import SIZES, problems
from tests.browser.serve import Centre

pytestmark = pytest.mark.browser

PAGES = {
    "wall": "/wall",
    "overview": "/",
    "district": "/district/510117",
    "cases": "/cases",
    "metric": "/metric/appeal.resolution_rate",
    "sources": "/sources",
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_and_quiet(
    browser: Browser, centre: Centre, name: str, size: tuple[int, int], lang: str
) -> None:
    with watched(browser, *size) as seen:
        seen.page.goto(f"{centre.url}{PAGES[name]}?lang={lang}")
        seen.page.wait_for_selector("[data-ready]", timeout=20_000)
        seen.page.wait_for_timeout(700)
        assert problems(seen.page, wall=name == "wall") == []
        assert seen.errors == []
        assert seen.strangers == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_case_page_is_whole_and_quiet(browser: Browser, centre: Centre, lang: str) -> None:
    case = centre.get("/api/v1/cases", limit="1").json()["cases"][0]
    for size in SIZES:
        with watched(browser, *size) as seen:
            seen.page.goto(f"{centre.url}/case/{case['id']}?lang={lang}")
            seen.page.wait_for_selector("[data-ready]", timeout=20_000)
            assert problems(seen.page, wall=False) == []
            assert (seen.errors, seen.strangers) == ([], [])


@pytest.mark.parametrize("size", [(320, 360), (420, 320), (390, 844)], ids=str)
def test_a_panel_is_whole_and_quiet_with_and_without_script(
    browser: Browser, centre: Centre, size: tuple[int, int]
) -> None:
    for script in (True, False):
        with watched(browser, *size, script=script) as seen:
            seen.page.goto(f"{centre.url}/embed/received_today")
            assert "演示数据" in seen.page.inner_text("body")
            if script:
                assert problems(seen.page, wall=False) == []
            assert (seen.errors, seen.strangers) == ([], [])

"""Every page at every size in both languages, looked at by a machine before people look."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import watched
from tests.browser.layout import SIZES, problems
from tests.browser.serve import Centre

pytestmark = pytest.mark.browser

PAGES = {
    "wall": "/wall",
    "overview": "/",
    "districts": "/district",
    "district": "/district/510117",
    "cases": "/cases",
    "metrics": "/metric",
    "metric": "/metric/appeal.resolution_rate",
    "sources": "/sources",
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_and_quiet(browser: Browser, centre: Centre, name: str, lang: str) -> None:
    _look(browser, f"{centre.url}{PAGES[name]}?lang={lang}", wall=name == "wall")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_case_page_is_whole_and_quiet(browser: Browser, centre: Centre, lang: str) -> None:
    case = centre.get("/api/v1/cases", limit="1").json()["cases"][0]
    address = quote(f"{case['source']}:{case['key']}")
    _look(browser, f"{centre.url}/case/{address}?lang={lang}", wall=False)


def _look(browser: Browser, url: str, *, wall: bool) -> None:
    """Open a page once and look at it at every size."""
    with watched(browser, *SIZES[0]) as seen:
        seen.page.goto(url)
        seen.page.wait_for_selector("[data-slot] *, main .case-head", timeout=30_000)
        found = {size: _at(seen.page, size, wall=wall) for size in SIZES}
        assert found == {size: [] for size in SIZES}
        assert (seen.errors, seen.strangers) == ([], [])


def _at(page: Page, size: tuple[int, int], *, wall: bool) -> list[str]:
    """What is wrong at a size once the drawings have followed it."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    # A narrow wall is read in the hand: there it scrolls, like everything on a telephone.
    still = wall and size[0] > size[1]
    found = ["not looked at"]
    for _ in range(10):
        page.wait_for_timeout(700)
        if not (found := problems(page, wall=still)):
            break
    return found


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

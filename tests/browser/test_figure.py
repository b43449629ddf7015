"""From a number on the desk to what stands behind it: by a click, and by its code typed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import watched
from tests.browser.layout import SIZES, problems
from tests.browser.serve import Centre

pytestmark = pytest.mark.browser

NUMBER = 'main a[href^="/figure/"][data-figure]:not([data-how]):visible'


def shown(page: Page) -> str:
    """The code of the page that is open, once it is drawn."""
    page.wait_for_selector(".figure-row .big .value", timeout=30_000)
    return page.url.split("/figure/")[1].split("?")[0]


def test_a_click_on_a_number_opens_what_is_behind_it(browser: Browser, centre: Centre) -> None:
    with watched(browser, *SIZES[0]) as seen:
        seen.page.goto(f"{centre.url}/?lang=zh")
        number = seen.page.locator(NUMBER).first
        number.wait_for(timeout=30_000)
        code = str(number.get_attribute("data-figure"))
        number.click()
        assert shown(seen.page) == code
        expect(seen.page.get_by_role("heading", name="来源与三个时间")).to_be_visible()
        told = centre.get(f"/api/v1/figures/{code}").json()
        assert told["id"] == code
        if told["cases"]:
            seen.page.locator("ul.behind a").first.click()
            expect(seen.page.locator(".case-list .note").first).to_contain_text(
                f"{told['cases'][0]['count']:,}", timeout=30_000
            )
        assert (seen.errors, seen.strangers) == ([], [])


def test_a_code_typed_at_the_desk_opens_its_page(browser: Browser, centre: Centre) -> None:
    value = centre.get("/api/v1/metrics/appeal.received.daily_avg/value").json()
    with watched(browser, *SIZES[0]) as seen:
        seen.page.goto(f"{centre.url}/metric?lang=en")
        seen.page.wait_for_selector("form[data-find] input", timeout=30_000)
        seen.page.keyboard.press("/")
        seen.page.keyboard.type(value["figure"].upper())
        seen.page.keyboard.press("Enter")
        assert shown(seen.page) == value["figure"]
        expect(seen.page.locator(".big .value").first).to_contain_text(str(int(value["value"]))[:1])
        assert (seen.errors, seen.strangers) == ([], [])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_is_whole_at_every_size(browser: Browser, centre: Centre, lang: str) -> None:
    code = centre.get("/api/v1/metrics/appeal.on_time_rate/value").json()["figure"]
    with watched(browser, *SIZES[0]) as seen:
        seen.page.goto(f"{centre.url}/figure/{code}?lang={lang}")
        shown(seen.page)
        for width, height in SIZES:
            seen.page.set_viewport_size({"width": width, "height": height})
            seen.page.wait_for_timeout(300)
            assert (width, problems(seen.page, wall=False)) == (width, [])
        assert (seen.errors, seen.strangers) == ([], [])

"""A city that is not calm: one centre down, one day partial, a note. Its numbers hold as well."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.crawler import LANGS, crawling
from tests.browser.serve import promise, running, small_chengdu
from tests.browser.trouble import NOTED, PAGES, trouble

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_city_in_trouble_shows_no_number_that_does_not_hold(
    browser: Browser, tmp_path: Path, filled: Path
) -> None:
    pack = small_chengdu(tmp_path)
    promise(pack, "30 min")
    state = trouble(pack, filled, tmp_path, datetime.now(UTC) - timedelta(hours=30))
    with (
        running(tmp_path, state, CITY=str(pack)) as centre,
        crawling(browser, centre, pack) as crawler,
    ):
        crawler.open("/?lang=zh")
        assert all(words in crawler.page.inner_text("main") for words in ("21/22", "大邑县"))
        crawler.open(f"/district/{NOTED}?lang=zh")
        assert crawler.page.locator(".note-mark").count() > 0
        found = crawler.walk((one, LANGS[number % 2]) for number, one in enumerate(PAGES))
        assert found == {}

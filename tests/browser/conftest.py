"""One Chromium and one filled centre for all browser tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import launch
from tests.browser.serve import Centre, running, small_chengdu, wait_until_filled


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """Chengdu with some 600 cases a day and its 35 days filled in."""
    folder: Path = tmp_path_factory.mktemp("centre")
    pack = small_chengdu(folder, each=25)
    with running(folder, CITY=str(pack)) as centre:
        wait_until_filled(centre)
        yield centre

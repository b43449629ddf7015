"""What every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import launch
from tests.faults.table import pytest_terminal_summary
from tests.mariadb import mariadb_url
from tests.servers import postgres_url, redis_url

__all__ = ["mariadb_url", "postgres_url", "pytest_terminal_summary", "redis_url"]

LONG = (
    "store/test_sqlite.py",
    "browser/test_every_number.py",
    "metrics/test_any_order.py",
    "browser/test_pages.py",
    "metrics/test_bulletins.py",
    "browser/test_trouble.py",
    "browser/test_stall.py",
    "store/test_postgresql.py",
    "browser/test_live.py",
    "metrics/test_known_then.py",
    "collector/test_many_kills.py",
    "faults/test_payloads.py",
    "faults/test_matrix.py",
)
"""Files of a minute and more, those that wait for a browser between those that compute."""

WHOLE = ("tests/collector/", "tests/docs/", "tests/pages/test_source_new.py")
"""Rooms whose tests run a collector or the commands of a manual: no unit is tested there alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long files: one that is left to the end leaves a core idle."""
    for item in items:
        if item.nodeid.startswith(WHOLE):
            item.add_marker("whole")
    place = {f"tests/{file}": number for number, file in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.nodeid.split("::")[0], len(LONG)))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real samples beside the checkout; they may not be copied into it."""
    folder = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
    assert folder.is_dir(), f"not there: {folder}; the samples of real cities belong there"
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless; ended with the module: its loop bars asyncio.run."""
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()

"""The pictures of the README, taken from a simulation: `python -m bench.screens FOLDER [URL]`."""

from __future__ import annotations

import sys
import tempfile
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import launch, watched
from tests.browser.serve import ROOT, Centre, running, wait_until_filled

SCREENS = {
    "wall": ("/wall", 1920, 1080),
    "wall-3840": ("/wall", 3840, 1080),
    "wall-en": ("/wall?lang=en", 1920, 1080),
    "desk": ("/", 1440, 900),
    "desk-en": ("/?lang=en", 1440, 900),
    "district": ("/district/510117", 1440, 900),
    "cases": ("/cases?status=overdue", 1440, 900),
    "metric": ("/metric/appeal.resolution_rate", 1440, 900),
    "sources": ("/sources", 1440, 900),
    "phone": ("/district/510117", 390, 844),
    "panel": ("/embed/received_today", 420, 330),
}


def main(folder: Path, url: str | None) -> None:
    """Take every picture; without a URL, from a centre of our own with its history filled in."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as state:
        browser = launch(playwright)
        with _centre(Path(state)) if url is None else nullcontext(None) as centre:
            if centre is not None:
                wait_until_filled(centre, seconds=900)
            for name, (path, width, height) in SCREENS.items():
                _take(browser, f"{url or centre.url}{path}", folder / f"{name}.png", width, height)


def _centre(state: Path) -> AbstractContextManager[Centre]:
    return running(state, CITY=str(ROOT / "conf" / "chengdu"))


def _take(browser: Browser, url: str, file: Path, width: int, height: int) -> None:
    with watched(browser, width, height) as seen:
        seen.page.goto(url)
        seen.page.wait_for_timeout(6_000)
        seen.page.screenshot(path=file)
        print(f"{file}  {seen.errors or ''}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)

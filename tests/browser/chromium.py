"""Chromium as these tests need it: headless, offline but for loopback, watched."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
]


def launch(playwright: Playwright) -> Browser:
    """Start Debian's Chromium; says what to install when it is not there."""
    found = shutil.which("chromium")
    assert found, "chromium is missing: as root on Debian, apt-get install chromium fonts-noto-cjk"
    return playwright.chromium.launch(executable_path=found, args=ARGS)


@dataclass
class Watched:
    """A page and all that went wrong on it: console errors and requests to other hosts."""

    page: Page
    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)


@contextlib.contextmanager
def watched(browser: Browser, width: int, height: int, *, script: bool = True) -> Iterator[Watched]:
    """A fresh page of this size that notes its errors."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=script
    )
    seen = Watched(context.new_page())

    def note_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            seen.errors.append(message.text)

    def note_request(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob", "about"} and parts.hostname != "127.0.0.1":
            seen.strangers.append(request.url)

    seen.page.on("console", note_console)
    seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
    seen.page.on("request", note_request)
    try:
        yield seen
    finally:
        context.close()

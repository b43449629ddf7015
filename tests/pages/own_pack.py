"""The application over a city pack of its own, whose source files a test may change."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from dash import Dash
from dash._pages import PAGE_REGISTRY

from app import create_app
from centre.live.runtime import runtime
from centre.settings import ROOT
from centre.snapshots.bus.memory import MemoryBus
from tests.pages.reading import text
from tests.pages.test_server import layout_of
from tests.web import client, settings


@dataclass(frozen=True)
class Own:
    """One application; `send` speaks to it, `sources` is its sources.d."""

    dash: Dash
    send: Callable[..., httpx.Response]
    sources: Path

    def page(self, path: str, search: str = "") -> str:
        """The words of a page."""
        answer = layout_of(self.send, path, search)
        return text(answer.json()["response"]["_pages_content"]["children"])

    def save(self, name: str, words: str | None) -> None:
        """Write a source file, or take it away, and have it looked at."""
        file = self.sources / name
        file.unlink(missing_ok=True)
        if words is not None:
            file.write_text(words, "utf-8")
        runtime().files.look(at_once=True)


@contextmanager
def own_pack(folder: Path, city: str = "chengdu", **changed: Any) -> Iterator[Own]:
    """Copy a pack and serve it; nobody collects."""
    pack = folder / city
    shutil.copytree(ROOT / "conf" / city, pack)
    PAGE_REGISTRY.clear()
    dash_app = create_app(replace(settings(folder), city_dir=pack, **changed), bus=MemoryBus())

    def send(method: str, path: str, **words: Any) -> httpx.Response:
        async def speak() -> httpx.Response:
            async with client(dash_app) as speaking:
                return await speaking.request(method, path, **words)

        return asyncio.run(speak())

    try:
        yield Own(dash=dash_app, send=send, sources=pack / "sources.d")
    finally:
        runtime().engine.dispose()

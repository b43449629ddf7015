"""A web process for tests: Chengdu's pack, panels and pages of the test, a bus that it may ring."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from dash import Dash, html
from dash._pages import PAGE_REGISTRY

from app import create_app
from centre.domain.places import Name
from centre.settings import ROOT, Settings
from centre.snapshots.bus.memory import MemoryBus
from centre.snapshots.cells import Address, Cell, Snapshot
from components.table import Table
from components.view import Panel, View

START = datetime(2026, 6, 17, 2, 30, tzinfo=UTC)

PAGE = """
import time
import anyio
from dash import Input, Output, callback, dcc, html, register_page
from centre.live.runtime import runtime
from components.slots import place

register_page(__name__, path="/wall", title="Wall")

def layout(lang="zh"):
    run = runtime()
    view = run.view(lang, surface="wall")
    return html.Main([
        html.H1(lang, id="said"),
        html.Time(**{"data-clock": "time"}, id="clock"),
        place(run.panels["count"], run.snapshot(), view),
        html.Button("b", id="b"), html.P(id="slow"), html.P(id="slow-async"),
        dcc.Link("unit", href="/unit/510104", id="go"),
    ])

@callback(Output("slow", "children"), Input("b", "n_clicks"), prevent_initial_call=True)
def slow(clicks):
    time.sleep(2)
    return f"slow {clicks}"

@callback(Output("slow-async", "children"), Input("b", "title"), prevent_initial_call=True)
async def slow_async(title):
    await anyio.to_thread.run_sync(time.sleep, 2)
    return f"async {title}"
"""

UNIT_PAGE = """
from dash import html, register_page
from centre.live.runtime import runtime

register_page(__name__, path_template="/unit/<code>", title="Unit",
              exists=lambda code: code in runtime().city.by_code)

def layout(code, lang="zh"):
    return html.H1(f"{code} {lang}")
"""


def snapshot(seq: int, count: float | None = None, at: datetime = START) -> Snapshot:
    """A moment in which `count` cases were received; seq seconds after START."""
    moment = at + timedelta(seconds=seq)
    cell = Cell(num=seq if count is None else count, as_of=moment, present=1, expected=1)
    cells = {Address("appeal.received.count", "city"): cell}
    return Snapshot(
        seq=seq, published_at=moment, city_now=moment, clock="now", cells=cells, total_days=35
    )


def number_panel(drawn: list[tuple[int, str]] | None = None) -> Panel:
    """A panel that shows the count, and notes each drawing in `drawn`."""

    def render(given: Snapshot, view: View) -> Any:
        if drawn is not None:
            drawn.append((given.seq, view.lang))
        return html.B(f"{given.cell('appeal.received.count').value:g}", title="<&>")

    def table(given: Snapshot, _: View) -> Table:
        shown = f"{given.cell('appeal.received.count').value:g}"
        return Table(columns=("of", "n"), rows=(("<city>", shown),))

    title = Name(zh="数", en="Number")
    return Panel(id="count", title=title, render=render, embeddable=True, table=table)


def _broken(_: Snapshot, __: View) -> Any:
    raise ValueError("this panel is wrong")


def panels() -> Mapping[str, Panel]:
    """One that counts, one that raises, one that is not for strangers."""
    name = Name(zh="坏", en="Broken")
    desk_only = Panel(id="inside", title=name, render=lambda *_: html.P("inside"))
    return {
        "count": number_panel(),
        "broken": Panel(id="broken", title=name, render=_broken, embeddable=True),
        "inside": desk_only,
    }


def settings(folder: Path, **changed: Any) -> Settings:
    """A process with its own empty store."""
    return Settings(
        city_dir=ROOT / "conf" / "chengdu",
        data_dir=None,
        state_dir=folder,
        database_url=f"sqlite:///{folder / 'test.db'}",
        redis_url=None,
        host="127.0.0.1",
        port=8050,
        workers=1,
        **changed,
    )


def make_app(folder: Path, bus: MemoryBus, **words: Any) -> Dash:
    """The application with the two pages above and nobody collecting."""
    pages = folder / "pages"
    pages.mkdir(exist_ok=True)
    (pages / "wall.py").write_text(PAGE, "utf-8")
    (pages / "unit.py").write_text(UNIT_PAGE, "utf-8")
    PAGE_REGISTRY.clear()
    return create_app(settings(folder), bus=bus, panels=panels(), pages=pages, **words)


@asynccontextmanager
async def client(dash_app: Dash) -> AsyncIterator[httpx.AsyncClient]:
    """Speak to the application in this event loop, with its lifespan running."""
    server = dash_app.server
    transport = httpx.ASGITransport(app=server)
    async with (
        server.router.lifespan_context(server),
        httpx.AsyncClient(transport=transport, base_url="http://test") as speaking,
    ):
        yield speaking

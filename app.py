"""create_app(settings) -> Dash on a FastAPI server. Wires rooms, holds no logic.

gunicorn -k asgi "app:serve()"      or, with everything around it: python -m centre run
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from threading import Event, Thread

import anyio
from dash import Dash
from fastapi import FastAPI

from centre import api
from centre.api.dash_backend import backend_for
from centre.api.headers import Headers
from centre.api.layouts import guard_layouts
from centre.api.site import INDEX, Site
from centre.api.squeeze import Squeeze
from centre.citypack.files import SourceFiles
from centre.citypack.load import load_city
from centre.live.build import build_id
from centre.live.hub import Hub
from centre.live.runtime import Runtime, provide
from centre.metrics.registry import of_city
from centre.settings import ROOT, Settings
from centre.snapshots.bus import Bus
from centre.snapshots.bus.choice import open_bus
from centre.store.engine import connect
from centre.store.migrations import upgrade
from components.panels import PANELS
from components.view import Panel
from datasources.kit.judge import judge

Collect = Callable[[Runtime, Event], None]
"""Runs until the event is set: the collector of a process that has no Redis."""

PAGES = ROOT / "pages"


def create_app(
    settings: Settings,
    *,
    bus: Bus | None = None,
    panels: Mapping[str, Panel] = PANELS,
    pages: Path = PAGES,
    collect: Collect | None = None,
) -> Dash:
    """Wire one web process. Without `collect` somebody else publishes on the bus."""
    run = wire(settings, bus, panels)
    server = FastAPI(
        title="Rongzhi 蓉治",
        version="1",
        docs_url=None,
        redoc_url=None,
        lifespan=lambda app: _lifespan(app, run, collect),
    )
    api.mount(server)
    provide(run)
    dash_app = _dash(server, run, pages)
    guard_layouts()
    _warm_up(dash_app)
    server.router.default = Site(dash_app, run.city, run.build)
    server.add_middleware(Squeeze)
    server.add_middleware(Headers, hashes=dash_app.csp_hashes(), tiles_url=settings.tiles_url)
    return dash_app


def serve() -> FastAPI:
    """What gunicorn serves, after the environment; collects by itself when there is no Redis."""
    settings = Settings.from_env(os.environ)
    dash_app = create_app(settings, collect=None if settings.redis_url else _collect)
    server: FastAPI = dash_app.server
    return server


def wire(settings: Settings, bus: Bus | None, panels: Mapping[str, Panel]) -> Runtime:
    """Read the city pack, open store and bus; raises BadPack, BadVersions and BadUrl."""
    city = load_city(settings.city_dir)
    metrics = of_city(city)
    engine = connect(settings.database_url)
    upgrade(engine)
    bus, build = bus or open_bus(settings.redis_url, city.id), build_id(ROOT)
    return Runtime(
        settings=settings,
        city=city,
        files=SourceFiles(settings.city_dir, city, judge(city, settings.data_dir)),
        metrics=metrics,
        panels=panels,
        engine=engine,
        bus=bus,
        hub=Hub(bus, panels, city, metrics, build=build),
        build=build,
    )


def _dash(server: FastAPI, run: Runtime, pages: Path) -> Dash:
    return Dash(
        "app",
        backend=backend_for(server),
        use_pages=True,
        pages_folder=str(pages),
        assets_folder=str(ROOT / "assets"),
        assets_ignore=r"^embed\.",  # of /embed, which knows no Dash
        assets_path_ignore=["vendor"],  # loaded when the first graph is drawn: api/graphs.py
        serve_locally=True,
        # On purpose: without it every page's layout is drawn into the index of each page.
        suppress_callback_exceptions=True,
        enable_mcp=False,  # an environment variable alone would open it
        include_pages_meta=False,
        index_string=INDEX,
        title=run.city.title.zh,
        update_title=None,  # type: ignore[arg-type]  # a wall's title does not flicker
        add_log_handler=False,
    )


def _warm_up(dash_app: Dash) -> None:
    """Do what Dash does at its first request: the first parallel ones would race for it.

    After this the pages router is registered and the hashes of inline scripts are complete.
    """
    for prepare in dash_app.backend._before_request_funcs:  # type: ignore[attr-defined]
        prepare()


@asynccontextmanager
async def _lifespan(server: FastAPI, run: Runtime, collect: Collect | None) -> AsyncIterator[None]:
    with _collecting(run, collect):
        async with anyio.create_task_group() as group:
            group.start_soon(run.hub.run)
            group.start_soon(_end_streams, server, run.hub)
            try:
                yield
            finally:
                run.hub.close()
                group.cancel_scope.cancel()
                run.bus.close()


async def _end_streams(server: FastAPI, hub: Hub) -> None:
    """End the streams when the worker is told to stop: it waits for open connections first."""
    while getattr(server.state, "is_serving", _always)():
        await anyio.sleep(0.2)
    hub.close()


def _collect(run: Runtime, stop: Event) -> None:
    # Here, because a worker beside Redis collects nothing and needs none of it.
    from centre.collector.service import Collector  # noqa: PLC0415

    Collector(run.settings, run.city, run.sources, run.bus, look=run.files.look).run(stop)


def _always() -> bool:
    return True


@contextmanager
def _collecting(run: Runtime, collect: Collect | None) -> Iterator[None]:
    """Run the collector in a thread beside the event loop; stop it cleanly."""
    if collect is None:
        yield
        return
    stop = Event()
    thread = Thread(target=collect, args=(run, stop), name="collector", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)

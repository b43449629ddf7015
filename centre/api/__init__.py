"""Everything that speaks HTTP beside the pages: routes, errors, and what wraps all answers.

gunicorn ─> headers ─> squeeze ─> FastAPI ─┬─> routers: health metrics cases sources push …
                                          ├─> Dash: callbacks (dash_backend), its bundles
                                          └─> site: a page's index, else 404
"""

from __future__ import annotations

from fastapi import FastAPI

from centre.api import (
    cases,
    embed,
    errors,
    export,
    export_metric,
    figures,
    find,
    graphs,
    health,
    metrics,
    past,
    push,
    sources,
    stream,
    twins,
)

_ROUTERS = (
    health.router,
    metrics.router,
    cases.router,
    figures.router,
    find.router,
    sources.router,
    push.router,
    export.router,
    export_metric.router,
    past.router,
    stream.router,
    embed.router,
    twins.router,
    graphs.router,
)


def mount(server: FastAPI) -> None:
    """Put all routes on a server, before Dash adds its own."""
    errors.install(server)
    for router in _ROUTERS:
        server.include_router(router)

"""What no route has answered: the index of a page, or 404 for what is neither page nor route."""

from __future__ import annotations

from html import escape

import anyio.to_thread
from dash import Dash
from dash.backends._fastapi import reset_current_request, set_current_request
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from centre.api.errors import answer
from centre.api.layouts import BACK, NOT_THERE, exists, path_words
from centre.domain.places import City, Name
from centre.live.language import HTML_LANG, LANG_COOKIE, lang_among
from centre.settings import ROOT

INDEX = """<!DOCTYPE html>
<html lang="{lang}" data-page="{page}" data-build="{build}"
 data-zone="{zone}" data-clock="{clock}" data-theme="{theme}">
<head>
{%metas%}
<meta name="color-scheme" content="light dark">
<title>{title}</title>
{%favicon%}
{%css%}
</head>
<body data-link="ok">
{%app_entry%}
<noscript>{noscript}</noscript>
<footer hidden>{%config%}{%scripts%}{%renderer%}</footer>
</body>
</html>"""

_NOSCRIPT = Name(
    zh="此页面需要 JavaScript。单个面板可不用脚本查看：/embed/",
    en="This page needs JavaScript. Single panels work without it: /embed/",
)

_NOT_FOUND = """<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>404 · {title}</title>
<style>body{{font:16px/1.6 system-ui,"Noto Sans CJK SC",sans-serif;max-width:36rem;margin:20vh auto;
padding:0 24px}}h1{{font-size:1.5rem;font-weight:600}}code{{overflow-wrap:anywhere}}</style>
</head><body>
<p>404</p><h1>{words}</h1><p><code>{path}</code></p><p><a href="/?lang={short}">{back}</a></p>
</body></html>"""


def lang_of(request: Request) -> str:
    """The language a request asks for: ?lang=, else the cookie, else Chinese."""
    return lang_among(request.query_params.get("lang"), request.cookies.get(LANG_COOKIE))


def _icon() -> Response:
    kept = {"cache-control": "public, max-age=86400"}
    return FileResponse(ROOT / "assets" / "favicon.ico", headers=kept, media_type="image/x-icon")


class Site:
    """An ASGI application, the last one asked."""

    def __init__(self, dash_app: Dash, city: City, build: str) -> None:
        self._dash, self._city, self._build = dash_app, city, build
        self._index = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a page's index or 404; a websocket is refused."""
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 4404})
            return
        request = Request(scope, receive)
        response = await self._respond(request)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        path = request.url.path
        if path == "/api" or path.startswith("/api/"):
            return answer(404, "not_found", f"there is no {path[:200]}", "see /openapi.json")
        if path == "/favicon.ico":  # where browsers look when a page names no icon: /embed, 404
            return _icon()
        if not await self._exists(request):
            return self._not_found(request)
        if request.method not in ("GET", "HEAD"):
            return PlainTextResponse("GET only", 405, {"allow": "GET, HEAD"})
        return self._page(request)

    async def _exists(self, request: Request) -> bool:
        """Whether there is such a page for who asks: a page knows its session by the request."""
        token = set_current_request(request)
        try:
            return await anyio.to_thread.run_sync(exists, *path_words(request.url.path))
        finally:
            reset_current_request(token)

    def _page(self, request: Request) -> Response:
        lang = lang_of(request)
        filled = self._index or self._draw_index(request)
        for key, value in {
            "lang": HTML_LANG[lang],
            "page": request.url.path.strip("/").split("/")[0] or "desk",
            "build": self._build,
            "zone": self._city.zone,
            "clock": self._city.clock,
            # Chosen at the desk and kept by assets/desk.js: said here, no page flashes light.
            "theme": "dark" if request.cookies.get("theme") == "dark" else "light",
            "title": self._city.title.of(lang),
            "noscript": _NOSCRIPT.of(lang),
        }.items():
            filled = filled.replace(f"{{{key}}}", escape(value), 1)
        return HTMLResponse(filled, headers={"cache-control": "no-cache", "vary": "cookie"})

    def _draw_index(self, request: Request) -> str:
        """Dash's index, drawn once: nothing in it depends on the request."""
        token = set_current_request(request)
        try:
            # Dash's own word for "not yet"; the page is dark or light already, and soon there
            self._index = self._dash.index().replace("Loading...", "", 1)
        finally:
            reset_current_request(token)
        return self._index

    def _not_found(self, request: Request) -> Response:
        lang = lang_of(request)
        if "text/html" not in request.headers.get("accept", "text/html"):
            return PlainTextResponse("404 not found\n", 404)
        page = _NOT_FOUND.format(
            lang=HTML_LANG[lang],
            short=lang,
            title=escape(self._city.title.of(lang)),
            words=NOT_THERE.of(lang),
            path=escape(request.url.path[:200]),
            back=BACK.of(lang),
        )
        return HTMLResponse(page, 404, {"cache-control": "no-store"})

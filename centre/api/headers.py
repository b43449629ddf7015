"""Security headers on every answer, as a pure ASGI middleware."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)


def content_policy(hashes: Sequence[str], tiles_url: str | None, *, framed: bool) -> bytes:
    """The Content-Security-Policy. Styles may stand inline: React, plotly and Leaflet set them.

    `hashes` are those of Dash's inline scripts; there is no 'unsafe-inline' and no 'unsafe-eval'.
    """
    tiles = urlsplit(tiles_url or "")
    tile_host = f" {tiles.scheme}://{tiles.netloc.replace('{s}', '*')}" if tiles.netloc else ""
    scripts = " ".join(("'self'", *hashes))
    ancestors = "*" if framed else "'none'"
    parts = (
        "default-src 'none'",
        f"script-src {scripts}",
        "style-src 'self' 'unsafe-inline'",
        f"img-src 'self' data: blob:{tile_host}",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        f"frame-ancestors {ancestors}",
    )
    return "; ".join(parts).encode()


class Headers:
    """Adds them. /embed may be framed by anybody: that is what it is for; nothing else may."""

    def __init__(self, app: ASGIApp, *, hashes: Sequence[str], tiles_url: str | None) -> None:
        self.app = app
        closed = content_policy(hashes, tiles_url, framed=False)
        framed = content_policy((), None, framed=True)
        self._closed = (
            *_ALWAYS,
            (b"content-security-policy", closed),
            (b"x-frame-options", b"DENY"),
            (b"cross-origin-resource-policy", b"same-origin"),
        )
        self._framed = (
            *_ALWAYS,
            (b"content-security-policy", framed),
            (b"cross-origin-resource-policy", b"cross-origin"),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, adding headers to the start of an answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        added = self._framed if scope["path"].startswith("/embed/") else self._closed

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        await self.app(scope, receive, with_headers)

"""A real HTTP server on 127.0.0.1, whose routes are functions."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, kw_only=True)
class Question:
    """What was asked."""

    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What is answered."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Route = Callable[[Question], Reply]


def as_json(value: Any, status: int = 200, **headers: str) -> Reply:
    """A value as JSON."""
    kind = {"Content-Type": "application/json; charset=utf-8"}
    body = json.dumps(value, ensure_ascii=False).encode()
    return Reply(body=body, status=status, headers={**kind, **headers})


def packed(reply: Reply) -> Reply:
    """The same, as gzip."""
    headers = {**reply.headers, "Content-Encoding": "gzip"}
    return Reply(body=gzip.compress(reply.body), status=reply.status, headers=headers)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A caller that broke off is none of our business."""


class Service:
    """Answers by path; every question is kept. Routes may be changed while it runs."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.asked: list[Question] = []
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.port = int(self._server.server_address[1])
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def url(self, path: str = "/") -> str:
        """An address of this server."""
        return f"http://127.0.0.1:{self.port}{path}"

    def close(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, question: Question) -> Reply:
        """The reply of a route; 404 without one."""
        self.asked.append(question)
        route = self.routes.get(question.path)
        return route(question) if route else Reply(status=404, body=b"no such path")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                parts = urlsplit(self.path)
                question = Question(
                    path=parts.path,
                    params=dict(parse_qsl(parts.query, keep_blank_values=True)),
                    headers={name.lower(): value for name, value in self.headers.items()},
                    body=self.rfile.read(size),
                )
                reply = service.answer(question)
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            do_POST = do_GET

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


@contextmanager
def serving() -> Iterator[Service]:
    """A server for the length of a block."""
    service = Service()
    try:
        yield service
    finally:
        service.close()

"""A server and two adapters of the rig's own: one that keeps its budget, one that does not.

The good one shows that a cell can be green, the bad one that it can be red. Asked for
"<world> <row>", the server answers with the length of what follows and rows as JSON lines.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any, ClassVar

from centre.domain.sources import SourceConfig
from datasources.source import Batch, Malformed, Surroundings, Unavailable, foreign_cursor
from tests.faults.world import Row, source

_HEAD = 12


class Lines:
    """Asks its budget before every wait, and knows when an answer is whole."""

    adapter: ClassVar[str] = "lines"
    connection_keys: ClassVar[Mapping[str, str]] = {"port": "of the server", "world": "which"}

    def __init__(self, config: SourceConfig, around: Surroundings) -> None:
        self._config, self._budget = config, around.budget

    def fetch(self, cursor: Mapping[str, Any] | None, now: datetime) -> Iterator[Batch]:
        if cursor is not None and set(cursor) != {"row"}:
            raise foreign_cursor(self._config, cursor)
        first = cursor["row"] if cursor else 0
        rows = self._rows(self._answer(first))
        yield Batch(rows=rows, cursor={"row": first + len(rows)}, watermark=now)

    def settle(self, cursor: Mapping[str, Any]) -> None:
        """Nothing waits for us."""

    def _answer(self, first: int) -> bytes:
        asked = f"{self._config.connection['world']} {first}\n".encode()
        where = ("127.0.0.1", self._config.connection["port"])
        try:
            with socket.create_connection(where, timeout=self._budget.left()) as wire:
                wire.sendall(asked)
                head = self._read(wire, _HEAD)
                if not head.strip().isdigit():
                    raise Malformed(f"the answer begins with {head[:20]!r}, not with its length")
                return self._read(wire, int(head))
        except OSError as error:
            raise Unavailable(f"the server of lines does not answer: {error}") from error

    def _read(self, wire: socket.socket, count: int) -> bytes:
        parts: list[bytes] = []
        while (left := count - sum(map(len, parts))) > 0:
            wire.settimeout(self._budget.left())
            parts.append(wire.recv(min(left, 65536)))
            self._budget.take(len(parts[-1]))
            if not parts[-1]:
                raise Malformed(f"the answer ended {left} bytes too early")
        return b"".join(parts)

    def _rows(self, body: bytes) -> list[Row]:
        try:
            rows = [json.loads(line) for line in body.decode().split("\n") if line.strip()]
        except (ValueError, RecursionError) as error:
            raise Malformed(f"not JSON: {type(error).__name__}") from error
        if not all(isinstance(one, dict) for one in rows):
            raise Malformed("a line is no JSON object")
        return rows


class Careless(Lines):
    """Takes each single read for the whole wait, and what came for the whole answer."""

    def _read(self, wire: socket.socket, count: int) -> bytes:
        parts = [b""]
        while (left := count - sum(map(len, parts))) > 0:
            wire.settimeout(5)
            parts.append(wire.recv(left))
            if not parts[-1]:
                break
        return b"".join(parts)

    def _rows(self, body: bytes) -> list[Row]:
        rows = []
        for line in body.decode(errors="replace").split("\n"):
            try:
                rows.append(json.loads(line))
            except ValueError:
                continue
        return rows


class _Server(ThreadingTCPServer):
    allow_reuse_address, daemon_threads = True, True
    request_queue_size = 64


class LinesUpstream:
    """The server, with a list of rows for each number."""

    def __init__(self) -> None:
        self.secrets: Mapping[str, str] = {}
        self._rows: dict[int, list[Row]] = {}
        self._bodies: dict[int, bytes] = {}
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.port = int(self._server.server_address[1])
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def config(self, number: int, port: int) -> SourceConfig:
        return source("lines", number, {"port": port, "world": number})

    def put(self, number: int, rows: Sequence[Row]) -> None:
        self._rows.setdefault(number, []).extend(rows)

    def serve(self, number: int, body: bytes) -> None:
        self._bodies[number] = body

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _body(self, number: int, first: int) -> bytes:
        if number in self._bodies:
            return self._bodies[number]
        rows = self._rows.get(number, [])[first:]
        return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows).encode()

    def _handler(self) -> type[StreamRequestHandler]:
        upstream = self

        class Answer(StreamRequestHandler):
            def handle(self) -> None:
                words = self.rfile.readline().split()
                if len(words) == 2:
                    body = upstream._body(*map(int, words))
                    self.wfile.write(str(len(body)).encode().ljust(_HEAD) + body)

        return Answer


@contextmanager
def serving() -> Iterator[LinesUpstream]:
    upstream = LinesUpstream()
    try:
        yield upstream
    finally:
        upstream.close()

"""A web service of JSON, turned page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from centre.domain.sources import SourceConfig
from tests.datasources.service import Question, Reply, Service, as_json, serving
from tests.faults.world import Row, World, source

_SIZE = 50


class RestUpstream:
    """A server with a list for each number at /<number>."""

    def __init__(self, service: Service) -> None:
        self.secrets: Mapping[str, str] = {"RIG_TOKEN": "geheim"}
        self.port, self._service = service.port, service
        self._rows: dict[int, list[Row]] = {}

    def config(self, number: int, port: int) -> SourceConfig:
        connection = {
            "url": f"http://127.0.0.1:{port}/{number}",
            "rows": "items",
            "auth": {"kind": "token", "token": {"env": "RIG_TOKEN"}},
            "pages": {"kind": "page", "size": _SIZE},
        }
        return source("rest", number, connection)

    def put(self, number: int, rows: Sequence[Row]) -> None:
        self._rows.setdefault(number, []).extend(rows)
        self._service.routes[f"/{number}"] = lambda question: self._page(number, question)

    def serve(self, number: int, body: bytes) -> None:
        listed = b'{"items":[' + b",".join(body.split(b"\n")) + b"]}"
        reply = Reply(body=listed, headers={"Content-Type": "application/json"})
        end = as_json({"items": []})
        self._service.routes[f"/{number}"] = lambda q: reply if q.params["page"] == "1" else end

    def _page(self, number: int, question: Question) -> Reply:
        start = (int(question.params["page"]) - 1) * _SIZE
        return as_json({"items": self._rows[number][start : start + _SIZE]})


@contextmanager
def _open() -> Iterator[RestUpstream]:
    with serving() as service:
        yield RestUpstream(service)


WORLD = World(name="rest", open=_open, payloads="json")

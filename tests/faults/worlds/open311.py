"""A service of GeoReport v2 in XML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from centre.domain.sources import SourceConfig
from tests.datasources.georeport import SERVICES, as_xml
from tests.datasources.service import Reply, Service, serving
from tests.faults.world import Row, World, source


class Open311Upstream:
    """A server with an endpoint for each number at /<number>."""

    def __init__(self, service: Service) -> None:
        self.secrets: Mapping[str, str] = {}
        self.port, self._service = service.port, service
        self._rows: dict[int, list[dict[str, Any]]] = {}

    def config(self, number: int, port: int) -> SourceConfig:
        connection = {"url": f"http://127.0.0.1:{port}/{number}", "format": "xml"}
        return source("open311", number, connection)

    def put(self, number: int, rows: Sequence[Row]) -> None:
        self._rows.setdefault(number, []).extend(map(_request, rows))
        found = self._rows[number]
        self._service.routes[f"/{number}/services.xml"] = lambda _: as_xml("service", SERVICES)
        self._service.routes[f"/{number}/requests.xml"] = lambda _: as_xml("request", found)

    def serve(self, number: int, body: bytes) -> None:
        listed = body.replace(b"rows>", b"service_requests>").replace(b"<row ", b"<request ")
        listed = listed.replace(b"</row>", b"</request>")
        reply = Reply(body=listed, headers={"Content-Type": "text/xml"})
        self._service.routes[f"/{number}/services.xml"] = lambda _: as_xml("service", SERVICES)
        self._service.routes[f"/{number}/requests.xml"] = lambda _: reply


def _request(row: Row) -> dict[str, Any]:
    """A row of the rig with what every request has beside it."""
    return {
        **row,
        "service_request_id": row.get("key"),
        "status": "open",
        "service_code": "006",
        "requested_datetime": datetime.now(UTC).isoformat(),
    }


@contextmanager
def _open() -> Iterator[Open311Upstream]:
    with serving() as service:
        yield Open311Upstream(service)


WORLD = World(name="open311", open=_open, payloads="xml")

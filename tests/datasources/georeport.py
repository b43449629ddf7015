"""A service that keeps GeoReport v2: requests by windows, 1000 at most, in JSON or XML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

from tests.datasources.service import Question, Reply, Service, as_json

START = datetime(2026, 6, 1, tzinfo=UTC)
SERVICES = [
    {"service_code": "006", "service_name": "井盖", "group": "道路", "type": "realtime"},
    {"service_code": "007", "service_name": "路灯", "group": "照明", "type": "realtime"},
]
FIELDS = {
    "key": "service_request_id",
    "received_at": "requested_datetime",
    "closed_at": "closed_datetime",
    "title": "service_name",
}


def request(number: int) -> dict[str, Any]:
    """A request, one each ten minutes; every third is closed."""
    at = START + timedelta(minutes=10 * number)
    updated = at + timedelta(hours=2)
    return {
        "service_request_id": f"{1000 + number}",
        "status": "closed" if number % 3 == 0 else "open",
        "service_code": "006",
        "requested_datetime": at.isoformat(),
        "updated_datetime": updated.isoformat(),
        "lat": 30.6,
        "long": 104.0,
    }


class GeoReport:
    """The routes; `rows` may change while it serves."""

    def __init__(self, service: Service, rows: Iterable[dict[str, Any]], most: int = 1000) -> None:
        self.rows, self.most, self.service = list(rows), most, service
        for form, write in (("json", lambda _, rows: as_json(rows)), ("xml", as_xml)):
            service.routes[f"/v2/services.{form}"] = lambda _, w=write: w("service", SERVICES)
            service.routes[f"/v2/requests.{form}"] = lambda q, w=write: w(
                "request", self._requests(q)
            )
            for row in self.rows:
                path = f"/v2/requests/{row['service_request_id']}.{form}"
                service.routes[path] = lambda q, w=write: self._one(q, w)

    def _requests(self, question: Question) -> list[dict[str, Any]]:
        params = question.params
        rows = self._within(params, "start_date", "end_date", "requested_datetime")
        if "updated_after" in params:
            rows = self._within(params, "updated_after", "updated_before", "updated_datetime")
        rows = sorted(rows, key=lambda row: row["requested_datetime"], reverse=True)
        size, page = int(params.get("page_size", self.most)), int(params.get("page", 1))
        return rows[(page - 1) * size : page * size]

    def _one(
        self, question: Question, write: Callable[[str, list[dict[str, Any]]], Reply]
    ) -> Reply:
        """The request of that number, as long as it is there."""
        number = question.path.rpartition("/")[2].rpartition(".")[0]
        found = [row for row in self.rows if row["service_request_id"] == number]
        return write("request", found) if found else as_json([{"code": 404}], 404)

    def _within(
        self, params: Mapping[str, str], after: str, before: str, name: str
    ) -> list[dict[str, Any]]:
        start = datetime.fromisoformat(params.get(after, "0001-01-01T00:00:00Z"))
        end = datetime.fromisoformat(params.get(before, "9999-01-01T00:00:00Z"))
        return [row for row in self.rows if start <= datetime.fromisoformat(row[name]) <= end]


def _text(value: Any) -> str:
    return "" if value is None else escape(str(value))


def as_xml(name: str, rows: list[dict[str, Any]]) -> Reply:
    """Rows as XML."""
    root = {"service": "services", "request": "service_requests"}[name]
    inside = "".join(
        f"<{name}>{''.join(f'<{k}>{_text(v)}</{k}>' for k, v in row.items())}</{name}>"
        for row in rows
    )
    text = f'<?xml version="1.0" encoding="utf-8"?>\n<{root}>{inside}</{root}>'
    return Reply(body=text.encode(), headers={"Content-Type": "text/xml; charset=utf-8"})

"""A service with tickets as web services give them: whole, or page by page in four manners."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.datasources.service import Question, Reply, Service, as_json

START = datetime(2026, 6, 1, tzinfo=UTC)
FIELDS = {"key": "id", "received_at": "created", "closed_at": "closed", "title": "text"}


def ticket(number: int, changed: datetime | None = None) -> dict[str, Any]:
    """A ticket, one a minute."""
    at = START + timedelta(minutes=number)
    return {
        "id": f"T-{number}",
        "created": at.isoformat(),
        "changed": (changed or at).isoformat(),
        "closed": None,
        "text": f"路灯不亮，第{number}盏",
    }


class Tickets:
    """What stands behind the routes; `rows` may be changed while it serves."""

    def __init__(self, service: Service, rows: Iterable[dict[str, Any]]) -> None:
        self.rows, self.service = list(rows), service
        for path, route in {
            "/all": self._all,
            "/page": self._page,
            "/offset": self._offset,
            "/cursor": self._cursor,
            "/link": self._link,
        }.items():
            service.routes[path] = route

    def _since(self, question: Question) -> list[dict[str, Any]]:
        since = datetime.fromisoformat(question.params.get("since", "0001-01-01T00:00:00+00:00"))
        found = (row for row in self.rows if datetime.fromisoformat(row["changed"]) >= since)
        return sorted(found, key=lambda row: (row["changed"], row["id"]))

    def _all(self, question: Question) -> Reply:
        return as_json(self._since(question))

    def _page(self, question: Question) -> Reply:
        rows, size = self._since(question), int(question.params["page_size"])
        start = (int(question.params["page"]) - 1) * size
        return as_json({"data": {"items": rows[start : start + size], "total": len(rows)}})

    def _offset(self, question: Question) -> Reply:
        start, size = int(question.params["offset"]), int(question.params["limit"])
        return as_json({"items": self._since(question)[start : start + size]})

    def _cursor(self, question: Question) -> Reply:
        rows, start = self._since(question), int(question.params.get("cursor", "0"))
        end = start + int(question.params["limit"])
        following = str(end) if end < len(rows) else None
        return as_json({"items": rows[start:end], "meta": {"next": following}})

    def _link(self, question: Question) -> Reply:
        rows, start = self._since(question), int(question.params.get("start", "0"))
        end, since = start + 10, question.params.get("since")
        more = f"/link?start={end}" + (f"&since={since.replace('+', '%2B')}" if since else "")
        headers = {"Link": f'<{more}>; rel="next"'} if end < len(rows) else {}
        return as_json(rows[start:end], 200, **headers)

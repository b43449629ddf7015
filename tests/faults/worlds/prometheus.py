"""A server that answers as Prometheus does: each row is a series with its words as labels."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from centre.domain.sources import SourceConfig
from datasources.prometheus import Prometheus
from datasources.source import Batch
from tests.datasources.service import Question, Reply, Service, as_json, serving
from tests.faults.world import FIELDS, Row, World, source

_MAP = {name: replace(one, column=f"labels.{one.column}") for name, one in FIELDS.items()}


class Timed(Prometheus):
    """Asks by the real clock: the rig's stands still, and without new steps nothing is asked."""

    def fetch(self, cursor: Mapping[str, Any] | None, now: datetime) -> Iterator[Batch]:
        yield from super().fetch(cursor, datetime.now(UTC))


class PrometheusUpstream:
    """A server with a Prometheus for each number at /<number>."""

    def __init__(self, service: Service) -> None:
        self.secrets: Mapping[str, str] = {}
        self.port, self._service = service.port, service
        self._series: dict[int, list[dict[str, Any]]] = {}

    def config(self, number: int, port: int) -> SourceConfig:
        connection = {
            "url": f"http://127.0.0.1:{port}/{number}",
            "step": 1,
            "delay": 0,
            "back": "1 min",
            "queries": [{"series": "rig", "query": "rig"}],
        }
        return source("prometheus", number, connection, fields=_MAP)

    def put(self, number: int, rows: Sequence[Row]) -> None:
        at = int(time.time()) + 1  # of a step that nobody has asked for yet
        found = self._series.setdefault(number, [])
        found.extend({"metric": dict(row), "values": [[at, "1"]]} for row in rows)
        self._route(number, lambda question: _answer(question, found))

    def _route(self, number: int, route: Any) -> None:
        for what in ("query", "query_range"):
            self._service.routes[f"/{number}/api/v1/{what}"] = route


def _answer(question: Question, series: list[dict[str, Any]]) -> Reply:
    """The series that have a sample within the span asked for."""
    given = question.params
    start = float(given.get("start", given.get("time", "0")))
    end = float(given.get("end", given.get("time", "0")))
    found = [one for one in series if start <= one["values"][0][0] <= end]
    return as_json({"status": "success", "data": {"resultType": "matrix", "result": found}})


@contextmanager
def _open() -> Iterator[PrometheusUpstream]:
    with serving() as service:
        yield PrometheusUpstream(service)


_LABELS = "labels of a series are no columns: what nobody maps is not looked at"
_UNREAD = ("added text", "added number", "gone, unread", "retyped, unread")
WORLD = World(
    name="prometheus",
    open=_open,
    adapter=Timed,
    no_drifts=dict.fromkeys(
        ("added text", "added number", "gone, unread", "retyped, unread"), _LABELS
    ),
)

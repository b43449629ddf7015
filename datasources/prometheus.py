"""Prometheus: the answers of its queries as readings, one for each series and step.

A query is evaluated at whole steps of time, so that asking twice gives the same moments. "range"
reads every step since the last turn, in pieces that Prometheus answers; "instant" only the newest
one. A value that is no number (NaN, 0/0) is a missing one: it gives no reading.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from centre.domain.sources import SourceConfig
from datasources.source import Batch, Malformed, SourceError, Surroundings, foreign_cursor
from datasources.web import client
from datasources.web.body import Row, json_of, select
from datasources.web.client import Answer, Client, judge, shown, with_params
from datasources.web.keys import Keys

_CURSOR = {"until"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Query:
    """One query and what its readings are called. `unit`, `key`: names of labels, "" for none."""

    series: str
    query: str
    unit: str
    key: str


class Prometheus:
    """The queries of one server."""

    adapter: ClassVar[str] = "prometheus"
    connection_keys: ClassVar[Mapping[str, str]] = {
        "url": "address of the server, without /api",
        "kind": '"range" reads every step since the last turn, "instant" the newest one (range)',
        "step": "distance of two readings (1 min)",
        "delay": "how long a server needs until a step is complete (30 s)",
        "back": "by range: how far back to begin the first time (1 d)",
        "steps_at_once": "steps that one question asks for; Prometheus refuses above 11000 (1000)",
        "queries": "what to ask, a list of tables:",
        "queries.series": "name of the readings",
        "queries.query": "in PromQL",
        "queries.unit_label": "label that names the unit (the unit of the source)",
        "queries.key_label": "label that tells readings of one unit and moment apart",
        **client.CONNECTION_KEYS,
    }

    def __init__(self, config: SourceConfig, around: Surroundings) -> None:
        keys = Keys(config, around)
        self._config, self._client = config, Client(config, around)
        self._url = keys.text("url").rstrip("/")
        self._is_instant = keys.one_of("kind", ("range", "instant"), "range") == "instant"
        self._step = int(keys.seconds("step", 60.0))
        if self._step < 1:
            raise keys.wrong("step", "write a second or more")
        self._delay, self._back = keys.seconds("delay", 30.0), keys.seconds("back", 86_400.0)
        self._at_once = keys.whole("steps_at_once", 1000)
        self._queries = [_query(one) for one in keys.tables("queries")]

    def fetch(self, cursor: Mapping[str, Any] | None, now: datetime) -> Iterator[Batch]:
        """Yield the steps that are complete and not delivered yet."""
        if cursor is not None and set(cursor) != _CURSOR:
            raise foreign_cursor(self._config, cursor)
        end = self._on_grid(now.timestamp() - self._delay)
        first = self._first(cursor, end)
        start = first
        if start > end:  # nothing is due, but a server that is down must not look well
            self._asked("vector(1)", end, end)
        while start <= end:
            last = min(end, start + (self._at_once - 1) * self._step)
            rows = [row for one in self._queries for row in self._rows(one, start, last)]
            start = last + self._step
            yield self._batch(rows, first, last, end)

    def settle(self, cursor: Mapping[str, Any]) -> None:
        """Nothing waits for us."""

    def _first(self, cursor: Mapping[str, Any] | None, end: int) -> int:
        """The first step to ask for."""
        following = int(cursor["until"]) + self._step if cursor else None
        if self._is_instant:
            return end if following is None else max(end, following)
        return self._on_grid(end - self._back) if following is None else following

    def _on_grid(self, seconds: float) -> int:
        return int(seconds // self._step) * self._step

    def _batch(self, rows: list[Row], first: int, last: int, end: int) -> Batch:
        done = (last - first) // self._step + 1
        return Batch(
            rows=rows,
            cursor={"until": last},
            watermark=datetime.fromtimestamp(last, UTC) if last == end else None,
            filled=done,
            total=(end - first) // self._step + 1,
            fill_unit="steps",
            more=last < end,
        )

    def _rows(self, query: _Query, start: int, end: int) -> Iterator[Row]:
        found = self._asked(query.query, start, end)
        for series in found:
            labels = series.get("metric") or {}
            for at, value in _samples(series, self._url):
                yield {
                    "series": query.series,
                    "unit": labels.get(query.unit) if query.unit else None,
                    "key": labels.get(query.key) if query.key else None,
                    "at": datetime.fromtimestamp(at, UTC).isoformat(),
                    "value": value,
                    "labels": labels,
                }

    def _asked(self, query: str, start: int, end: int) -> list[Mapping[str, Any]]:
        """The series of an answer. One step is asked for as an instant, which costs less."""
        if start == end:
            what, params = "query", {"time": str(end)}
        else:
            span = {"start": str(start), "end": str(end), "step": str(self._step)}
            what, params = "query_range", span
        url = f"{self._url}/api/v1/{what}"
        answer = self._client.ask(with_params(url, {"query": query, **params}))
        if not 200 <= answer.status < 300:
            judge(answer, _told(answer))
        value = json_of(answer)
        found = select(value, "data.result")
        if select(value, "status") != "success" or not _is_series(found):
            kind = select(value, "data.resultType")
            raise Malformed(f"{shown(url)}: no series in the answer ({kind}); is it Prometheus?")
        return list(found)


def _query(keys: Keys) -> _Query:
    keys.only(("series", "query", "unit_label", "key_label"))
    return _Query(
        series=keys.text("series"),
        query=keys.text("query"),
        unit=keys.text("unit_label", ""),
        key=keys.text("key_label", ""),
    )


def _is_series(found: Any) -> bool:
    return isinstance(found, list) and all(
        isinstance(one, Mapping) and isinstance(one.get("metric"), Mapping) for one in found
    )


def _samples(series: Mapping[str, Any], url: str) -> Iterator[tuple[float, float]]:
    """(seconds, value) of a series; values that are no numbers are missing ones."""
    listed: Any = series.get("values", [series.get("value")])
    pair: Any
    for pair in listed if isinstance(listed, list) else [None]:
        try:
            at, value = float(pair[0]), float(pair[1])
            datetime.fromtimestamp(at, UTC)
        except (TypeError, ValueError, IndexError, OverflowError, OSError) as error:
            raise Malformed(f"{shown(url)}: {pair!r:.80} is no sample") from error
        if math.isfinite(value):
            yield at, value


def _told(answer: Answer) -> str:
    """The words of Prometheus for a question it does not take."""
    try:
        found = select(json_of(answer), "error")
    except SourceError:
        return ""
    return found if isinstance(found, str) else ""

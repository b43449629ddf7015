"""Rest: a web service that gives its rows as JSON, page by page.

With [connection.changes] it is asked for what changed since the newest change that we know of, less
an overlap. Without, its whole list is read at every turn, and pages that are as they were are not
delivered again. Its watermark is the start of the pass that read the last page.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from centre.domain.parse import SKEW
from centre.domain.sources import SourceConfig
from centre.domain.times import TimeReader, time_reader
from centre.domain.words import BadValue
from datasources.source import Batch, Denied, Malformed, Surroundings, foreign_cursor
from datasources.web import client, pages
from datasources.web.body import ABSENT, Row, filled, json_of, rows_at, select
from datasources.web.client import Answer, Client, shown
from datasources.web.keys import Keys
from datasources.web.pages import Pages, Position
from datasources.web.seen import Seen, digest

_MOST_PAGES = 100_000  # a service that still names a next page after so many never ends


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where we are. `at`: the next page of the pass under way, None between two passes.

    `newest`: seconds of the newest change that we know of; `asked`: those that this pass asks from.
    `seen`: digests of the rows of the overlap, or, without changes, of each page.
    """

    at: Position | None = None
    read: int = 0  # rows of this pass
    page: int = 0  # pages of this pass
    asked: float | None = None
    newest: float | None = None
    seen: Mapping[str, float] = field(default_factory=dict)
    began: str = ""  # when this pass did

    @property
    def is_inside(self) -> bool:
        """Whether pages of a pass were read already."""
        return self.at is not None and self.page > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """One page: what is new of it, where we are then, how many rows there are in all (or 0)."""

    rows: list[Row]
    place: _Place
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Changes:
    """[connection.changes]: how to ask for what is new."""

    parameter: str
    column: str
    read: TimeReader
    format: str
    zone: ZoneInfo
    overlap: float
    start: float | None

    def at(self, row: Row, otherwise: float) -> float:
        """When a row changed; a time that cannot be read is parse's business."""
        try:
            word = select(row, self.column)
            instant = None if word is ABSENT else self.read(word)
        except BadValue:
            instant = None
        return instant.timestamp() if instant is not None else otherwise

    def written(self, seconds: float) -> str:
        """A moment as the service reads it."""
        if self.format == "epoch":
            return str(int(seconds))
        local = datetime.fromtimestamp(int(seconds), self.zone)
        return local.isoformat() if self.format == "iso" else local.strftime(self.format)


class Rest:
    """One list of a web service."""

    adapter: ClassVar[str] = "rest"
    connection_keys: ClassVar[Mapping[str, str]] = {
        "url": "address of the list",
        "rows": 'where the rows are in the answer, "data.items" (the answer itself)',
        "params": "further parameters of every request",
        "send": '"query" sends parameters in the address, "json" in a body by POST (query)',
        "omits": "columns that rows leave out where they are blank",
        "encoding": "as Python calls it (what the answer says, else UTF-8)",
        **pages.CONNECTION_KEYS,
        "changes": "how to ask for what is new; without, the whole list is read at every turn",
        "changes.parameter": "parameter that takes the moment from which on to ask",
        "changes.column": "column of the last change",
        "changes.format": '"iso", "epoch" or a pattern of the column and the parameter (iso)',
        "changes.overlap": "how far before the newest change to ask again (2 min)",
        "changes.from": "where to begin the first time (at the beginning)",
        **client.CONNECTION_KEYS,
    }

    def __init__(self, config: SourceConfig, around: Surroundings) -> None:
        keys = Keys(config, around)
        self._config, self._client = config, Client(config, around)
        self._url, self._rows = keys.text("url"), keys.text("rows", "")
        self._params = keys.plain("params")
        self._send = keys.one_of("send", ("query", "json"), "query")
        self._omits, self._encoding = keys.words("omits"), keys.text("encoding", "") or None
        self._pages = Pages.read(keys.table("pages"))
        self._changes = _changes(keys.table("changes"), config, around)

    def fetch(self, cursor: Mapping[str, Any] | None, now: datetime) -> Iterator[Batch]:
        """Yield each page that has something new, and the end of a pass that had any."""
        known = _Place() if cursor is None else self._place(cursor)
        place, is_told = self._begun(known, now), cursor is None or known.at is not None
        for _ in range(_MOST_PAGES):
            step = self._first(place, now) if place == known else self._step(place, now)
            place, is_told = step.place, is_told or bool(step.rows)
            if step.rows or (place.at is None and is_told):
                yield _batch(step)
            if place.at is None:
                return
        raise Malformed(f"{shown(self._url)}: more than {_MOST_PAGES} pages; is the list endless?")

    def settle(self, cursor: Mapping[str, Any]) -> None:
        """Nothing waits for us."""

    def _place(self, cursor: Mapping[str, Any]) -> _Place:
        if set(cursor) != {one.name for one in fields(_Place)}:
            raise foreign_cursor(self._config, cursor)
        return _Place(**cursor)

    def _begun(self, place: _Place, now: datetime) -> _Place:
        """The place, with a pass under way."""
        if place.at is not None:
            return place
        asked = None
        if self._changes is not None:
            newest = place.newest
            asked = self._changes.start if newest is None else newest - self._changes.overlap
        began = now.astimezone(UTC).isoformat()
        return replace(place, at=self._pages.start, read=0, page=0, asked=asked, began=began)

    def _first(self, place: _Place, now: datetime) -> _Step:
        """Go on with an earlier pass, or from its start where the service forgot the position."""
        try:
            return self._step(place, now)
        except (Denied, Malformed):
            if not place.is_inside:
                raise
            return self._step(replace(place, at=self._pages.start, read=0, page=0), now)

    def _step(self, place: _Place, now: datetime) -> _Step:
        at = place.at if place.at is not None else self._pages.start
        answer = self._asked(at, place.asked)
        value = json_of(answer, self._encoding)
        rows = filled(rows_at(answer, value, self._rows), self._omits)
        following = self._pages.following(at, answer, value, len(rows))
        place = replace(place, read=place.read + len(rows), page=place.page + 1, at=following)
        total = self._pages.total_of(value)
        if self._changes is None:
            return _listed(rows, place, total)
        return _changed(self._changes, rows, place, total, now)

    def _asked(self, at: Position, since: float | None) -> Answer:
        params = {**self._params, **self._pages.params(at)}
        if self._changes is not None and since is not None:
            params[self._changes.parameter] = self._changes.written(since)
        if self._pages.kind == "link" and at != "":
            return self._client.get(str(at))
        if self._send == "query":
            return self._client.get(self._url, params)
        return self._client.post(self._url, _json(params))


def _changed(changes: _Changes, rows: list[Row], place: _Place, total: int, now: datetime) -> _Step:
    """Rows that are new, by their digests. A change beyond now is a wrong clock, no progress."""
    known, latest = place.newest or 0.0, (now + SKEW).timestamp()
    times = [min(changes.at(row, known), latest) for row in rows]
    newest = max([known, *(at for at in times if at < latest)])
    seen = Seen(place.seen)
    fresh = seen.news(rows, times)
    kept = seen.since(newest - changes.overlap)
    return _Step(rows=fresh, place=replace(place, newest=newest or None, seen=kept), total=total)


def _listed(rows: list[Row], place: _Place, total: int) -> _Step:
    """The rows of a page, unless the page is as it was. Marks are "page number:digest"."""
    number = str(place.page)
    mark = f"{number}:{digest(rows)}"
    is_known = mark in place.seen
    seen = {key: at for key, at in place.seen.items() if key.partition(":")[0] != number}
    seen[mark] = 0.0
    if place.at is None:  # the end: pages that the list no longer has are forgotten
        seen = {key: at for key, at in seen.items() if int(key.partition(":")[0]) <= place.page}
    return _Step(rows=[] if is_known else rows, place=replace(place, seen=seen), total=total)


def _batch(step: _Step) -> Batch:
    place, is_end = step.place, step.place.at is None
    total = place.read if is_end else max(step.total, place.read + 1)
    is_known = is_end or step.total > 0
    return Batch(
        rows=step.rows,
        cursor=asdict(place),
        watermark=datetime.fromisoformat(place.began) if is_end else None,
        filled=place.read if is_known else 0,
        total=total if is_known else 0,
        fill_unit="rows",
        more=not is_end,
    )


def _changes(keys: Keys, config: SourceConfig, around: Surroundings) -> _Changes | None:
    keys.only(("parameter", "column", "format", "overlap", "from"))
    if "parameter" not in keys and "column" not in keys:
        return None
    zone = ZoneInfo(config.zone) if config.zone else around.city.tz
    format_, start = keys.text("format", "iso"), keys.moment("from")
    return _Changes(
        parameter=keys.text("parameter"),
        column=keys.text("column"),
        read=time_reader(format_, zone),
        format=format_,
        zone=zone,
        overlap=keys.seconds("overlap", 120.0),
        start=start.timestamp() if start else None,
    )


def _json(params: Mapping[str, str]) -> bytes:
    return json.dumps(params, ensure_ascii=False).encode()

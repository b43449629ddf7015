"""Open311: a service that keeps GeoReport v2, in JSON or XML.

It answers at most 90 days or 1000 requests at once, whichever is less, so it is asked by windows of
time; one that comes back full is halved. Services that know `updated_after` tell of changes by it;
of others the last days are read anew, the only way to learn of a change. The standard knows no
closing time: `closed_datetime` of our rows is the last change of a closed request.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote
from zoneinfo import ZoneInfo

from centre.domain.periods import day_start
from centre.domain.sources import SourceConfig
from centre.domain.times import time_reader
from centre.domain.words import BadValue
from datasources import listing
from datasources.source import Batch, Denied, Malformed, SourceError, Surroundings, foreign_cursor
from datasources.web import client, georeport
from datasources.web.body import Row, filled
from datasources.web.client import Answer, Client, judge, same_host, shown
from datasources.web.georeport import OPTIONAL
from datasources.web.keys import Keys
from datasources.web.normal import normal
from datasources.web.seen import Seen

_LONGEST = timedelta(days=90).total_seconds()  # the standard answers no more at once
_SHORTEST = 60.0  # seconds: what is full even then is taken as it is
_MOST_WINDOWS = 100_000
_NOTHING = (404, 410)
_TIMES = {"updated": "updated_datetime", "requested": "requested_datetime"}
_BOUNDS = {"updated": ("updated_after", "updated_before"), "requested": ("start_date", "end_date")}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where we are, in seconds since 1970: all before `at` is delivered.

    `goal`: where the pass under way ends, None between two; `span`: length of a window;
    `page`: of the window that begins `at`; `seen`: digests of the rows that will be read again.
    """

    at: float
    goal: float | None = None
    span: float = _LONGEST
    page: int = 1
    seen: Mapping[str, float] = field(default_factory=dict)


class Open311:
    """The requests of one endpoint."""

    adapter: ClassVar[str] = "open311"
    connection_keys: ClassVar[Mapping[str, str]] = {
        "url": "address of the endpoint, without /requests",
        "discovery": "address of the discovery document, instead of url",
        "endpoint": 'which of its endpoints, "production" or "test" (production)',
        "format": "json or xml (what discovery offers, else json)",
        "jurisdiction": "jurisdiction_id, where an endpoint serves several",
        "api_key": "where reading needs one, as a secret",
        "by": '"updated", where the service knows updated_after; "requested" by the standard',
        "again": "by requested: how many days are read anew at every turn (14 d)",
        "overlap": "by updated: how far before the last turn to ask again (10 min)",
        "from": "where to begin the first time (90 days ago)",
        "most": "requests that one answer holds at most (1000)",
        "page_size": "where the service knows page and page_size: how many (no pages)",
        "extensions": "true asks for extended_attributes (false)",
        "omits": "further columns that requests leave out where they are blank",
        **client.CONNECTION_KEYS,
    }

    def __init__(self, config: SourceConfig, around: Surroundings) -> None:
        keys = Keys(config, around)
        if ("url" in keys) == ("discovery" in keys):
            raise keys.wrong("url", "give either url or discovery")
        self._config, self._around, self._keys = config, around, keys
        self._client = Client(config, around)
        self._by = keys.one_of("by", tuple(_TIMES), "requested")
        self._format = keys.one_of("format", ("json", "xml", ""), "")
        self._most, self._page_size = keys.whole("most", 1000), keys.whole("page_size", 0, 0)
        is_updated = self._by == "updated"
        self._margin = (
            keys.seconds("overlap", 600.0) if is_updated else keys.seconds("again", 14 * 86_400.0)
        )
        self._start = keys.moment("from")
        self._params = self._fixed(keys)
        zone = ZoneInfo(config.zone) if config.zone else around.city.tz
        self._read_time = time_reader("iso", zone)
        columns = (one.column for one in config.fields.values() if one.column)
        extended = (one for one in columns if one.startswith("extended_attributes."))
        self._omits = (*OPTIONAL, *extended, *keys.words("omits"))
        self._base: str | None = None
        self._services: Mapping[str, Row] | None = None

    def fetch(self, cursor: Mapping[str, Any] | None, now: datetime) -> Iterator[Batch]:
        """Yield what is new, window by window, and the end of a pass that had anything."""
        place = self._begun(cursor, now)
        is_told = cursor is None or cursor["goal"] is not None
        for _ in range(_MOST_WINDOWS):
            rows, place = self._step(place)
            is_told = is_told or bool(rows)
            if rows or (place.goal is None and is_told):
                yield self._batch(rows, place)
            if place.goal is None:
                return
        raise Malformed(
            f"{shown(self._url())}: more than {_MOST_WINDOWS} windows; set a later from"
        )

    def settle(self, cursor: Mapping[str, Any]) -> None:
        """Nothing waits for us."""

    def counts(self, days: Collection[date]) -> Mapping[date, int]:
        """Count the requests of these local days."""
        until = datetime.now(UTC)
        found = {day: len(self.keys(day, until)) for day in days}
        return {day: count for day, count in found.items() if count}

    def keys(self, day: date, until: datetime) -> Mapping[str, int | None]:
        """List the requests of a local day."""
        city = self._around.city
        return listing.newest(self._of_day(day), self._config, city, day, until)

    def rows(self, day: date, until: datetime) -> Iterator[Row]:
        """Yield the requests of a local day, as fetch would."""
        known, city = self.keys(day, until), self._around.city
        yield from listing.of_day(self._of_day(day), self._config, city, day, known)

    def find(self, keys: Collection[str], until: datetime) -> Iterator[Row]:
        """Yield these requests, each asked for by its number."""
        for key in sorted(keys):
            answer = self._answer(f"requests/{quote(key, safe='')}", {})
            if answer.status not in _NOTHING:
                yield from listing.of_cases(self._rows(_judged(answer)), self._config, (key,))

    def definition(self, service_code: str) -> Mapping[str, Mapping[str, str]]:
        """What the attributes of a service may say: code -> {key of a value: its name}."""
        return georeport.attributes(self._asked(f"services/{service_code}", {}))

    def _fixed(self, keys: Keys) -> dict[str, str]:
        named = {"jurisdiction_id": keys.text("jurisdiction")} if "jurisdiction" in keys else {}
        extended = {"extensions": "true"} if keys.flag("extensions", False) else {}
        return {**named, **extended}

    def _begun(self, cursor: Mapping[str, Any] | None, now: datetime) -> _Place:
        """The place, with a pass under way until now."""
        goal = float(int(now.timestamp()))  # services read whole seconds
        if cursor is None:
            start = self._start.timestamp() if self._start else goal - _LONGEST
            return _Place(at=min(start, goal), goal=goal)
        if set(cursor) != {one.name for one in fields(_Place)}:
            raise foreign_cursor(self._config, cursor)
        place = _Place(**cursor)
        if place.goal is not None:
            return place
        return replace(place, at=min(place.at, goal) - self._margin, goal=goal, page=1)

    def _step(self, place: _Place) -> tuple[list[Row], _Place]:
        """One window or one page of it; a window that is full is halved instead."""
        goal = place.goal or place.at
        end = min(place.at + place.span, goal)
        rows = self._requests(place.at, end, self._by, place.page)
        if not self._page_size and len(rows) >= self._most and end - place.at > _SHORTEST:
            return [], replace(place, span=max(_SHORTEST, (end - place.at) // 2))
        seen = Seen(place.seen)
        fresh = seen.news(rows, [self._time(row, place.at) for row in rows])
        place = self._after(place, end, len(rows))
        kept = seen.since(min(place.at, goal - self._margin))
        return fresh, replace(place, seen=kept)

    def _after(self, place: _Place, end: float, count: int) -> _Place:
        """The next page, the next window, or the end of the pass."""
        if self._page_size and count >= self._page_size:
            return replace(place, page=place.page + 1)
        is_sparse = self._page_size or count < self._most / 4
        span = min(_LONGEST, place.span * 2) if is_sparse else place.span
        is_end = place.goal is None or end >= place.goal
        return replace(place, at=end, page=1, span=span, goal=None if is_end else place.goal)

    def _requests(self, start: float, end: float, by: str, page: int) -> list[Row]:
        """Requests whose time lies in a window, as plain rows of ours."""
        after, before = _BOUNDS[by]
        params = {after: _written(start), before: _written(end)}
        if self._page_size:
            params |= {"page": str(page), "page_size": str(self._page_size)}
        return self._rows(self._asked("requests", params))

    def _rows(self, answer: Answer) -> list[Row]:
        found = georeport.items(answer, "requests")
        services = self._known_services()
        # A request without a number has a token only: it comes again when it has its number.
        rows = [normal(row, services) for row in found if not _is_unnumbered(row)]
        return filled(rows, self._omits)

    def _of_day(self, day: date) -> Iterator[Row]:
        zone = self._around.city.tz
        start = day_start(day, zone).timestamp()
        end = day_start(day + timedelta(days=1), zone).timestamp()
        yield from self._whole(start, end)

    def _whole(self, start: float, end: float) -> Iterator[Row]:
        """All requests that were made in a window: its halves, or its pages."""
        page, rows = 1, self._requests(start, end, "requested", 1)
        if not self._page_size and len(rows) >= self._most and end - start > _SHORTEST:
            middle = start + (end - start) // 2
            yield from self._whole(start, middle)
            yield from self._whole(middle, end)
            return
        yield from rows
        while self._page_size and len(rows) >= self._page_size:
            page, rows = page + 1, self._requests(start, end, "requested", page + 1)
            yield from rows

    def _time(self, row: Row, otherwise: float) -> float:
        """When a row changed, or was made; what cannot be read is parse's business."""
        try:
            instant = self._read_time(row.get(_TIMES[self._by]) or "")
        except BadValue:
            instant = None
        return instant.timestamp() if instant else otherwise

    def _known_services(self) -> Mapping[str, Row]:
        """Service code -> what the list of services says of it; asked for once."""
        if self._services is None:
            found = georeport.items(self._asked("services", {}), "services")
            self._services = {str(one.get("service_code", "")): one for one in found}
        return self._services

    def _asked(self, what: str, params: Mapping[str, str]) -> Answer:
        return _judged(self._answer(what, params))

    def _answer(self, what: str, params: Mapping[str, str]) -> Answer:
        secret = {"api_key": self._keys.secret("api_key")} if "api_key" in self._keys else {}
        url = f"{self._url()}/{what}.{self._format or 'json'}"
        return self._client.ask(client.with_params(url, {**self._params, **params, **secret}))

    def _url(self) -> str:
        if self._base is None:
            given = "url" in self._keys
            self._base = self._keys.text("url").rstrip("/") if given else self._discovered()
        return self._base

    def _discovered(self) -> str:
        """The address of the endpoint that the discovery document names."""
        answer, wanted = (
            self._client.get(self._keys.text("discovery")),
            self._keys.text("endpoint", "production"),
        )
        for kind, url, formats in georeport.endpoints(answer):
            if kind == wanted:
                offers_json = not formats or any("json" in one for one in formats)
                self._format = self._format or ("json" if offers_json else "xml")
                if ("api_key" in self._keys or "auth" in self._keys) and not same_host(
                    answer.url, url
                ):
                    raise Denied(f"{shown(answer.url)}: names {url}; write that as url to trust it")
                return url.rstrip("/")
        raise Malformed(f'{shown(answer.url)}: names no endpoint "{wanted}" of GeoReport v2')

    def _batch(self, rows: list[Row], place: _Place) -> Batch:
        is_end = place.goal is None
        return Batch(
            rows=rows,
            cursor=asdict(place),
            watermark=datetime.fromtimestamp(place.at, UTC) if is_end else None,
            more=not is_end,
        )


def _is_unnumbered(row: Mapping[str, Any]) -> bool:
    return bool(row.get("token")) and not row.get("service_request_id")


def _written(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _judged(answer: Answer) -> Answer:
    """An answer that is no refusal; SourceError with the words of one that is."""
    if not 200 <= answer.status < 300:
        judge(answer, _told(answer))
    return answer


def _told(answer: Answer) -> str:
    """The words of an error, in whichever of its shapes."""
    try:
        return ", ".join(georeport.errors(georeport.tree(answer)))
    except SourceError:
        return ""

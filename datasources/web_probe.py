"""Web probe: are the city's sites there, how quick, and when was something new in their columns?

Each address is asked once in each stretch of `step`; what is found are readings: `site.up` (1 or
0), `site.milliseconds` and, where a page tells of a day, `site.age_days` since the newest of them.
An address that does not answer is a finding, no fault of the probe; whether our own network is
there is told by `control`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar

from centre.domain.periods import local_day
from centre.domain.sources import SourceConfig
from datasources.source import Batch, Malformed, Surroundings, Unavailable, foreign_cursor
from datasources.web.client import Answer, Client
from datasources.web.keys import Keys

Row = Mapping[str, Any]

_CURSOR = {"until", "done"}
_DAY = re.compile(
    r"(?<!\d)(20\d\d)\s*[-/.年]\s*(1[0-2]|0?[1-9])\s*[-/.月]\s*(3[01]|[12]\d|0?[1-9])(?!\d)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Site:
    """One address. `expect`: words that the page must have, "" for none."""

    key: str
    unit: str | None
    url: str
    expect: str


class WebProbe:
    """The addresses of one list."""

    adapter: ClassVar[str] = "web_probe"
    connection_keys: ClassVar[Mapping[str, str]] = {
        "step": "each address is asked once in so long (5 min)",
        "control": "an address that answers when our own network is there",
        "sites": "what to look at, a list of tables:",
        "sites.key": "its name in figures, for ever",
        "sites.url": "address of the page",
        "sites.unit": "the unit it belongs to (the unit of the source)",
        "sites.expect": "words that the page must have; without them it is not there",
        "proxy": "address of a proxy (none; those of the environment are not heeded)",
        "ca_file": "certificates of the city's own authority (those of the system)",
    }

    def __init__(self, config: SourceConfig, around: Surroundings) -> None:
        keys = Keys(config, around)
        self._config, self._zone = config, around.city.tz
        self._client = Client(config, around, anywhere=True)
        self._step = int(keys.seconds("step", 300.0))
        if self._step < 1:
            raise keys.wrong("step", "write a second or more")
        self._control = keys.text("control", "")
        self._sites = [_site(one) for one in keys.tables("sites")]

    def fetch(self, cursor: Mapping[str, Any] | None, now: datetime) -> Iterator[Batch]:
        """Yield what is found at each address; nothing more until the next stretch begins."""
        if cursor is not None and set(cursor) != _CURSOR:
            raise foreign_cursor(self._config, cursor)
        if self._control:
            self._client.get(self._control)
        slot = int(now.timestamp() // self._step) * self._step
        is_same = cursor is not None and cursor["until"] == slot
        done = int(cursor["done"]) if cursor is not None and is_same else 0
        for number, site in enumerate(self._sites[done:], done + 1):
            is_end = number == len(self._sites)
            yield Batch(
                rows=list(self._probed(site, datetime.fromtimestamp(slot, UTC))),
                cursor={"until": slot, "done": number},
                watermark=datetime.fromtimestamp(slot, UTC) if is_end else None,
                filled=number,
                total=len(self._sites),
                fill_unit="sites",
                more=not is_end,
            )

    def settle(self, cursor: Mapping[str, Any]) -> None:
        """Nothing waits for us."""

    def _probed(self, site: _Site, at: datetime) -> Iterator[Row]:
        """The readings of one address. Only what it says about itself is said of it."""
        began = self._seconds()
        answer = self._answer(site)
        took = (self._seconds() - began) * 1000
        row = {"unit": site.unit, "key": site.key, "at": at.isoformat()}
        row["status"] = str(answer.status) if answer else None
        is_up = answer is not None and 200 <= answer.status < 400 and _has(answer, site.expect)
        yield {**row, "series": "site.up", "value": int(is_up)}
        if answer is None or not is_up:
            return
        yield {**row, "series": "site.milliseconds", "value": round(took, 1)}
        newest = _newest(answer, local_day(at, self._zone))
        if newest is not None:
            age = (local_day(at, self._zone) - newest).days
            yield {**row, "series": "site.age_days", "value": age}

    def _answer(self, site: _Site) -> Answer | None:
        """What an address says; None when it says nothing within the deadline."""
        try:
            return self._client.ask(site.url)
        except (Unavailable, Malformed):
            return None

    def _seconds(self) -> float:
        """A clock for lengths of time."""
        return time.perf_counter()


def _site(keys: Keys) -> _Site:
    keys.only(("key", "url", "unit", "expect"))
    return _Site(
        key=keys.text("key"),
        unit=keys.text("unit", "") or None,
        url=keys.text("url"),
        expect=keys.text("expect", ""),
    )


def _has(answer: Answer, words: str) -> bool:
    return words in _text(answer)


def _text(answer: Answer) -> str:
    try:
        return answer.body.decode(answer.charset or "utf-8", "replace")
    except LookupError:
        return answer.body.decode("utf-8", "replace")


def _newest(answer: Answer, today: date) -> date | None:
    """The newest day that a page tells of, else its Last-Modified; days to come are no news."""
    found = (_day(*match) for match in _DAY.findall(_text(answer)))
    days = [one for one in found if one is not None and one <= today]
    return max(days) if days else _modified(answer, today)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _modified(answer: Answer, today: date) -> date | None:
    try:
        found = parsedate_to_datetime(answer.headers["last-modified"]).date()
    except (KeyError, ValueError, TypeError):
        return None
    return min(found, today)

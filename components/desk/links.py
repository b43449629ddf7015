"""Where a number leads to: every address of the desk is written here."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qsl, quote, urlencode
from zoneinfo import ZoneInfo

from centre.domain.periods import local_day
from centre.domain.places import CITY
from centre.domain.records import Case
from centre.metrics.metric import Metric, Shape
from centre.metrics.window import window


def cases(**words: str | None) -> str:
    """The list of cases with these filters; "city" and None are no filter."""
    return _with_query("/cases", {key.rstrip("_"): word for key, word in words.items()})


def case(one: Case) -> str:
    """One case."""
    return f"/case/{quote(f'{one.source}:{one.key}', safe=':')}"


def metric(id: str, unit: str = CITY, by: str | None = None) -> str:
    """What a figure means, and its parts."""
    return _with_query(f"/metric/{quote(id, safe='.')}", {"unit": unit, "by": by})


def district(code: str) -> str:
    """One unit; the overview for the whole city."""
    return "/" if code == CITY else f"/district/{quote(code)}"


def behind(one: Metric, now: datetime, zone: ZoneInfo, unit: str = CITY) -> str | None:
    """The cases behind what a metric says now, over its own time; None when it has none."""
    if "case" not in one.datasets:
        return None
    kind = one.kinds[0] if len(one.kinds) == 1 else None
    return cases(unit=unit, kind=kind, **dict(parse_qsl(one.drill)), **_time_of(one, now, zone))


def _time_of(one: Metric, now: datetime, zone: ZoneInfo) -> dict[str, str]:
    """Its window as days, by the drill's `anchor`: a link that stays the same all day."""
    if one.shape in (Shape.STOCK, Shape.GAUGE):
        return {}
    start, end = window(one, now, zone)
    said = {"from": local_day(start, zone).isoformat()}
    return said if end == now else {**said, "to": local_day(end, zone).isoformat()}


def source(id: str, **words: str | None) -> str:
    """One source, opened, at its detail."""
    return _with_query("/sources", {"source": id, **words})


def new_source(**words: str | None) -> str:
    """The form of a source file."""
    return _with_query("/sources/new", words)


def quality(source: str | None = None) -> str:
    """The ledger of data quality, with one source opened."""
    return _with_query("/quality", {"source": source})


def _with_query(path: str, words: dict[str, str | None]) -> str:
    said = {key: word for key, word in words.items() if word is not None and word != CITY}
    return f"{path}?{urlencode(said)}" if said else path

"""Where a number leads to: every address of the desk is written here."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from centre.domain.places import CITY
from centre.domain.records import Case
from centre.metrics.metric import Metric


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


def behind(one: Metric, unit: str = CITY) -> str | None:
    """The cases behind a metric; None when it has none."""
    if "case" not in one.datasets:
        return None
    place = urlencode({"unit": unit}) if unit != CITY else ""
    query = "&".join(part for part in (place, one.drill) if part)
    return f"/cases?{query}" if query else "/cases"


def source(id: str, **words: str | None) -> str:
    """One source, opened, at its detail."""
    return _with_query("/sources", {"source": id, **words})


def _with_query(path: str, words: dict[str, str | None]) -> str:
    said = {key: word for key, word in words.items() if word is not None and word != CITY}
    return f"{path}?{urlencode(said)}" if said else path

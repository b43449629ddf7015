"""Cases of one day, from rows: for adapters that list what their source has."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from centre.domain.fields import read_key
from centre.domain.parse import parse
from centre.domain.places import City
from centre.domain.records import Case
from centre.domain.sources import SourceConfig
from centre.domain.words import BadValue, Words
from datasources import mapping

Row = Mapping[str, Any]


def newest(
    rows: Iterable[Row], config: SourceConfig, city: City, day: date, until: datetime
) -> dict[str, int | None]:
    """Key -> newest version of the cases whose last row says that they were received on a day.

    None: all rows of it that day are such as we refuse. Rows without a number are of no case.
    """
    found: dict[str, int | None] = {}
    for row in rows:
        words = mapping.apply(row, config)
        key = key_of(words)
        if not key or mapping.received_on(words, config, city) != day:
            found.pop(key, None)
            continue
        one = parse(words, config=config, city=city, now=until)
        version = one.source_version if isinstance(one, Case) else None
        found[key] = max(
            (known for known in (found.get(key), version) if known is not None), default=None
        )
    return found


def of_day(
    rows: Iterable[Row], config: SourceConfig, city: City, day: date, keys: Mapping[str, object]
) -> Iterator[Row]:
    """The rows of these cases that say they were received on a day."""
    for row in rows:
        words = mapping.apply(row, config)
        if key_of(words) in keys and mapping.received_on(words, config, city) == day:
            yield row


def of_cases(rows: Iterable[Row], config: SourceConfig, keys: Container[str]) -> Iterator[Row]:
    """The rows of these cases, on whatever day."""
    for row in rows:
        if key_of(mapping.apply(row, config)) in keys:
            yield row


def key_of(words: Words) -> str:
    """The number of a row's case, as we store it; "" where it has none that can be read."""
    try:
        return str(read_key(words.values.get("key") or ""))
    except BadValue:
        return ""

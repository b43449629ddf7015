"""How a database is to be read: what [connection] says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from centre.domain.sources import SourceConfig
from datasources.source import Malformed

KEYS: Mapping[str, str] = {
    "url": 'of the database, "mariadb://reader@10.1.2.3/tickets", or { env = "NAME" }',
    "password": '{ env = "NAME" }, when the URL has none',
    "table": 'table or view, "tickets" or "schema.tickets"',
    "query": "a single SELECT instead of a table",
    "key": "column that identifies a row (the one that [fields] maps to key)",
    "changed_at": "column of the last change, or a list: the first that is not NULL (a sweep)",
    "overlap": 'how late a change may be committed, "10 min" (a counter: 1000)',
    "complete": '"now", or "newest": known only to its newest change, as a copy is ("now")',
    "batch_rows": "rows that are read and stored together (1000)",
    "rows_per_second": "no more than so many on the mean (no limit)",
    "window": 'only between these hours, "22:00-06:00" (always)',
    "sweep": 'without changed_at: how often all rows are compared, "1 d" (1 h)',
}

READ_AT = "_read_at"
"""Column that a sweep adds to its rows: when it was begun, a version for want of a better one."""

_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
_WINDOW = re.compile(r"(\d\d?):(\d\d)\s*-\s*(\d\d?):(\d\d)")
_SELECT = re.compile(r"\s*(select|with)\b", re.IGNORECASE)
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)
_WRITES = re.compile(
    r"\b(insert|update|delete|merge|drop|alter|create|truncate|grant|call|into)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """`overlap`: seconds, or counts of a counter; None: what is usual for its kind."""

    table: str | None
    query: str | None
    key: str
    changed_at: tuple[str, ...]
    overlap: float | None
    is_copy: bool
    batch_rows: int
    rows_per_second: int | None
    window: tuple[time, time] | None
    sweep_seconds: float
    columns: tuple[str, ...]  # that the field map reads
    time_formats: Mapping[str, str]  # column -> how the field map reads its times

    def is_open(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether the source may be asked now."""
        if self.window is None:
            return True
        start, end = self.window
        local = now.astimezone(zone).time()
        return start <= local < end if start < end else local >= start or local < end


def how(config: SourceConfig) -> How:
    """Read [connection]; Malformed says which key is wrong and what to write."""
    given = _Given(config)
    table, query = given.text("table"), given.text("query")
    if (table is None) == (query is None):
        raise given.wrong("table", "give either table or query")
    mapped = config.fields.items()
    columns = tuple(dict.fromkeys(one.column for _, one in mapped if one.column is not None))
    return How(
        table=table,
        query=None if query is None else _single_select(given, query),
        key=given.text("key") or _key_of(given),
        changed_at=given.names("changed_at"),
        overlap=given.duration("overlap"),
        is_copy=given.one_of("complete", ("now", "newest")) == "newest",
        batch_rows=given.whole("batch_rows") or 1000,
        rows_per_second=given.whole("rows_per_second"),
        window=given.hours("window"),
        sweep_seconds=given.duration("sweep") or 3600.0,
        columns=tuple(one for one in columns if one != READ_AT),
        time_formats={
            one.column: one.format
            for _, one in mapped
            if one.column is not None and one.format not in (None, "iso")
        },
    )


def _key_of(given: _Given) -> str:
    field = given.config.fields.get("key")
    if field is None or field.column is None:
        raise given.wrong("key", "name the column that identifies a row")
    return field.column


def _single_select(given: _Given, query: str) -> str:
    """The query without its last semicolon. The database itself refuses writes: this is for us."""
    text = query.strip().rstrip(";").rstrip()
    bare = _QUOTED.sub(" ", text)
    if not _SELECT.match(bare) or ";" in bare or _WRITES.search(bare):
        raise given.wrong("query", "write a single SELECT, which changes nothing")
    return text


@dataclass(frozen=True, slots=True)
class _Given:
    """The keys of one [connection], read with their complaints."""

    config: SourceConfig

    def wrong(self, key: str, remedy: str) -> Malformed:
        return Malformed(f"{self.config.path}: connection.{key}: {remedy}")

    def text(self, key: str) -> str | None:
        value = self._value(key)
        if value is not None and not (isinstance(value, str) and value.strip()):
            raise self.wrong(key, f"{value!r}; write text")
        return value

    def names(self, key: str) -> tuple[str, ...]:
        value = self._value(key)
        names = (value,) if isinstance(value, str) else tuple(value or ())
        if not all(isinstance(one, str) and one for one in names):
            raise self.wrong(key, f"{value!r}; write a column, or a list of columns")
        return names

    def one_of(self, key: str, known: tuple[str, ...]) -> str | None:
        value = self.text(key)
        if value not in (None, *known):
            raise self.wrong(key, f'"{value}"; write {" or ".join(known)}')
        return value

    def whole(self, key: str) -> int | None:
        value = self._value(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise self.wrong(key, f"{value!r}; write a whole number above 0")
        return value

    def duration(self, key: str) -> float | None:
        """Seconds; a plain number stays what it is."""
        value = self._value(key)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
            return float(value)
        number, _, unit = str(value).strip().partition(" ")
        if not number.isdigit() or unit not in _SECONDS:
            raise self.wrong(key, f'{value!r}; write a length like "10 min", or a number')
        return float(number) * _SECONDS[unit]

    def hours(self, key: str) -> tuple[time, time] | None:
        value = self.text(key)
        if value is None:
            return None
        match = _WINDOW.fullmatch(value.strip())
        try:
            start, start_minute, end, end_minute = map(int, match.groups() if match else ())
            return time(start, start_minute), time(end, end_minute)
        except ValueError as error:
            raise self.wrong(key, f'"{value}"; write hours like "22:00-06:00"') from error

    def _value(self, key: str) -> Any:
        return self.config.connection.get(key)

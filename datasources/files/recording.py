"""A recorded file in the order in which things happened, and each row as it was known at a time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from centre.domain.fields import CASE_TIMES
from centre.domain.sources import FieldMap, SourceConfig
from centre.domain.times import TimeReader, time_reader
from centre.domain.words import BadValue
from datasources import mapping
from datasources.files.examine import examine, opened, readable
from datasources.files.how import How
from datasources.files.lines import json_rows
from datasources.files.table import csv_rows, excel_rows
from datasources.source import Malformed

Row = Mapping[str, Any]

_READERS = {"csv": csv_rows, "jsonl": json_rows, "xlsx": excel_rows}
_EVENTS = (*CASE_TIMES, "at", "since")
_OUTCOMES = ("contacted", "resolved", "satisfied", "dissatisfied_reason", "returns", "reopens")
_ALWAYS = 0.0  # when a row is known whose times cannot be read: from the beginning, to be refused


@dataclass(frozen=True, slots=True)
class Recording:
    """Rows as they were recorded, with what happened to them.

    `events`: (seconds since 1970, number of the row), in order of time.
    """

    digest: str
    rows: Sequence[Row]
    times: Sequence[tuple[float, ...]]
    events: Sequence[tuple[float, int]]
    columns: Mapping[str, str]  # field of ours -> column

    @property
    def first(self) -> float:
        """When the first thing happened."""
        return next((at for at, _ in self.events if at > _ALWAYS), _ALWAYS)

    @property
    def last(self) -> float:
        """When the last thing happened."""
        return self.events[-1][0] if self.events else _ALWAYS

    def happened(self, after: float | None, until: float) -> list[int]:
        """The rows to which something happened, by when the last of it did."""
        start = 0 if after is None else bisect_right(self.events, (after, len(self.rows)))
        end = bisect_right(self.events, (until, len(self.rows)))
        newest = {row: at for at, row in islice(self.events, start, end)}
        return sorted(newest, key=lambda row: (newest[row], row))

    def whole(self, number: int) -> Row:
        """A row as it was recorded."""
        return self.rows[number]

    def known(self, number: int, at: float) -> Row:
        """A row as it was known: what happened later is blank, and so is how it ended.

        Its version is its newest event then; that of the file is of the end.
        """
        row, ahead = self.rows[number], False
        blank = {"source_version"}
        for field, happens in zip(_EVENTS, self.times[number], strict=True):
            if happens > at:
                blank.add(field)
                ahead = True
        blank.update(_OUTCOMES if ahead else ())
        return {**row, **{self.columns[name]: None for name in blank if name in self.columns}}


def record(file: Path, how: How, config: SourceConfig, zone: ZoneInfo, most: int) -> Recording:
    """Read a file whole; Malformed when it cannot be, or has more rows than `most`."""
    facts = examine(file, how)
    with opened(file) as raw, readable(file):
        rows = tuple(islice(_READERS[facts.format](file, raw, facts, how), most + 1))
    if len(rows) > most:
        raise Malformed(f"{file.name}: more than {most} rows; cut it, or raise max_rows")
    reading = _Reading(config, zone)
    times = [reading.times(row) for row in rows]
    events = sorted((at, number) for number, one in enumerate(times) for at in reading.real(one))
    columns = {name: one.column for name, one in config.fields.items() if one.column is not None}
    return Recording(facts.digest, rows, times, events, columns)


class _Reading:
    """Reads the times of rows as the field map says."""

    def __init__(self, config: SourceConfig, zone: ZoneInfo) -> None:
        maps = {name: config.fields.get(name, FieldMap()) for name in _EVENTS}
        self._config = config
        self._readers: dict[str, TimeReader] = {
            name: time_reader(one.format, zone) for name, one in maps.items()
        }

    def times(self, row: Row) -> tuple[float, ...]:
        """When each event of a row happened; 0 where it did not, or cannot be read."""
        words = mapping.apply(row, self._config).values
        return tuple(self._time(name, words.get(name)) for name in _EVENTS)

    def real(self, times: tuple[float, ...]) -> Iterator[float]:
        """The events of a row that have a time, none before it was received, which is the first.

        One without any is known from the beginning.
        """
        found = {max(at, times[0]) for at in times if at > _ALWAYS}
        yield from found or {_ALWAYS}

    def _time(self, name: str, word: Any) -> float:
        try:
            instant = None if word in (None, "") else self._readers[name](word)
        except BadValue:
            return _ALWAYS
        return _ALWAYS if instant is None else max(_ALWAYS, instant.timestamp())

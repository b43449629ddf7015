"""How a file is to be read: what [connection] says, and what its name says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from centre.domain.sources import SourceConfig
from datasources.source import Malformed

FORMATS = ("csv", "jsonl", "xlsx")
_SUFFIXES = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".json": "jsonl",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".xlsx": "xlsx",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """None: find out by looking."""

    format: str | None
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    batch_rows: int
    most_bytes: int
    settle_seconds: float
    columns: tuple[str, ...]  # that the field map reads; without them a file is refused
    time_formats: Mapping[str, str]  # column -> strptime pattern, for cells that are real dates


def how(config: SourceConfig) -> How:
    """Read [connection]; Malformed says which key is wrong."""
    given = config.connection
    format_ = given.get("format")
    if format_ not in (None, "auto", *FORMATS):
        raise Malformed(
            f'{config.path}: connection.format: "{format_}"; write {", ".join(FORMATS)}'
        )
    return How(
        format=None if format_ == "auto" else format_,
        encoding=given.get("encoding"),
        delimiter=given.get("delimiter"),
        sheet=given.get("sheet"),
        batch_rows=_whole(config, given, "batch_rows", 2000),
        most_bytes=_whole(config, given, "max_mb", 2048) * 2**20,
        settle_seconds=_seconds(config, given),
        columns=tuple(
            dict.fromkeys(one.column for one in config.fields.values() if one.column is not None)
        ),
        time_formats={
            one.column: one.format
            for one in config.fields.values()
            if one.column is not None and one.format not in (None, "iso", "epoch")
        },
    )


def format_of(file: Path, how: How) -> str:
    """csv, jsonl or xlsx: the key, or the suffix beneath a .gz."""
    if how.format is not None:
        return how.format
    name = file.name[:-3] if is_gz(file) else file.name
    suffix = Path(name).suffix.lower()
    if suffix not in _SUFFIXES:
        known = ", ".join(_SUFFIXES)
        raise Malformed(
            f'{file.name}: "{suffix}" is not read; give one of {known}, each also as .gz'
        )
    return _SUFFIXES[suffix]


def is_gz(file: Path) -> bool:
    """Whether the name says so."""
    return file.suffix.lower() == ".gz"


def _whole(config: SourceConfig, given: Mapping[str, Any], key: str, default: int) -> int:
    value = given.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise Malformed(f"{config.path}: connection.{key}: {value!r}; write a whole number above 0")
    return value


def _seconds(config: SourceConfig, given: Mapping[str, Any]) -> float:
    value = given.get("settle_seconds", 2)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise Malformed(f"{config.path}: connection.settle_seconds: {value!r}; write seconds")
    return float(value)

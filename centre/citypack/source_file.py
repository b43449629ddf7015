"""The shape of one file of sources.d."""

from __future__ import annotations

import math
import re
from datetime import datetime, time
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from centre.citypack.places_file import NameTable, Table, Text
from centre.citypack.read import wrong
from centre.domain.sources import Limits

_SECONDS = {"s": 1, "sec": 1, "min": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*")
_REMEDY = 'write a length above 0 like "30 s", "5 min", "1 h", "1 d", or a number of seconds'


def seconds(given: object) -> float:
    """Read a duration: "5 min", or a number of seconds; above 0."""
    length = _seconds(given)
    if length is None or not math.isfinite(length) or length <= 0:
        raise wrong(f"{given!r} is not a duration", _REMEDY)
    return length


def _seconds(given: object) -> float | None:
    if isinstance(given, int | float) and not isinstance(given, bool):
        return float(given)
    match = _DURATION.fullmatch(given) if isinstance(given, str) else None
    if match is None or match[2] not in _SECONDS:
        return None
    return float(match[1]) * _SECONDS[match[2]]


Duration = Annotated[float, BeforeValidator(seconds)]

_BYTES = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
_SIZE = re.compile(r"\s*(\d+)\s*(KiB|MiB|GiB)\s*")


def size(given: object) -> int:
    """Read a size: "64 MiB", or a number of bytes; above 0."""
    match = _SIZE.fullmatch(given) if isinstance(given, str) else None
    plain = given if isinstance(given, int) and not isinstance(given, bool) else 0
    count = int(match[1]) * _BYTES[match[2]] if match else plain
    if count <= 0:
        raise wrong(f"{given!r} is no size", 'write "64 MiB", "500 KiB", or a number of bytes')
    return count


Size = Annotated[int, BeforeValidator(size)]


class FieldTable(Table):
    """[fields.<ours>], or the short form `ours = "their column"`."""

    column: Text | None = None
    default: str | None = None
    format: Text | None = None
    codes: dict[str, str] = Field(default_factory=dict)
    on_bad: Literal["reject", "blank"] = "reject"

    @model_validator(mode="before")
    @classmethod
    def _long_form(cls, given: Any) -> Any:
        return {"column": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _says_something(self) -> FieldTable:
        if self.column is None and self.default is None:
            raise wrong("neither column nor default", 'add `column = "…"` or `default = "…"`')
        return self


class ScheduleTable(Table):
    """[schedule]."""

    every: Duration


class PromiseTable(Table):
    """[promise]."""

    interval: Duration


class LimitsTable(Table):
    """[limits]: what one answer may take."""

    deadline: Duration = Limits().deadline_seconds
    bytes: Size = Limits().most_bytes


def clock_time(given: object) -> object:
    """Read a time of day: "03:30", or a time of TOML."""
    if isinstance(given, time):
        return given
    try:
        return datetime.strptime(str(given), "%H:%M").time()  # noqa: DTZ007 - of any day
    except ValueError:
        raise wrong(f"{given!r} is no time of day", 'write "03:30"') from None


ClockTime = Annotated[time, BeforeValidator(clock_time)]


class ReconcileTable(Table):
    """[reconcile]: compare with the source every night."""

    nightly: ClockTime
    days: Annotated[int, Field(ge=1, le=400)] = 35


class SourceFile(Table):
    """sources.d/<id>.toml."""

    name: NameTable
    adapter: Text
    record: Literal["case", "reading", "asset", "mixed"] = "case"
    unit: str | None = None
    contact: Annotated[str, Field(pattern=r"\S")]
    synthetic: bool = False
    zone: str | None = None
    crs: Literal["wgs84", "cgcs2000", "gcj02", "bd09"] = "wgs84"
    connection: dict[str, Any] = Field(default_factory=dict)
    schedule: ScheduleTable
    promise: PromiseTable
    limits: LimitsTable = Field(default_factory=LimitsTable)
    reconcile: ReconcileTable | None = None
    fields: dict[str, FieldTable] = Field(default_factory=dict)

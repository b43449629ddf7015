"""What a source file says: one outside system, how to read it, and what it promises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any

from centre.domain.places import Name


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldMap:
    """Where one of our fields comes from in the source's row.

    `column` None with a `default` is a constant. `format` is a strptime pattern, "iso" or
    "epoch". `codes` translates the source's words; with codes, a word outside them is bad.
    """

    column: str | None = None
    default: str | None = None
    format: str | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    on_bad: str = "reject"  # "reject" the row | "blank" the field


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one answer of a source may take; `[limits]` of its file."""

    deadline_seconds: float = 10.0
    most_bytes: int = 64 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconcile:
    """When a source is compared with what is here, in the city's zone; how many days back."""

    nightly: time
    days: int = 35


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceConfig:
    """One file of sources.d, read and checked. `path` is for messages; `id` is its stem."""

    id: str
    path: Path
    name: Name
    adapter: str  # name of a module in datasources/, or of an entry point
    record: str  # "case" | "reading" | "asset" | "mixed" (rows say which in `record`)
    unit: str | None  # unit this source answers for (coverage); None = many units
    connection: Mapping[str, Any]
    every_seconds: float  # how often it is asked
    interval_seconds: float  # the promise: how old it may be
    zone: str | None  # of times without offset; None = such a time is bad
    crs: str  # wgs84 | cgcs2000 | gcj02 | bd09
    contact: str  # whom to call
    synthetic: bool  # 演示数据
    fields: Mapping[str, FieldMap]
    map: str = ""  # hash of the file: which version of the field map made a record
    limits: Limits = Limits()
    reconcile: Reconcile | None = None  # None: nobody has agreed to it

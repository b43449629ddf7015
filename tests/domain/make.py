"""A small city and its sources, for tests of what is said about single rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from centre.domain.due import DueRule
from centre.domain.parse import parse
from centre.domain.places import City, Name, Street, Unit
from centre.domain.records import Case, Record, Rejected
from centre.domain.sources import FieldMap, SourceConfig
from centre.domain.words import Words
from datasources import mapping

NOW = datetime(2026, 6, 16, 4, 0, tzinfo=UTC)  # 12:00 in Chengdu, a Tuesday


def name(zh: str, en: str) -> Name:
    """A name in both languages."""
    return Name(zh=zh, en=en)


CITY = City(
    id="tiny",
    name=name("小城", "Tiny"),
    title=name("小城", "Tiny"),
    zone="Asia/Shanghai",
    clock="now",
    calendar="CN",
    units=(
        Unit(
            code="510104",
            name=name("锦江区", "Jinjiang"),
            kind="district",
            streets=(Street(code="510104020", name=name("春熙路街道", "Chunxi Road")),),
        ),
        Unit(code="510132", name=name("新津", "Xinjin"), kind="county", former_codes=("510118",)),
        Unit(code="nob-hill", name=name("诺布山", "Nob Hill"), kind="neighborhood"),
    ),
    due_rules={
        "appeal": (DueRule(kind="appeal", length=5),),
        "onsite": (
            DueRule(kind="onsite", anchor="received_at", clock="calendar_hours", length=24),
        ),
        "project": (
            DueRule(kind="project", anchor="received_at", clock="calendar_days", length=90),
        ),
    },
)


def source(
    fields: Mapping[str, FieldMap],
    *,
    record: str = "case",
    zone: str | None = "Asia/Shanghai",
    crs: str = "wgs84",
    unit: str | None = None,
) -> SourceConfig:
    """A source file with these fields."""
    return SourceConfig(
        id="jinjiang",
        path=Path("conf/tiny/sources.d/jinjiang.toml"),
        name=name("锦江", "Jinjiang"),
        adapter="file_drop",
        record=record,
        unit=unit,
        connection={},
        every_seconds=60,
        interval_seconds=60,
        zone=zone,
        crs=crs,
        contact="duty officer",
        synthetic=False,
        fields=fields,
    )


def same_names(row: Mapping[str, Any], **more: FieldMap) -> dict[str, FieldMap]:
    """A map in which our fields have our names."""
    return {field: FieldMap(column=field) for field in row} | more


ROW = {"key": "a-1", "received_at": "2026-06-15 09:00:00", "unit": "510104"}


def judge(
    row: Mapping[str, Any], config: SourceConfig | None = None, city: City = CITY
) -> Record | Rejected:
    """Map and parse one row, as the collector does."""
    config = config or source(same_names(row))
    return parse(mapping.apply(row, config), config=config, city=city, now=NOW)


def refused(row: Mapping[str, Any], config: SourceConfig | None = None) -> tuple[str, str, str]:
    """(field, reason, detail) of a row that must be refused, with the row kept."""
    found = judge(row, config)
    assert isinstance(found, Rejected), found
    assert found.source == "jinjiang"
    assert set(found.raw) == {str(column) for column in row}
    return found.field, found.reason, found.detail


def direct(values: Mapping[str, Any], config: SourceConfig) -> Record | Rejected:
    """Parse values that an adapter already gave our names."""
    return parse(Words(values=values, raw=values), config=config, city=CITY, now=NOW)


def case(**more: Any) -> Case:
    """The case of a row that must be accepted."""
    found = judge({**ROW, **more})
    assert isinstance(found, Case), found
    return found

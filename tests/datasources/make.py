"""Sources for the tests of adapters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from centre.citypack.load import load_city, load_sources
from centre.domain.places import City, Name
from centre.domain.sources import FieldMap, SourceConfig
from datasources.source import Surroundings

CHENGDU = Path(__file__).resolve().parents[2] / "conf" / "chengdu"
NOW = datetime(2026, 6, 16, 7, 0, tzinfo=UTC)  # Tuesday 15:00 in Chengdu


@cache
def chengdu() -> City:
    """The default city."""
    return load_city(CHENGDU)


@cache
def chengdu_sources() -> Mapping[str, SourceConfig]:
    """Its sources by id; every file of them must be good."""
    sources, findings = load_sources(CHENGDU, chengdu())
    assert findings == ()
    return {one.id: one for one in sources}


def around(data: Path | None = None) -> Surroundings:
    """Chengdu, with a data folder."""
    return Surroundings(city=chengdu(), data_dir=data, secrets={})


def source(
    adapter: str,
    connection: Mapping[str, Any],
    *,
    fields: Mapping[str, str | FieldMap] | None = None,
    unit: str | None = "510107",
) -> SourceConfig:
    """A source file, as it is after reading."""
    maps = {
        name: FieldMap(column=one) if isinstance(one, str) else one
        for name, one in (fields or {}).items()
    }
    return SourceConfig(
        id="wuhou",
        path=Path("sources.d/wuhou.toml"),
        name=Name(zh="武侯区", en="Wuhou"),
        adapter=adapter,
        record="case",
        unit=unit,
        connection=connection,
        every_seconds=1,
        interval_seconds=60,
        zone="Asia/Shanghai",
        crs="wgs84",
        contact="duty desk",
        synthetic=True,
        fields=maps,
    )

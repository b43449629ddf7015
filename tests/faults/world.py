"""What the rig asks of an adapter: a real server, sources that look at it, rows in it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from centre.domain.places import Name
from centre.domain.sources import FieldMap, Limits, SourceConfig
from datasources.registry import build
from datasources.source import DataSource, Surroundings

Row = Mapping[str, Any]

EVERY_SECONDS = 0.25
DEADLINE_SECONDS = 1.0  # three of them are long enough for a busy machine
UNIT = "north"
COLUMNS = ("key", "unit", "source_version", "received", "title", "note", "amount")
"""The rig's rows; `note` and `amount` (a number) are read by nobody."""

FIELDS = {
    "key": FieldMap(column="key"),
    "unit": FieldMap(column="unit"),
    "source_version": FieldMap(column="source_version"),
    "received_at": FieldMap(column="received", format="iso"),
    "title": FieldMap(column="title"),
}


class Upstream(Protocol):
    """A real server that runs, with a world (table, path, stream …) for each number."""

    port: int  # where it listens on 127.0.0.1; the rig's proxies stand before it
    secrets: Mapping[str, str]  # what `config` refers to; set in the environment while it runs

    def config(self, number: int, port: int) -> SourceConfig:
        """Source `number`, looking at that port: made with `source`."""
        ...

    def put(self, number: int, rows: Sequence[Row]) -> None:
        """World `number` has these rows beside what it has; their columns may have drifted."""
        ...


class Serving(Protocol):
    """What an upstream of text has beside it."""

    def serve(self, number: int, body: bytes) -> None:
        """World `number` answers with exactly these bytes from now on."""
        ...


@dataclass(frozen=True, kw_only=True)
class World:
    """One adapter in the rig. `payloads`: in which language nasty answers are generated.

    `no_faults` and `no_drifts`: which cannot befall it, each with the reason why; with no_faults
    {"all": …} there is no wire to put a proxy on. `adapter`: one that is not in datasources/.
    """

    name: str
    open: Callable[[], AbstractContextManager[Upstream]]
    payloads: Literal["json", "csv", "xml", "text"] | None = None
    deadline_seconds: float = DEADLINE_SECONDS
    cuts: tuple[int, ...] = (40, 3, 200, 700)  # after how many bytes answers are cut off
    no_faults: Mapping[str, str] = field(default_factory=dict)
    no_drifts: Mapping[str, str] = field(default_factory=dict)
    adapter: type[DataSource] | None = None

    def make(self, config: SourceConfig, around: Surroundings) -> DataSource:
        """The adapter, as a collector makes it."""
        return self.adapter(config, around) if self.adapter else build(config, around)


def source(
    adapter: str,
    number: int,
    connection: Mapping[str, Any],
    deadline_seconds: float = DEADLINE_SECONDS,
    **rest: Any,
) -> SourceConfig:
    """Source `number` of the rig."""
    id_ = f"{adapter.replace('_', '-')}-{number}"
    return SourceConfig(
        **{
            "id": id_,
            "path": Path(f"conf/tiny/sources.d/{id_}.toml"),
            "name": Name(zh=id_, en=id_),
            "adapter": adapter,
            "record": "case",
            "unit": UNIT,
            "connection": connection,
            "every_seconds": EVERY_SECONDS,
            "interval_seconds": 60.0,
            "zone": "Asia/Shanghai",
            "crs": "wgs84",
            "contact": "the rig",
            "synthetic": True,
            "fields": FIELDS,
            "limits": Limits(deadline_seconds=deadline_seconds, most_bytes=2 * 2**20),
            **rest,
        }
    )


def rows(first: int, count: int) -> list[dict[str, Any]]:
    """Good rows with numbers from `first` on."""
    return [
        {
            "key": f"K{number:06d}",
            "unit": UNIT,
            "source_version": 1,
            "received": f"2026-06-17T08:{number // 60 % 60:02d}:{number % 60:02d}",
            "title": f"路灯不亮 {number}",
            "note": f"note {number}",
            "amount": number,
        }
        for number in range(first, first + count)
    ]


def worlds() -> Iterator[World]:
    """All that stand in worlds/, by name."""
    package = importlib.import_module("tests.faults.worlds")
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda one: one.name):
        world: World = importlib.import_module(f"tests.faults.worlds.{info.name}").WORLD
        yield world

"""What an adapter may have for the operator's kit: a look at a source, also before it is mapped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from centre.domain.places import Name
from centre.domain.sources import SourceConfig
from datasources.source import Surroundings

Row = Mapping[str, Any]


@runtime_checkable
class Sampling(Protocol):
    """Beside a DataSource: some rows, without taking anything away or noting anything."""

    def sample(self, most: int) -> Sequence[Row]:
        """At most so many rows as `fetch` would yield them, the newest where it can tell.

        Raises SourceError.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """What a system shows before anybody has mapped it.

    `connection`: as it will stand in the file. `key`: the column that the system itself says
    identifies a row. `notes`: what a person has to know.
    """

    connection: Mapping[str, Any]
    rows: Sequence[Row]
    columns: Sequence[str]
    key: str | None = None
    version: str | None = None  # a column that the adapter adds for want of a version
    notes: Sequence[str] = ()


@runtime_checkable
class Drafting(Protocol):
    """An adapter that can look at a system without a map."""

    @classmethod
    def draft(cls, where: str, options: Mapping[str, str], around: Surroundings) -> Drafted:
        """Look at what stands at an address. Raises SourceError, which says what is missing."""
        ...


def unmapped(adapter: str, connection: Mapping[str, Any]) -> SourceConfig:
    """A source file that maps nothing yet, for a first look."""
    return SourceConfig(
        id="draft",
        path=Path("draft"),
        name=Name(zh="草稿", en="Draft"),
        adapter=adapter,
        record="case",
        unit=None,
        connection=connection,
        every_seconds=60.0,
        interval_seconds=300.0,
        zone=None,
        crs="wgs84",
        contact="",
        synthetic=False,
        fields={},
    )

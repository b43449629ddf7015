"""The protocol every adapter keeps, ours or a stranger's."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar, Protocol, runtime_checkable

from centre.domain.places import City
from centre.domain.sources import Limits, SourceConfig
from datasources.budget import Budget
from datasources.errors import Denied, Malformed, SourceError, Unavailable
from datasources.inbox import Inbox

__all__ = [
    "Batch",
    "Counting",
    "DataSource",
    "Denied",
    "Malformed",
    "SourceError",
    "StandingStill",
    "Surroundings",
    "Unavailable",
    "Waiting",
    "foreign_cursor",
    "is_complete_when_quiet",
]


def foreign_cursor(config: SourceConfig, cursor: Mapping[str, Any]) -> Malformed:
    """What to raise for a stored cursor that is not ours: `adapter` was changed under an id."""
    keys = ", ".join(sorted(map(str, cursor))) or "nothing in it"
    return Malformed(
        f'{config.path}: adapter: the stored cursor ({keys}) is not one of "{config.adapter}", '
        f'another adapter had the id "{config.id}"; rename this file (its name is the id), '
        "or give it its old adapter again"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Rows as the source has them, and where to go on.

    `cursor` is JSON and is stored in the transaction that stores the rows. `watermark`: all that
    happened until then has been delivered. `days`: local days (ISO dates) that are complete with
    this batch; `filled`/`total`: progress of a first fill, in `fill_unit`s ("days", or
    "bytes" of a file). `live`: the newest state, to be fetched before history.
    """

    rows: Sequence[Mapping[str, Any]]
    cursor: Mapping[str, Any]
    watermark: datetime | None = None
    days: tuple[str, ...] = ()
    filled: int = 0
    total: int = 0
    fill_unit: str = "days"
    more: bool = False  # True: ask again at once, there is history left to fill


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What an adapter may know beside its file: the city, the data folder, secrets by name.

    `budget`: what each step of a fetch may take, to be asked before every wait. `inbox`: what was
    sent to us; None where there is no database.
    """

    city: City
    data_dir: Path | None
    secrets: Mapping[str, str]
    budget: Budget = field(default_factory=lambda: Budget(Limits()))
    inbox: Inbox | None = None


@runtime_checkable
class Waiting(Protocol):
    """What an adapter may have beside a DataSource, when it does not take all that it sees."""

    @property
    def is_waiting(self) -> bool:
        """Whether the last fetch saw what it will take soon: a file that must keep still first."""
        ...


@runtime_checkable
class StandingStill(Protocol):
    """What an adapter may have beside a DataSource, when its silence promises nothing.

    Without it a fetch that succeeds without a batch says: all until its start has been delivered.
    """

    @property
    def stands_still_when_quiet(self) -> bool:
        """Whether the watermark stays where it is while nothing new comes: no file, no promise."""
        ...


@runtime_checkable
class Counting(Protocol):
    """What an adapter may have beside a DataSource, when its source can say what it holds."""

    def counts(self, days: Collection[date]) -> Mapping[date, int]:
        """How many cases the source has that were received on these local days, each case once.

        A day without any is absent. Raises SourceError.
        """
        ...


@runtime_checkable
class Listing(Protocol):
    """What an adapter may have beside `Counting`, when its source can say which cases it holds.

    A sweep fetches what is missing here and takes away what is gone there.
    """

    def keys(self, day: date, until: datetime) -> Mapping[str, int | None]:
        """The cases that were received on a local day: key -> newest source_version, as we read it.

        As many as `counts` says, but for rows without a number. None: it has only rows that we
        refuse. `until`: how far the source was read; of what it tells of that moment, the state
        then. Raises SourceError.
        """
        ...

    def rows(self, day: date, until: datetime) -> Iterator[Mapping[str, Any]]:
        """Yield the rows of these cases, as `fetch` would. Raises SourceError."""
        ...

    def find(self, keys: Collection[str], until: datetime) -> Iterator[Mapping[str, Any]]:
        """Yield the rows of these cases on whatever day; none of one that the source has no more.

        It is asked before a case is taken for gone: its day may have been put right at the source.
        Raises SourceError.
        """
        ...


def is_complete_when_quiet(source: object) -> bool:
    """Whether an empty fetch of this source moves its watermark."""
    return not (isinstance(source, StandingStill) and source.stands_still_when_quiet)


class DataSource(Protocol):
    """One outside system behind one protocol. Built once, fetched many times, from one thread."""

    adapter: ClassVar[str]  # the word in `adapter = "…"`; equals the module's name
    connection_keys: ClassVar[Mapping[str, str]]  # key of [connection] -> what it is, for check

    def __init__(self, config: SourceConfig, around: Surroundings) -> None: ...

    def fetch(self, cursor: Mapping[str, Any] | None, now: datetime) -> Iterator[Batch]:
        """Yield batches from `cursor` on (None: from the beginning), newest first where it can.

        Each batch is committed with its cursor before the next is asked for, and the iterator may
        be dropped at any batch: the next call goes on from the last committed cursor. Raises
        SourceError; never yields half a batch. A cursor of another adapter is `foreign_cursor`.
        """
        ...

    def settle(self, cursor: Mapping[str, Any]) -> None:
        """After the commit of a batch: acknowledge (move a file to done/, XACK). May do nothing."""
        ...

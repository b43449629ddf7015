"""Which question a figure id stands for: one of all that the screens of a moment can show.

digest ── questions of the day (some 20,000, made once) ──> Asked
       ├─ how sources and units deliver: some 8,000 more, of those who ask at /quality
       └─ shares: the categories and channels that the board of that moment had
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from centre.domain.periods import RATE_DAYS
from centre.domain.places import CITY, UNASSIGNED, City
from centre.metrics import forecast
from centre.metrics.board import Board
from centre.metrics.families.volume import METRICS as VOLUME
from centre.metrics.families.volume import RECEIVED
from centre.metrics.metric import Metric
from centre.metrics.quality_lines import NAMES
from centre.snapshots.cells import Address
from centre.snapshots.figures import (
    Query,
    cell_query,
    count_query,
    digest,
    due_query,
    hour_query,
    ledger_query,
    point_query,
    share_query,
)

WINDOWS = ("now", "week", "usual", "week_now", "usual_now")
CLOCKS = ("open", "lapses_today", "overdue", *forecast.CLOCKS)
COUNTS = ("sent", "stored", "duplicate", "rejected")
COUNTED = next(one.id for one in VOLUME if one.num is RECEIVED)
"""The metric of hours and shares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A canonical question and the version of the definition that answers it; 0: of no metric.

    `now`: the city's clock when it was answered, where that was between two snapshots.
    """

    query: Mapping[str, Any]
    version: int = 0
    now: datetime | None = None

    @property
    def metric(self) -> str:
        """The metric's id; "" where what is asked for is not one."""
        return str(self.query.get("metric") or "")

    @property
    def unit(self) -> str:
        """Of which place; the city where the question names none."""
        return str(self.query.get("unit") or CITY)


def questions(
    city: City, metrics: Mapping[str, Metric], day: date, sources: Iterable[str]
) -> Mapping[str, Asked]:
    """Digest -> question, of everything on the screens of a day but its shares; `day`: local."""
    versions = tuple(
        (one.id, one.version) for metric in metrics.values() for one in metric.versions
    )
    units = (CITY, UNASSIGNED, *city.by_code)
    return _questions(units, versions, day, tuple(sources))


@lru_cache(maxsize=3)  # 20,000 questions are 15 MB and 0.1 s
def _questions(
    units: Sequence[str],
    versions: Sequence[tuple[str, int]],
    day: date,
    sources: Sequence[str],
) -> Mapping[str, Asked]:
    days = [day - timedelta(days=back) for back in range(1, RATE_DAYS + 1)]
    found: dict[str, Asked] = {}
    for metric, version in versions:
        for unit in units:
            _add(found, version, (cell_query(Address(metric, unit, one)) for one in WINDOWS))
            _add(found, version, (point_query(metric, unit, one) for one in days))
            if metric == COUNTED:
                _add(found, version, _hours(unit))
    _add(found, 0, (due_query(unit, clock) for unit in units for clock in CLOCKS))
    _add(found, 0, (count_query(one, count) for one in sources for count in COUNTS))
    return found


def of_ledger(city: City, day: date, sources: Iterable[str]) -> Mapping[str, Asked]:
    """Digest -> question, of all that /quality tells on a local day."""
    return _of_ledger((CITY, *city.by_code), day, tuple(sources))


@lru_cache(maxsize=3)
def _of_ledger(units: Sequence[str], day: date, sources: Sequence[str]) -> Mapping[str, Asked]:
    days = [None, *(day - timedelta(days=back) for back in range(RATE_DAYS))]
    found: dict[str, Asked] = {}
    for name in NAMES:
        _add(found, 0, (ledger_query(name, unit=one) for one in units))
        _add(found, 0, (ledger_query(name, source=one, day=on) for one in sources for on in days))
    return found


def _add(found: dict[str, Asked], version: int, queries: Iterable[Query]) -> None:
    found.update((digest(one, version), Asked(query=one, version=version)) for one in queries)


def _hours(unit: str) -> Iterator[Query]:
    for window in ("now", "usual"):
        yield from (hour_query(COUNTED, unit, hour, window) for hour in range(24))


def share_of(board: Board, metric: Metric, wanted: str) -> Asked | None:
    """The share of a board with this digest."""
    every = (
        Asked(query=share_query(COUNTED, unit, dim, one.key, window), version=definition.version)
        for definition in metric.versions
        for (dim, unit), shares in board.shares.items()
        for one in shares
        for window in ("now", "usual")
    )
    return next((one for one in every if digest(one.query, one.version) == wanted), None)

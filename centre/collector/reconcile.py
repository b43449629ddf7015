"""Reconciliation 对账: what a source says it holds against what is here, day by day.

theirs = cases that the source counts     ours = stored + refused (each case once)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from centre.domain.places import City
from centre.domain.sources import SourceConfig
from centre.store import rejects
from centre.store.queries import received
from datasources import mapping
from datasources.source import Counting

_PAGE = 500  # refused rows in memory at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of one source, in cases."""

    day: date
    theirs: int
    stored: int
    refused: int

    @property
    def difference(self) -> int:
        """Theirs less ours: above 0 some are missing here, below 0 they no longer have them."""
        return self.theirs - self.stored - self.refused


def reconcile(
    conn: Connection, source: Counting, config: SourceConfig, city: City, days: Sequence[date]
) -> tuple[Day, ...]:
    """Compare these local days. Raises SourceError when the source cannot be counted now."""
    theirs = source.counts(frozenset(days))
    refused = _refused(conn, config, city)
    return tuple(
        Day(
            day=day,
            theirs=theirs.get(day, 0),
            stored=received.received_on(conn, config.id, day, city.tz),
            refused=refused.get(day, 0),
        )
        for day in days
    )


def _refused(conn: Connection, config: SourceConfig, city: City) -> Mapping[date, int]:
    """Refused cases by day: none that is stored in another version, none twice.

    A row whose day cannot be read is in no day, here as in the source's own count.
    """
    found: dict[str, date] = {}
    after = ""
    while page := rejects.replayable(conn, config.id, limit=_PAGE, after=after):
        known = received.stored(conn, config.id, [one.key for one in page if one.key])
        for one in page:
            day = mapping.received_on(mapping.apply(one.row, config), config, city)
            if day is not None and one.key not in known:
                found[one.key or f"row {one.id}"] = day
        after = page[-1].id
    return Counter(found.values())

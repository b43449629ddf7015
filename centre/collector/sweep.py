"""Sweeps: the cases of a day, one by one against those of their source, and made alike.

Listing.keys ── missing here, or of an older version ──> their rows, judged and stored
             └─ not listed there ── Listing.find ──> on another day: their rows likewise
                                              └────> nowhere: removed; the history keeps them
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain, islice
from typing import Any

from sqlalchemy import Connection, Engine

from centre.collector.pipeline import judge
from centre.collector.reconcile import refused_on
from centre.collector.replay import NeverCollected
from centre.domain.places import City
from centre.domain.sources import SourceConfig
from centre.store import changes, reconciled, sources
from centre.store.delivery import Delivery, Sweep
from centre.store.engine import reading, writing
from centre.store.parts import Part
from centre.store.queries import received
from centre.store.write import write
from datasources import listing, mapping
from datasources.source import Listing, Malformed

FEW = 10
"""So many cases of a day are removed without asking, ..."""

SHARE = 0.1
"""... or this share of the day: more looks like a listing that is not whole."""

_PAGE = 500  # cases of one transaction: the collector waits half a second at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is unlike on one day, by numbers of cases. `stored`: how many we have of the day."""

    day: date
    missing: tuple[str, ...] = ()
    newer: tuple[str, ...] = ()  # the source has a newer version
    moved: tuple[str, ...] = ()  # the source has it on a day that was not asked for
    gone: tuple[str, ...] = ()  # only we have it
    stored: int = 0

    @property
    def is_alike(self) -> bool:
        """Whether there is nothing to mend."""
        return not (self.missing or self.newer or self.moved or self.gone)

    @property
    def is_doubtful(self) -> bool:
        """Whether so many are gone that somebody must say that this is right."""
        return len(self.gone) > max(FEW, SHARE * self.stored)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep did to one day, in cases. `left`: gone ones that were not removed."""

    day: date
    stored: int = 0
    rejected: int = 0
    removed: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweeping:
    """One source swept. `begin` is called before each time it is asked: its budget's."""

    engine: Engine
    source: Listing
    config: SourceConfig
    city: City
    parts: Sequence[Part]
    clock: Callable[[], datetime]
    begin: Callable[[], None] = lambda: None
    even_many: bool = False  # remove what is gone, however much of a day that is

    def look(self, days: Sequence[date]) -> tuple[int, tuple[Found, ...]]:
        """(Newest change before it was asked, what is unlike on each day). Raises SourceError.

        A case that moved from one of these days to another is not gone, nor is one that the source
        finds by its number.
        """
        with reading(self.engine) as conn:
            seen = changes.latest(conn)
        listed = {day: self._listed(day) for day in days}
        with reading(self.engine) as conn:
            refused = refused_on(conn, self.config, self.city)
            found = [self._unlike(conn, day, keys, refused) for day, keys in listed.items()]
        return seen, self._looked_up(found, {key for keys in listed.values() for key in keys})

    def mend(self, seen: int, found: Found) -> Swept:
        """Make one day alike. Raises SourceError, NeverCollected, Fenced."""
        stored = rejected = removed = 0
        for page in self._pages(found):
            receipt = self._write(page, Sweep(gone=(), seen=seen))
            stored, rejected = stored + receipt.stored, rejected + receipt.rejected
        gone = found.gone if self.even_many or not found.is_doubtful else ()
        for start in range(0, len(gone), _PAGE):
            receipt = self._write((), Sweep(gone=gone[start : start + _PAGE], seen=seen))
            removed += receipt.removed
        left = len(found.gone) - len(gone)
        return Swept(day=found.day, stored=stored, rejected=rejected, removed=removed, left=left)

    def note(self, done: Sequence[Swept]) -> None:
        """Keep with the comparison of each day what was done to it."""
        with writing(self.engine) as conn:
            for one in done:
                reconciled.swept(
                    conn,
                    self.config.id,
                    one.day,
                    came=one.stored,
                    removed=one.removed,
                    at=self.clock(),
                )

    def _listed(self, day: date) -> Mapping[str, int | None]:
        self.begin()
        return self.source.keys(day, self._until())

    def _unlike(
        self,
        conn: Connection,
        day: date,
        keys: Mapping[str, int | None],
        refused: Mapping[str, date],
    ) -> Found:
        """What is listed of a day against what is here; what is not listed counts as gone yet."""
        ours = received.keys_on(conn, self.config.id, day, self.city.tz)
        known = received.versions(conn, self.config.id, keys)
        good = {key: version for key, version in keys.items() if version is not None}
        named = {key for key, on in refused.items() if on == day}
        return Found(
            day=day,
            missing=tuple(key for key in good if key not in known),
            newer=tuple(k for k, v in good.items() if k in known and v > known[k]),
            gone=tuple(sorted((ours | named) - set(keys) - _nameless(named))),
            stored=len(ours),
        )

    def _looked_up(self, found: Sequence[Found], listed: set[str]) -> tuple[Found, ...]:
        """What is not listed, looked for by its number: moved to another day, or gone.

        A source that does not find what it has just listed knows nothing of the others either.
        """
        wanted = sorted({key for one in found for key in one.gone} - listed)
        witness = sorted(listed)[:1] if wanted else []
        there = {self._key(row) for row in self._find([*witness, *wanted])}
        if not there.issuperset(witness):
            lists = f"{self.config.path}: lists {witness[0]} and does not find it by its number"
            raise Malformed(f"{lists}; nobody can say what is gone")
        return tuple(_sorted(one, there, listed) for one in found)

    def _find(self, keys: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        for start in range(0, len(keys), _PAGE):
            self.begin()
            yield from self.source.find(keys[start : start + _PAGE], self._until())

    def _pages(self, found: Found) -> Iterator[Sequence[Mapping[str, Any]]]:
        rows = chain(self._of_day(found), self._find(found.moved))
        while page := tuple(islice(rows, _PAGE)):
            yield page

    def _of_day(self, found: Found) -> Iterator[Mapping[str, Any]]:
        """The rows of what is missing or older here."""
        wanted = {*found.missing, *found.newer}
        if not wanted:
            return
        self.begin()
        rows = self.source.rows(found.day, self._until())
        yield from listing.of_cases(rows, self.config, wanted)

    def _key(self, row: Mapping[str, Any]) -> str:
        return listing.key_of(mapping.apply(row, self.config))

    def _until(self) -> datetime:
        return self._row().watermark or self.clock()

    def _row(self) -> sources.SourceRow:
        with reading(self.engine) as conn:
            known = {row.id: row for row in sources.states(conn)}
        if self.config.id not in known:
            raise NeverCollected(f"{self.config.id}: never collected, so nothing can be swept")
        return known[self.config.id]

    def _write(self, rows: Sequence[Mapping[str, Any]], sweep: Sweep) -> Any:
        judged = judge(rows, self.config, self.city, self.clock())
        delivery = Delivery(
            source=self.config.id,
            epoch=self._row().epoch,
            records=judged.records,
            rows=judged.rows,
            cursor=None,
            fetched_at=self.clock(),
            sweep=sweep,
        )
        return write(self.engine, delivery, self.parts, self.city.tz)


def _sorted(one: Found, there: Collection[str], listed: Collection[str]) -> Found:
    """What its day does not list and no other day does: moved to one not asked for, or gone."""
    missed = [key for key in one.gone if key not in listed]
    moved = tuple(key for key in missed if key in there)
    return replace(one, moved=moved, gone=tuple(key for key in missed if key not in there))


def _nameless(named: set[str]) -> set[str]:
    """Refused rows without a number: nobody can say whether the source still has them."""
    return {key for key in named if key.startswith("row ")}

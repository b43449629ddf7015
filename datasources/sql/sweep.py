"""Reading a table that tells no time of change: all of it, now and then, by the hashes of its rows.

A row is delivered when its hash is not among those of the last sweep. Which of two deliveries is
newer only we can know, so each row gets the time of its sweep under READ_AT.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa

from datasources.source import Batch, Malformed
from datasources.sql.door import Door
from datasources.sql.how import READ_AT, How
from datasources.sql.moments import from_json, to_json
from datasources.sql.shape import Row, Shape, still

MOST_ROWS = 100_000  # whose hashes a cursor holds: 1 MB
_LETTERS = 10  # 40 bits: of 100,000 rows, one change in ten million is taken for an old row
_SILENT_PAGES = 10  # pages without news after which the collector hears that we go on


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepPlace:
    """What the last sweep saw, and what a running one has delivered already."""

    hashes: str = ""
    fresh: str = ""
    begun: str | None = None  # the running sweep; None: there is none
    ended: str | None = None  # when the last whole sweep was begun
    total: int = 0

    @classmethod
    def of(cls, cursor: Mapping[str, Any]) -> SweepPlace | None:
        """A cursor of ours; None for another's."""
        return cls(**cursor) if set(cursor) == {one.name for one in fields(cls)} else None

    def is_due(self, now: datetime, every_seconds: float) -> bool:
        """Whether a sweep runs, or it is time for the next."""
        if self.begun is not None or self.ended is None:
            return True
        return (now - datetime.fromisoformat(self.ended)).total_seconds() >= every_seconds

    def known(self) -> set[str]:
        """The hashes of all rows that are delivered."""
        text = self.hashes + self.fresh
        return {text[at : at + _LETTERS] for at in range(0, len(text), _LETTERS)}


@dataclass(frozen=True, eq=False, kw_only=True)
class Sweep:
    """One sweep over all rows, by their keys."""

    door: Door
    shape: Shape
    how: How
    size: int
    now: datetime
    rest: Callable[[int], None]
    name: str  # whom to name in messages

    def batches(self, place: SweepPlace) -> Iterator[Batch]:
        """Pages with news, each with the rows that are new or different; the last one ends it."""
        begun = place.begun or self.now.isoformat()
        place = replace(place, begun=begun, total=place.total or self._total())
        known, seen, silent = place.known(), list[str](), 0
        pages = self._pages()
        page = next(pages, None)
        while page is not None:
            following = next(pages, None)
            still(self.door, self.how, self.shape)
            hashes = [_hash(row) for row in page]
            news = [(row, one) for row, one in zip(page, hashes, strict=True) if one not in known]
            seen += hashes
            self._within(len(seen))
            silent = 0 if news else silent + 1
            if following is None:
                yield self._last(news, seen, place)
            elif news or silent == _SILENT_PAGES:
                silent = 0
                place = replace(place, fresh=place.fresh + "".join(one for _, one in news))
                yield self._batch(news, place, len(seen))
            self.rest(len(page))
            page = following

    def _last(
        self, news: Sequence[tuple[Row, str]], seen: Sequence[str], place: SweepPlace
    ) -> Batch:
        """What a sweep did not see is forgotten: a row that comes back is news."""
        begun = place.begun or self.now.isoformat()
        ended = SweepPlace(hashes="".join(seen), ended=begun, total=len(seen))
        size = max(1, len(seen))
        return Batch(
            rows=[{**row, READ_AT: begun} for row, _ in news],
            cursor=asdict(ended),
            watermark=datetime.fromisoformat(begun),
            filled=size,
            total=size,
            fill_unit="rows",
        )

    def _batch(self, news: Sequence[tuple[Row, str]], place: SweepPlace, read: int) -> Batch:
        total = max(place.total, read + 1)
        return Batch(
            rows=[{**row, READ_AT: place.begun} for row, _ in news],
            cursor=asdict(place),
            filled=read,
            total=total,
            fill_unit="rows",
            more=True,
        )

    def _pages(self) -> Iterator[list[Row]]:
        """All rows by key; those without one at the end, for parse to refuse."""
        key, last = self.shape.key, None
        while True:
            where = key.is_not(None) if last is None else key > from_json(last)
            rows = self._ask(where)
            yield [self.shape.row(row) for row in rows]
            if len(rows) < self.size:
                break
            last = to_json(rows[-1][self.shape.key_at])
        nameless = self._ask(key.is_(None))
        if nameless:
            yield [self.shape.row(row) for row in nameless]

    def _ask(self, where: sa.ColumnElement[bool]) -> Sequence[Any]:
        statement = self.shape.all().where(where).order_by(self.shape.key).limit(self.size)
        return self.door.rows(statement, self.size)[1]

    def _total(self) -> int:
        one = sa.select(sa.literal(1).label("one__")).select_from(self.shape.source)
        some = one.limit(MOST_ROWS + 1).subquery("some__")
        found = int(self.door.rows(sa.select(sa.func.count()).select_from(some), 1)[1][0][0])
        self._within(found)
        return found

    def _within(self, rows: int) -> None:
        if rows > MOST_ROWS:
            raise Malformed(
                f"{self.name}: more than {MOST_ROWS:,} rows without a time of change; give "
                "connection.changed_at, or a query with fewer rows"
            )


def _hash(row: Row) -> str:
    word = json.dumps(row, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
    return blake2b(word, digest_size=_LETTERS // 2).hexdigest()

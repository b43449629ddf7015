"""Reading by the time of change: the newest rows first, then what follows and what lies before.

low ◄── history ── first page ──► high ── live ──►
                         └ overlap ┘ looked at again: what was committed late
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from datasources.source import Batch
from datasources.sql import overlap
from datasources.sql.how import How
from datasources.sql.moments import from_json, instant, to_json
from datasources.sql.overlap import Mark
from datasources.sql.pages import Cells, Pages
from datasources.sql.place import BLANK, FULL, OLDER, Place, Point
from datasources.sql.shape import still

Steps = Generator[Batch, None, Place]


@dataclass(frozen=True, eq=False, kw_only=True)
class Keyset:
    """One fetch. `rest`: told how many rows a page had, it waits where there is a limit."""

    pages: Pages
    how: How
    rest: Callable[[int], None]

    def batches(self, place: Place) -> Iterator[Batch]:
        """First what is new, then one page of history after the other."""
        place = yield from (self._first(place) if place.high is None else self._live(place))
        while place.stage != FULL:
            rows, place = self._history(place)
            yield self._batch(rows, place)
            self.rest(len(rows))

    def _first(self, place: Place) -> Steps:
        """The newest page. Until a table has a row with a time there is none."""
        rows = self.pages.newest()
        if not rows:
            return place if place.stage == FULL else replace(place, stage=BLANK)
        place = replace(place, total=self.pages.total(), until=self.pages.now.isoformat())
        floor = rows[-1][-1] if len(rows) == self.pages.size else None
        place = self._sunk(self._risen(place, rows[::-1], [], floor), rows)
        yield self._batch(rows, place)
        self.rest(len(rows))
        return place

    def _live(self, place: Place) -> Steps:
        """What was committed late, then what is new."""
        before = place
        marks, late = self._overlap(place)
        if late:
            marks = [*marks, *map(self._mark, late)]
            place = overlap.remember(place, marks, self.how.overlap)
            yield self._batch(late, place, is_newest=False)
        rows = self.pages.above(self._high(place))
        while len(rows) == self.pages.size:
            place = self._risen(place, rows, marks)
            marks = [*marks, *map(self._mark, rows)][-2 * overlap.MOST :]
            yield self._batch(rows, place, is_newest=False)
            self.rest(len(rows))
            rows = self.pages.above(self._high(place))
        settled = overlap.settle(place, self.pages.now, self.how.overlap)
        place = self._risen(place, rows, marks) if rows else settled
        if place != before:
            place = replace(place, until=self.pages.now.isoformat())
            yield self._batch(rows, place)
        return replace(place, until=self.pages.now.isoformat())

    def _overlap(self, place: Place) -> tuple[list[Mark], Sequence[Cells]]:
        """Behind the newest row: the marks of what is known, and the rows that came late."""
        if not place.recent:
            return [], []
        known = overlap.known(place)
        marks: list[Mark] = []
        late: list[Any] = []
        for key, time in self.pages.marks(place.since, self._high(place)):
            mark = overlap.mark(time, key)
            if mark.hash in known:
                marks.append(mark)
            else:
                late.append(key)
        return marks, self.pages.whole(late)

    def _history(self, place: Place) -> tuple[Sequence[Cells], Place]:
        """A page of what lies before, then of the rows that have no time of change."""
        if place.stage == OLDER:
            rows = self.pages.below(place.low)
            return rows, self._sunk(place, rows)
        rows = self.pages.blank(place.low)
        is_last = len(rows) < self.pages.size
        return rows, replace(
            place,
            read=place.read + len(rows),
            stage=FULL if is_last else BLANK,
            low=None if is_last else to_json(self._key(rows[-1])),
        )

    def _sunk(self, place: Place, rows: Sequence[Cells]) -> Place:
        """The place after a page of history."""
        is_last = len(rows) < self.pages.size
        return replace(
            place,
            read=place.read + len(rows),
            stage=BLANK if is_last else OLDER,
            low=None if is_last else self._point(rows[-1]),
        )

    def _risen(
        self, place: Place, rows: Sequence[Cells], marks: Sequence[Mark], floor: Any = None
    ) -> Place:
        """The place after a page of news, oldest first."""
        seen = self.pages.now.isoformat()
        place = replace(place, high=self._point(rows[-1]), seen=seen)
        marks = [*marks, *map(self._mark, rows)]
        return overlap.remember(place, marks, self.how.overlap, floor)

    def _batch(self, rows: Sequence[Cells], place: Place, *, is_newest: bool = True) -> Batch:
        if rows:
            still(self.pages.door, self.how, self.pages.shape)
        more = place.stage != FULL or not is_newest
        total = max(place.total, place.read + 1) if more else max(place.read, 1)
        return Batch(
            rows=[self.pages.shape.row(row) for row in rows],
            cursor=asdict(place),
            watermark=self._watermark(place) if is_newest else None,
            filled=min(place.read, total) if more else total,
            total=total,
            fill_unit="rows",
            more=more,
        )

    def _watermark(self, place: Place) -> datetime:
        """Until when all is delivered; of a copy, the newest change that it knows."""
        now = self.pages.now
        until = datetime.fromisoformat(place.until) if place.until else now
        if not self.how.is_copy or place.high is None:
            return until
        newest = instant(from_json(place.high[0]), self.pages.zone)
        return until if newest is None else min(until, newest)

    def _high(self, place: Place) -> Point:
        assert place.high is not None  # noqa: S101 - `batches` has looked
        return place.high

    def _point(self, row: Cells) -> Point:
        return [to_json(row[-1]), to_json(self._key(row))]

    def _mark(self, row: Cells) -> Mark:
        return overlap.mark(row[-1], self._key(row))

    def _key(self, row: Cells) -> Any:
        return row[self.pages.shape.key_at]

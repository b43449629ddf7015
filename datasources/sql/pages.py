"""What is asked of a table with a time of change, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from datasources.sql.door import Door
from datasources.sql.moments import NoMoment, ceiling, from_json
from datasources.sql.place import Point
from datasources.sql.shape import Shape

Where = sa.ColumnElement[bool]
Cells = Sequence[Any]
"""A row of `Shape.all()`: its columns, and the time of change behind them."""

_COUNTED = 200_000  # rows that are counted for the progress: a number that comes at once
_TRIED = 50  # newest rows that are looked at for a time that can be true


@dataclass(frozen=True, eq=False, kw_only=True)
class Pages:
    """Pages of one fetch. A page that has fewer rows than `size` is the last."""

    door: Door
    shape: Shape
    changed: sa.ColumnElement[Any]
    size: int
    zone: ZoneInfo
    now: datetime

    def newest(self) -> Sequence[Cells]:
        """The rows that were changed last, newest first; none whose time cannot be true."""
        there = self.changed.is_not(None)
        marks = self._ordered(self.shape.marks().where(there), is_down=True).limit(_TRIED)
        for _, time in self.door.rows(marks, _TRIED)[1]:
            try:
                where = sa.and_(there, self._not_beyond(time))
            except NoMoment:  # "infinity", or a zero that this database takes for a time
                continue
            return self._page(where, is_down=True)
        return []

    def above(self, point: Point) -> Sequence[Cells]:
        """What was changed after a point, oldest first."""
        time, key = map(from_json, point)
        return self._page(sa.and_(self._later(time, key), self._not_beyond(time)))

    def below(self, point: Point) -> Sequence[Cells]:
        """What was changed before a point, newest first."""
        time, key = map(from_json, point)
        return self._page(self._earlier(time, key), is_down=True)

    def blank(self, after: Any) -> Sequence[Cells]:
        """Rows without a time of change, by key; `after`: the last one, None at the beginning."""
        where: Where = self.changed.is_(None)
        if after is not None:
            where = sa.and_(where, self.shape.key > from_json(after))
        statement = self.shape.all().where(where).order_by(self.shape.key)
        return self.door.rows(statement.limit(self.size), self.size)[1]

    def marks(self, since: Any, high: Point) -> Iterator[tuple[Any, Any]]:
        """(key, time) of the rows that were changed after a time, up to a point."""
        start, (time, key) = from_json(since), map(from_json, high)
        until = sa.or_(self._earlier(time, key), self._at(time, key))
        where: Where = self.changed > start
        while True:
            marks = self._ordered(self.shape.marks().where(where, until)).limit(self.size)
            rows = self.door.rows(marks, self.size)[1]
            yield from ((row[0], row[1]) for row in rows)
            if len(rows) < self.size:
                return
            where = self._later(rows[-1][1], rows[-1][0])

    def whole(self, keys: Sequence[Any]) -> Sequence[Cells]:
        """The rows of these keys, a page at most."""
        some = [key for key in keys if key is not None][: self.size]
        if not some:
            return []
        where = self.shape.key.in_(some)
        return self.door.rows(self.shape.all().where(where).order_by(self.shape.key), self.size)[1]

    def total(self) -> int:
        """How many rows there are, counted up to a limit."""
        one = sa.select(sa.literal(1).label("one__")).select_from(self.shape.source)
        some = one.limit(_COUNTED).subquery("some__")
        found = self.door.rows(sa.select(sa.func.count()).select_from(some), 1)[1]
        return int(found[0][0])

    def _page(self, where: Where, *, is_down: bool = False) -> Sequence[Cells]:
        statement = self._ordered(self.shape.all().where(where), is_down=is_down)
        return self.door.rows(statement.limit(self.size), self.size)[1]

    def _ordered(self, statement: sa.Select[Any], *, is_down: bool = False) -> sa.Select[Any]:
        key = self.shape.key
        if is_down:
            return statement.order_by(self.changed.desc(), key.desc())
        return statement.order_by(self.changed, key)

    def _not_beyond(self, like: Any) -> Where:
        """Nothing of next year: such a row would hide all that is changed until then."""
        limit = ceiling(self.now, like, self.zone)
        return sa.true() if limit is None else self.changed <= limit

    def _later(self, time: Any, key: Any) -> Where:
        tie = self.shape.key.is_not(None) if key is None else self.shape.key > key
        return sa.or_(self.changed > time, sa.and_(self.changed == time, tie))

    def _earlier(self, time: Any, key: Any) -> Where:
        tie = self.shape.key.is_not(None) if key is None else self.shape.key < key
        return sa.or_(self.changed < time, sa.and_(self.changed == time, tie))

    def _at(self, time: Any, key: Any) -> Where:
        return sa.and_(self.changed == time, self.shape.key == key)

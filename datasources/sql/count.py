"""What a table holds of some days, for the comparison with what is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from centre.domain.periods import day_start
from centre.domain.places import City
from centre.domain.sources import SourceConfig
from datasources import listing, mapping
from datasources.sql.door import Door
from datasources.sql.how import READ_AT
from datasources.sql.moments import NoMoment, in_kind
from datasources.sql.shape import Row, Shape

_PAGE = 2000
_ASKED = 500  # numbers of one question
_LONGEST = 400  # characters of a number with the blanks around it
_BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC).isoformat()
"""The version of a row that no sweep has brought: any sweep knows better."""
_MARGIN = timedelta(days=1)  # zones and days of text: the map judges exactly, the database about


@dataclass(frozen=True, eq=False, kw_only=True)
class Holding:
    """The cases of a table by the day on which they were received."""

    door: Door
    shape: Shape
    config: SourceConfig
    city: City

    def counts(self, days: Collection[date]) -> Mapping[date, int]:
        """How many cases each day has, each once; a row without a number is a case."""
        found: dict[str, date] = {}
        nameless: Counter[date] = Counter()
        for row, day in self._dated(days):
            key = listing.key_of(mapping.apply(row, self.config))
            if key:
                found[key] = day
            else:
                nameless[day] += 1
        return Counter(found.values()) + nameless

    def keys(self, day: date, until: datetime) -> Mapping[str, int | None]:
        """The cases of a day, each with its newest version."""
        return listing.newest(self.rows(day), self.config, self.city, day, until)

    def rows(self, day: date) -> Iterator[Row]:
        """The rows of a day that are of a case."""
        for row, _ in self._dated((day,)):
            if listing.key_of(mapping.apply(row, self.config)):
                yield self._versioned(row)

    def find(self, keys: Collection[str]) -> Iterator[Row]:
        """The rows of some cases, on whatever day."""
        wanted = sorted(keys)
        for start in range(0, len(wanted), _ASKED):
            some = wanted[start : start + _ASKED]
            rows = self._pages(self._named(some))
            yield from map(self._versioned, listing.of_cases(rows, self.config, frozenset(some)))

    def _versioned(self, row: Row) -> Row:
        """A row of a table that does not tell which of two deliveries is newer is the older one."""
        return row if self.shape.changed is not None else {**row, READ_AT: _BEFORE_ALL}

    def _named(self, keys: Collection[str]) -> sa.ColumnElement[bool]:
        """The rows of these numbers, where the database writes them as we do; else all rows."""
        column = self._column("key")
        if column is None or self.config.fields["key"].codes:
            return sa.true()
        some = sa.select(column).select_from(self.shape.source).where(column.is_not(None))
        like = self.door.rows(some.limit(1), 1)[1]
        if like and type(like[0][0]) not in (str, int):
            return sa.true()
        return sa.func.trim(sa.cast(column, sa.String(_LONGEST))).in_(keys)

    def _column(self, field: str) -> sa.ColumnElement[object] | None:
        """The database's column of one of our fields; None: it has none of its own."""
        mapped = self.config.fields.get(field)
        named = {ours: theirs for theirs, ours in self.shape.names.items()}
        if mapped is None or mapped.column not in named:
            return None
        return sa.column(named[mapped.column])

    def _dated(self, days: Collection[date]) -> Iterator[tuple[Row, date]]:
        """The rows of some days, each with its day."""
        near = self._near(days) if days else sa.false()
        for row in self._pages(near):
            day = mapping.received_on(mapping.apply(row, self.config), self.config, self.city)
            if day is not None and day in days:
                yield row, day

    def _near(self, days: Collection[date]) -> sa.ColumnElement[bool]:
        """About these days, where the database can tell times apart; else all rows."""
        column = self._column("received_at")
        if column is None:
            return sa.true()
        newest = sa.select(sa.func.max(column)).select_from(self.shape.source)
        like = self.door.rows(newest, 1)[1][0][0]
        try:
            start, end = (
                in_kind(day_start(day, self.city.tz) + margin, like, self.city.tz)
                for day, margin in ((min(days), -_MARGIN), (max(days), 2 * _MARGIN))
            )
        except NoMoment:
            return sa.true()
        return sa.true() if start is None else sa.and_(column >= start, column <= end)

    def _pages(self, near: sa.ColumnElement[bool]) -> Iterator[Row]:
        """By key, and at the end those without one."""
        key = self.shape.key
        where: sa.ColumnElement[bool] = key.is_not(None)
        while True:
            rows = self._ask(sa.and_(near, where))
            yield from map(self.shape.row, rows)
            if len(rows) < _PAGE:
                break
            where = key > rows[-1][self.shape.key_at]
        yield from map(self.shape.row, self._ask(sa.and_(near, key.is_(None))))

    def _ask(self, where: sa.ColumnElement[bool]) -> list[sa.Row[tuple[object, ...]]]:
        statement = self.shape.all().where(where).order_by(self.shape.key).limit(_PAGE)
        return self.door.rows(statement, _PAGE)[1]

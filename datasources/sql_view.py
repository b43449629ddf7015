"""Any database that SQLAlchemy knows: a table, a view of a 前置库, or a single SELECT.

Read-only, one short query at a time. With a column of change times the newest rows come first and
each fetch brings what has changed; without one all rows are compared now and then.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import URL, ColumnElement

from centre.domain.sources import SourceConfig
from datasources.sampling import Drafted
from datasources.secrets import said
from datasources.source import Batch, Denied, Malformed, Surroundings, foreign_cursor
from datasources.sql import dialects
from datasources.sql.count import Holding
from datasources.sql.door import Door
from datasources.sql.how import KEYS, READ_AT, how
from datasources.sql.keyset import Keyset
from datasources.sql.look import look
from datasources.sql.moments import NoMoment
from datasources.sql.pages import Pages
from datasources.sql.place import Place
from datasources.sql.shape import Row, Shape, shape
from datasources.sql.sweep import Sweep, SweepPlace


class SqlView:
    """A table of an outside database."""

    adapter: ClassVar[str] = "sql_view"
    connection_keys: ClassVar[Mapping[str, str]] = KEYS

    def __init__(self, config: SourceConfig, around: Surroundings) -> None:
        self._config, self._around = config, around
        self._how = how(config)
        self._zone = ZoneInfo(config.zone) if config.zone else around.city.tz
        self._door = Door(_url(config, around), str(config.path), around.budget)
        self._rate = self._how.rows_per_second
        self._size = min(self._how.batch_rows, self._rate or self._how.batch_rows)
        self._is_closed = False

    @property
    def stands_still_when_quiet(self) -> bool:
        """Outside its hours, between two sweeps and of a copy, silence promises nothing."""
        return self._is_closed or self._how.is_copy or not self._how.changed_at

    def fetch(self, cursor: Mapping[str, Any] | None, now: datetime) -> Iterator[Batch]:
        """Yield what is new, then one page of history after the other."""
        place = self._place(cursor)
        self._is_closed = not self._how.is_open(now, self._zone)
        if self._is_closed:
            return
        try:
            if isinstance(place, Place):
                yield from self._keyset(now).batches(place)
            elif place.is_due(now, self._how.sweep_seconds):
                yield from self._sweep(now).batches(place)
        except NoMoment as error:
            raise Malformed(f"{self._config.path}: connection.changed_at: {error}") from error

    def settle(self, cursor: Mapping[str, Any]) -> None:
        """Nothing waits for us."""

    def counts(self, days: Collection[date]) -> Mapping[date, int]:
        """Count the cases that were received on these days."""
        return self._holding().counts(days)

    def keys(self, day: date, until: datetime) -> Mapping[str, int | None]:
        """List the cases of a day as the table has them now."""
        return self._holding().keys(day, until)

    def rows(self, day: date, until: datetime) -> Iterator[Row]:
        """Yield the rows of these cases, by key."""
        yield from self._holding().rows(day)

    def find(self, keys: Collection[str], until: datetime) -> Iterator[Row]:
        """Yield the rows of these cases, by key."""
        return self._holding().find(keys)

    def sample(self, most: int) -> Sequence[Row]:
        """The newest rows, or the first by key."""
        shape_ = self._shape()
        now = datetime.now(UTC)
        if shape_.changed is not None:
            pages = replace(self._pages(shape_, shape_.changed, now), size=most)
            return [shape_.row(row) for row in pages.newest()]
        some = shape_.all().order_by(shape_.key).limit(most)
        rows = self._door.rows(some, most)[1]
        return [{**shape_.row(row), READ_AT: now.isoformat()} for row in rows]

    @classmethod
    def draft(cls, where: str, options: Mapping[str, str], around: Surroundings) -> Drafted:
        """Look at a table without a map; option `table`."""
        return look(where, options, around)

    def _holding(self) -> Holding:
        return Holding(
            door=self._door,
            shape=self._shape(),
            config=self._config,
            city=self._around.city,
        )

    def _place(self, cursor: Mapping[str, Any] | None) -> Place | SweepPlace:
        """Where we are; who was given a time of change, or lost it, begins anew."""
        fresh = Place() if self._how.changed_at else SweepPlace()
        if cursor is None:
            return fresh
        found = Place.of(cursor) or SweepPlace.of(cursor)
        if found is None:
            raise foreign_cursor(self._config, cursor)
        return found if type(found) is type(fresh) else fresh

    def _shape(self) -> Shape:
        return shape(self._door, self._how, str(self._config.path))

    def _keyset(self, now: datetime) -> Keyset:
        found = self._shape()
        assert found.changed is not None  # noqa: S101 - `_place` has looked
        pages = self._pages(found, found.changed, now)
        return Keyset(pages=pages, how=self._how, rest=self._rest)

    def _pages(self, found: Shape, changed: ColumnElement[Any], now: datetime) -> Pages:
        return Pages(
            door=self._door,
            shape=found,
            changed=changed,
            size=self._size,
            zone=self._zone,
            now=now,
        )

    def _sweep(self, now: datetime) -> Sweep:
        return Sweep(
            door=self._door,
            shape=self._shape(),
            how=self._how,
            size=self._size,
            now=now,
            rest=self._rest,
            name=str(self._config.path),
        )

    def _rest(self, rows: int) -> None:
        """Wait until a page is paid for; pages are no longer than what a second allows."""
        if self._rate is not None:
            time.sleep(rows / self._rate)


def _url(config: SourceConfig, around: Surroundings) -> URL:
    """Where the database is; a file of SQLite may be relative to DATA."""
    text = said(config, around, "url")
    if text is None:
        raise Malformed(f"{config.path}: connection.url: say where the database is")
    try:
        url = dialects.url_of(text, said(config, around, "password"))
    except ValueError as error:
        raise Malformed(f"{config.path}: connection.url: {error}") from error
    file = url.database or ""
    if url.get_backend_name() != "sqlite" or file.startswith("/"):
        return url
    if around.data_dir is None:
        raise Denied(f'{config.path}: connection.url: "{file}": set DATA to its folder')
    return url.set(database=str(around.data_dir / file))

"""The suite that every adapter inherits, ours or a stranger's.

    class TestMine(DataSourceContract):
        @pytest.fixture
        def outside(self, tmp_path):          # a small outside world of yours, the same every time
            def make(name: str) -> Outside:
                return Outside(source=Mine(config, around), now=NOW, …)
            return make

`make` is called with another name each time; what the worlds hold must be equal.
"""
# ruff: noqa: S101 - a suite asserts

from __future__ import annotations

import json
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from centre.domain.periods import local_day
from centre.domain.places import City
from centre.domain.sources import SourceConfig
from datasources import listing, mapping
from datasources.source import Batch, Counting, DataSource, Listing, Malformed, SourceError

Row = Mapping[str, Any]
Cursor = Mapping[str, Any] | None

_PLAIN = (str, int, float, bool, type(None))
_MOST_FETCHES = 500  # a source that still says "more" after so many never ends
_MOST_STOPS = 8  # batches after which the suite stops and goes on with a new object


@dataclass(frozen=True, kw_only=True)
class Outside:
    """An outside world with something to fetch, and the source that looks at it.

    It is looked at `looks` times, `step` apart: an adapter may wait until what it sees keeps
    still. `unreachable` breaks the world. `most_bytes` of memory may be taken while it is read.
    `config` and `city`: of a source that counts, to know the day and the number of a row.
    """

    source: DataSource
    now: datetime
    unreachable: Callable[[], None]
    restart: Callable[[], DataSource]  # a new object that sees the same world
    looks: int = 1
    step: timedelta = timedelta(seconds=10)
    most_bytes: int = 64 * 2**20
    config: SourceConfig | None = None
    city: City | None = None

    def known(self) -> tuple[SourceConfig, City]:
        """By what rows are read."""
        assert self.config and self.city, "a source that counts: give Outside its config and city"
        return self.config, self.city

    def dated(self, rows: Iterable[Row]) -> Iterator[tuple[str, date]]:
        """(number, day) of the rows that are cases of complete days."""
        config, city = self.known()
        for row in rows:
            words = mapping.apply(row, config)
            day = mapping.received_on(words, config, city)
            if day is not None and day < local_day(_end(self), city.tz):
                yield listing.key_of(words), day

    def delivered(self) -> dict[str, date]:
        """The cases of complete days that it delivers, by number."""
        batches = list(drain(self.source, None, self))
        return dict(self.dated(_rows(batches)))


Make = Callable[[str], Outside]
"""Makes a world of that name; what the worlds hold is equal."""


def drain(source: DataSource, cursor: Cursor, world: Outside) -> Iterator[Batch]:
    """Fetch as a collector does, settling each batch, until nothing more is promised."""
    for look in range(world.looks):
        now, more = world.now + look * world.step, True
        for _ in range(_MOST_FETCHES):
            more = False
            for batch in source.fetch(cursor, now):
                cursor, more = dict(batch.cursor), batch.more
                source.settle(cursor)
                yield batch
            if not more:
                break
        assert not more, f'still "more" after {_MOST_FETCHES} fetches: this source never ends'


def _rows(batches: Iterable[Batch]) -> list[Row]:
    return [row for batch in batches for row in batch.rows]


def _end(world: Outside) -> datetime:
    return world.now + (world.looks - 1) * world.step


def _plain(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and _plain(one) for key, one in value.items())
    if isinstance(value, list):
        return all(map(_plain, value))
    return isinstance(value, _PLAIN)


class DataSourceContract:
    """What a collector relies on. Inherit, and give the fixture `outside`."""

    def test_there_is_something_to_fetch(self, outside: Make) -> None:
        world = outside("a")
        rows = _rows(drain(world.source, None, world))
        assert rows, "an empty outside world proves nothing: put rows into it"

    def test_rows_are_mappings_of_plain_values(self, outside: Make) -> None:
        world = outside("a")
        rows = _rows(drain(world.source, None, world))
        assert [row for row in rows if not isinstance(row, Mapping) or not _plain(row)] == []

    def test_cursors_survive_json(self, outside: Make) -> None:
        world = outside("a")
        cursors = [dict(batch.cursor) for batch in drain(world.source, None, world)]
        assert json.loads(json.dumps(cursors, allow_nan=False)) == cursors

    def test_the_same_world_gives_the_same_rows(self, outside: Make) -> None:
        one, other = outside("a"), outside("b")
        expected = _rows(drain(one.source, None, one))
        assert _rows(drain(other.source, None, other)) == expected

    def test_going_on_from_any_batch_loses_and_doubles_nothing(self, outside: Make) -> None:
        whole = outside("whole")
        batches = list(drain(whole.source, None, whole))
        for stop in range(1, min(len(batches), _MOST_STOPS) + 1):
            world = outside(f"stop{stop}")
            before = list(islice(drain(world.source, None, world), stop))
            after = drain(world.restart(), before[-1].cursor, world)
            rows = _rows([*before, *after])
            assert rows == _rows(batches), f"stopped after batch {stop} of {len(batches)}"

    def test_nothing_is_left_after_the_end(self, outside: Make) -> None:
        world = outside("a")
        *_, last = drain(world.source, None, world)
        assert _rows(drain(world.source, last.cursor, world)) == []

    def test_watermarks_are_aware_and_neither_ahead_nor_going_back(self, outside: Make) -> None:
        world = outside("a")
        marks = [one.watermark for one in drain(world.source, None, world) if one.watermark]
        assert marks, "without a watermark nobody knows how old the figures are"
        assert all(mark.tzinfo is not None and mark <= _end(world) for mark in marks)
        assert marks == sorted(marks)

    def test_a_quiet_fetch_brings_nothing_and_takes_nothing_back(self, outside: Make) -> None:
        world = outside("a")
        batches = list(drain(world.source, None, world))
        said = max(one.watermark for one in batches if one.watermark)
        quiet = list(world.source.fetch(batches[-1].cursor, _end(world) + world.step))
        assert _rows(quiet) == []
        marks = [one.watermark for one in quiet if one.watermark]
        assert all(said <= mark <= _end(world) + world.step for mark in marks)
        assert marks or not quiet, "a batch of a quiet fetch says until when all is delivered"

    def test_progress_ends_when_nothing_more_is_promised(self, outside: Make) -> None:
        world = outside("a")
        batches = list(drain(world.source, None, world))
        assert all(0 <= batch.filled <= batch.total for batch in batches)
        assert not batches[-1].more
        assert batches[-1].filled == batches[-1].total

    def test_settling_twice_is_settling_once(self, outside: Make) -> None:
        world = outside("a")
        *_, last = drain(world.source, None, world)
        world.source.settle(last.cursor)
        world.source.settle(last.cursor)
        assert _rows(drain(world.restart(), last.cursor, world)) == []

    def test_an_unreachable_world_raises_a_source_error(self, outside: Make) -> None:
        world = outside("a")
        world.unreachable()
        try:
            rows = _rows(world.source.fetch(None, world.now))
        except SourceError as error:
            assert str(error).strip(), "say what does not answer"
            return
        raise AssertionError(f"{len(rows)} rows came from a world that cannot be reached")

    def test_a_foreign_cursor_is_refused_clearly(self, outside: Make) -> None:
        world = outside("a")
        for foreign in ({"of_another_adapter": 7}, {"of_another_adapter": None, "row": "x"}):
            try:
                rows = _rows(world.source.fetch(foreign, world.now))
            except Malformed as error:
                words = str(error)
                assert ".toml" in words, "name the source file"
                assert "cursor" in words, "say what is wrong: datasources.source.foreign_cursor"
            else:
                raise AssertionError(f"{len(rows)} rows came for a cursor of another adapter")

    def test_memory_stays_bounded(self, outside: Make) -> None:
        world = outside("a")
        tracemalloc.start()
        try:
            sizes = [len(batch.rows) for batch in drain(world.source, None, world)]
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak <= world.most_bytes, f"{peak:,} bytes for {sum(sizes)} rows"

    def test_a_source_counts_what_it_delivers(self, outside: Make) -> None:
        world = outside("a")
        if isinstance(world.source, Counting):
            delivered = world.delivered()
            assert delivered, "give a world with cases of complete days"
            counted = world.source.counts(frozenset(delivered.values()))
            assert counted == Counter(delivered.values())

    def test_a_source_lists_what_it_counts_and_has_its_rows(self, outside: Make) -> None:
        world = outside("a")
        if not isinstance(world.source, Listing):
            return
        delivered, until = world.delivered(), _end(world)
        for day in set(delivered.values()):
            listed = world.source.keys(day, until)
            assert set(listed) == {key for key, on in delivered.items() if on == day}
            rows = list(world.source.rows(day, until))
            assert {key for key, _ in world.dated(rows)} == set(listed)
            assert all(_plain(row) for row in rows)
            versions = listing.newest(rows, *world.known(), day, until)
            assert versions == listed, "versions are ours: as parse reads them from the rows"

    def test_a_source_finds_its_cases_by_number_whatever_their_day(self, outside: Make) -> None:
        world = outside("a")
        if not isinstance(world.source, Listing):
            return
        delivered, until = world.delivered(), _end(world)
        some = sorted(delivered)[::7]
        rows = list(world.source.find([*some, "of-nobody", "o'f\"no%b/o?d y"], until))
        assert dict(world.dated(rows)) == {key: delivered[key] for key in some}
        assert all(_plain(row) for row in rows)
        assert list(world.source.find([], until)) == []

    def test_connection_keys_are_explained(self, outside: Make) -> None:
        source = outside("a").source
        assert source.adapter
        assert all(key and words.strip() for key, words in source.connection_keys.items())

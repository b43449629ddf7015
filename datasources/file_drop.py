"""CSV, JSON lines and Excel (each also as .gz): one file in place, or a folder where files are put.

A file is looked through as a whole before its first row is delivered, so half a file never is.
Its watermark is the start of the fetch that delivered its last row: what a file holds is complete,
what it does not hold is not promised. It names no days, because only its rows know them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from centre.domain.sources import SourceConfig
from datasources import listing, mapping
from datasources.files.examine import Facts, examine, opened, readable
from datasources.files.folder import Folder
from datasources.files.how import how
from datasources.files.lines import json_rows
from datasources.files.table import csv_rows, excel_rows
from datasources.sampling import Drafted, unmapped
from datasources.source import Batch, Denied, Malformed, Surroundings, foreign_cursor

Row = Mapping[str, Any]

_LOOKED_AT = 1000  # rows of a file that nobody has mapped
_SAID = ("pattern", "format", "encoding", "delimiter", "sheet")

_READERS = {"csv": csv_rows, "jsonl": json_rows, "xlsx": excel_rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where we are: `row` rows of this content are delivered. `stamp`: the file's size and time."""

    file: str = ""
    digest: str = ""
    row: int = 0
    done: bool = False
    stamp: str = ""

    def rows_of(self, facts: Facts) -> int:
        """How many rows of a file are delivered already."""
        return self.row if self.digest == facts.digest and not self.done else 0

    def has_delivered(self, facts: Facts) -> bool:
        """Whether the last thing we did was to end this very content under this name."""
        return self.done and (self.file, self.digest) == (facts.name, facts.digest)


class FileDrop:
    """Files in place (`path`) or from a drop folder (`folder`)."""

    adapter: ClassVar[str] = "file_drop"
    connection_keys: ClassVar[Mapping[str, str]] = {
        "path": "one file, read in place and again when it changes; relative to DATA",
        "folder": "drop folder instead of path; done/ and failed/ are made in it; relative to DATA",
        "pattern": 'which files of the folder, "*.csv" (all)',
        "format": "csv, jsonl or xlsx (by the name)",
        "encoding": 'as Python calls it, "gb18030" (found out: UTF-8, UTF-16 or GBK)',
        "delimiter": "between cells of CSV (the most frequent of , ; tab | in the header)",
        "sheet": "name of the sheet (the first)",
        "batch_rows": "rows that are stored together (2000)",
        "settle_seconds": "a file is taken when it did not change for so long (2)",
        "max_mb": "a file that unpacks to more is refused (2048)",
    }

    def __init__(self, config: SourceConfig, around: Surroundings) -> None:
        given = config.connection
        if ("path" in given) == ("folder" in given):
            raise Malformed(f"{config.path}: connection: give either path or folder")
        self._config, self._around = config, around
        self._how = how(config)
        self._folder: Folder | None = None
        self._examined: tuple[tuple[str, str], Facts] | None = None
        self._is_being_written = False

    @property
    def stands_still_when_quiet(self) -> bool:
        """An empty folder promises nothing: what is to come may be late."""
        return True

    @property
    def is_waiting(self) -> bool:
        """Whether the last fetch saw a file that it did not take yet."""
        return self._is_being_written or (self._folder is not None and self._folder.is_waiting)

    def fetch(self, cursor: Mapping[str, Any] | None, now: datetime) -> Iterator[Batch]:
        """Yield the rows that wait, a file after the other; nothing when no file is new."""
        place = _Place() if cursor is None else self._place(cursor)
        if "path" in self._config.connection:
            yield from self._in_place(self._where("path"), place, now)
        else:
            yield from self._dropped(self._drop_folder(), place, now)

    def settle(self, cursor: Mapping[str, Any]) -> None:
        """Move a file that is stored to done/."""
        place = self._place(cursor)
        if place.done and "folder" in self._config.connection:
            self._drop_folder().settle(place.file)

    def counts(self, days: Collection[date]) -> Mapping[date, int]:
        """Count the cases in the files that were read: the file in place, or those in done/.

        Of several rows of a case the last one counts; a row without a number is a case.
        """
        found: dict[str, date] = {}
        nameless: Counter[date] = Counter()
        for row in self._read():
            words = mapping.apply(row, self._config)
            day = mapping.received_on(words, self._config, self._around.city)
            key = listing.key_of(words)
            if day is None or day not in days:
                found.pop(key, None)
            elif key:
                found[key] = day
            else:
                nameless[day] += 1
        return Counter(found.values()) + nameless

    def keys(self, day: date, until: datetime) -> Mapping[str, int | None]:
        """List the cases in the files that were read; each listing reads them all."""
        return listing.newest(self._read(), self._config, self._around.city, day, until)

    def rows(self, day: date, until: datetime) -> Iterator[Row]:
        """Yield the rows of these cases, in the order of the files."""
        known = self.keys(day, until)
        yield from listing.of_day(self._read(), self._config, self._around.city, day, known)

    def find(self, keys: Collection[str], until: datetime) -> Iterator[Row]:
        """Yield the rows of these cases, in the order of the files."""
        return listing.of_cases(self._read(), self._config, frozenset(keys))

    def sample(self, most: int) -> Sequence[Row]:
        """The first rows of what lies there; no file is moved."""
        rows: list[Row] = []
        for file in self._lying():
            facts = examine(file, self._how)
            with opened(file) as raw, readable(file):
                rows += islice(self._rows(file, raw, facts), most - len(rows))
            if len(rows) >= most:
                break
        return rows

    @classmethod
    def draft(cls, where: str, options: Mapping[str, str], around: Surroundings) -> Drafted:
        """Look at a file, or at the files of a folder; options `format`, `encoding`, `sheet` …"""
        key = "folder" if Path(where).is_dir() else "path"
        given = {one: options[one] for one in _SAID if options.get(one)}
        rows = cls(unmapped(cls.adapter, {key: where, **given}), around).sample(_LOOKED_AT)
        columns = dict.fromkeys(str(name) for row in rows for name in row)
        return Drafted(connection={key: where, **given}, rows=rows, columns=tuple(columns))

    def _lying(self) -> tuple[Path, ...]:
        """The file in place, or those that wait in the folder; else those that were read."""
        if "path" in self._config.connection:
            return self._files()
        return self._drop_folder().waiting() or self._files()

    def _read(self) -> Iterator[Row]:
        for file in self._files():
            facts = self._facts(file, _stamp(file))
            with opened(file) as raw, readable(file):
                yield from self._rows(file, raw, facts)

    def _files(self) -> tuple[Path, ...]:
        if "path" in self._config.connection:
            return (self._where("path"),)
        return self._drop_folder().done()

    def _place(self, cursor: Mapping[str, Any]) -> _Place:
        if set(cursor) != {one.name for one in fields(_Place)}:
            raise foreign_cursor(self._config, cursor)
        return _Place(**cursor)

    def _where(self, key: str) -> Path:
        """The file or folder that is meant."""
        meant = Path(str(self._config.connection[key]))
        if meant.is_absolute():
            return meant
        if self._around.data_dir is None:
            raise Denied(
                f'{self._config.path}: connection.{key} = "{meant}": set DATA to its folder'
            )
        return self._around.data_dir / meant

    def _drop_folder(self) -> Folder:
        if self._folder is None:
            pattern = str(self._config.connection.get("pattern", "*"))
            self._folder = Folder(self._where("folder"), pattern, self._how.settle_seconds)
        return self._folder

    def _in_place(self, file: Path, place: _Place, now: datetime) -> Iterator[Batch]:
        """One file that stays where it is."""
        with opened(file):
            stamp = _stamp(file)
        is_known = place.done and place.stamp == stamp
        is_young = _age_seconds(file, now) < self._how.settle_seconds
        self._is_being_written = is_young and not is_known
        if is_known or is_young:
            return
        facts = self._facts(file, stamp)
        if place.has_delivered(facts):  # touched, not changed
            yield _batch((), facts, now, stamp=stamp, row=place.row, read=facts.bytes, done=True)
            return
        yield from self._batches(file, facts, place, now, stamp)

    def _dropped(self, folder: Folder, place: _Place, now: datetime) -> Iterator[Batch]:
        """All files of the folder; one that is refused does not block the next."""
        refused: list[str] = []
        for file in folder.claims(now):
            try:
                facts = self._facts(file, _stamp(file))
                if not place.has_delivered(facts):
                    yield from self._batches(file, facts, place, now, _stamp(file))
            except Malformed as error:
                folder.refuse(file, str(error))
                refused.append(str(error))
            else:
                folder.settle(file.name)
        if refused:
            raise Malformed("; ".join(refused))

    def _facts(self, file: Path, stamp: str) -> Facts:
        """What is known of a file; examined once for as long as it stays the same."""
        key = (str(file), stamp)
        if self._examined is None or self._examined[0] != key:
            facts = examine(file, self._how)
            self._look_through(file, facts)
            self._examined = key, facts
        return self._examined[1]

    def _look_through(self, file: Path, facts: Facts) -> None:
        """Read CSV once without delivering it: an open quote may show only at the end."""
        with opened(file) as raw, readable(file):
            rows = self._rows(file, raw, facts)
            for _ in rows if facts.format == "csv" else islice(rows, 1):
                pass

    def _rows(self, file: Path, raw: BinaryIO, facts: Facts) -> Iterator[Row]:
        return _READERS[facts.format](file, raw, facts, self._how)

    def _batches(
        self, file: Path, facts: Facts, place: _Place, now: datetime, stamp: str
    ) -> Iterator[Batch]:
        """The rows of one file from where we are, the last batch marked as done."""
        row, step = place.rows_of(facts), self._how.batch_rows
        with opened(file) as raw, readable(file):
            rows = islice(self._rows(file, raw, facts), row, None)
            chunk = list(islice(rows, step))
            done = False
            while not done:
                following = list(islice(rows, step))
                row, done = row + len(chunk), not following
                read = facts.bytes if done else _position(raw, facts)
                yield _batch(chunk, facts, now, stamp=stamp, row=row, read=read, done=done)
                chunk = following


def _batch(
    rows: Iterable[Row], facts: Facts, now: datetime, *, stamp: str, row: int, read: int, done: bool
) -> Batch:
    place = _Place(file=facts.name, digest=facts.digest, row=row, done=done, stamp=stamp)
    return Batch(
        rows=tuple(rows),
        cursor=asdict(place),
        watermark=now if done else None,
        filled=read,
        total=facts.bytes,
        fill_unit="bytes",
        more=not done,
    )


def _stamp(file: Path) -> str:
    about = file.stat()
    return f"{about.st_size}-{about.st_mtime_ns}"


def _age_seconds(file: Path, now: datetime) -> float:
    """How long ago a file changed; a time in the future is a wrong clock, and old enough."""
    age = (now - datetime.fromtimestamp(file.stat().st_mtime, UTC)).total_seconds()
    return age if age >= 0 else float("inf")


def _position(raw: BinaryIO, facts: Facts) -> int:
    """How many bytes are read; all of them only with the last batch. Readers close at the end."""
    return facts.bytes - 1 if raw.closed else min(raw.tell(), facts.bytes - 1)

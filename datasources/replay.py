"""Replay: a recorded file, played by a clock of its own at any speed, for drills and training.

The first fetch brings the city as it was at `from`; when that is stored, the clock of the play runs
`speed` times as fast as ours, and rows come when things happen to them, each as it was known at
that moment: a case without its closing, then closed. Its watermark is the clock of the play, so a
city whose clock is "latest" lives at that time, and no other city may play: a drill does not stand
among figures of today. At the speed "max" the file comes at once, whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from centre.domain.sources import SourceConfig
from datasources.files.examine import opened
from datasources.files.how import how
from datasources.files.recording import Recording, Row, record
from datasources.source import Batch, Denied, Surroundings, foreign_cursor
from datasources.web.keys import Keys

_SPEED = re.compile(r"(\d+(?:\.\d+)?)x")
_OF_ITS_OWN = (
    'a play has a clock of its own, and the clock of this city is "now"; '
    'give the drill a city folder with clock = "latest", or write "max"'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the play is, in its own seconds: all until `at` is delivered (None: nothing).

    `goal`: where the pass under way ends, None between two; `done`: rows of it that are delivered.
    `started`: when its clock began to run, by ours; "" until the beginning is delivered.
    """

    started: str = ""
    digest: str = ""
    at: float | None = None
    goal: float | None = None
    done: int = 0


class Replay:
    """One recording."""

    adapter: ClassVar[str] = "replay"
    connection_keys: ClassVar[Mapping[str, str]] = {
        "path": "the recorded file; relative to DATA",
        "speed": '"600x" plays ten minutes a second, "max" brings all at once (1x)',
        "from": "where the play begins; what is before is there at once (the first event)",
        "to": "where it ends (the last event)",
        "format": "csv, jsonl or xlsx (by the name)",
        "encoding": 'as Python calls it, "gb18030" (found out: UTF-8, UTF-16 or GBK)',
        "delimiter": "between cells of CSV (the most frequent of , ; tab | in the header)",
        "sheet": "name of the sheet (the first)",
        "batch_rows": "rows that are stored together (2000)",
        "max_rows": "a recording is kept in memory: one of more rows is refused (200000)",
        "max_mb": "a file that unpacks to more is refused (2048)",
    }

    def __init__(self, config: SourceConfig, around: Surroundings) -> None:
        keys = Keys(config, around)
        self._config, self._around, self._how = config, around, how(config)
        self._path, self._most = Path(keys.text("path")), keys.whole("max_rows", 200_000)
        self._speed = _speed(keys)
        self._from, self._to = keys.moment("from"), keys.moment("to")
        if self._from and self._to and self._to < self._from:
            raise keys.wrong("to", "lies before from")
        if self._speed is not None and around.city.clock == "now":
            raise keys.wrong("speed", _OF_ITS_OWN)
        self._kept: tuple[tuple[int, int], Recording] | None = None

    @property
    def stands_still_when_quiet(self) -> bool:
        """The clock of the play is not ours."""
        return True

    def fetch(self, cursor: Mapping[str, Any] | None, now: datetime) -> Iterator[Batch]:
        """Yield what has happened since the last turn, each row as it is known then."""
        recording = self._recording()
        place = self._place(cursor)
        if place.digest != recording.digest:  # another recording: what was known is sent anew
            place = replace(place, digest=recording.digest, at=None, goal=None, done=0)
        begins = place.at is not None and not place.started and self._speed is not None
        if begins:
            place = replace(place, started=now.astimezone(UTC).isoformat())
        clock = self._clock(recording, place.started, now)
        goal = clock if place.goal is None else place.goal
        due = recording.happened(place.at, goal)
        if not due and place.at is not None and not begins:
            return
        yield from self._batches(recording, due, replace(place, goal=goal))

    def settle(self, cursor: Mapping[str, Any]) -> None:
        """Nothing waits for us."""

    def _batches(self, recording: Recording, due: list[int], place: _Place) -> Iterator[Batch]:
        goal, done, step = place.goal or 0.0, place.done, self._how.batch_rows
        while True:
            chunk = due[done : done + step]
            done += len(chunk)
            is_end = done >= len(due)
            here = replace(place, done=done)
            if is_end:
                here = replace(place, at=goal, goal=None, done=0)
            yield Batch(
                rows=[self._row(recording, number, goal) for number in chunk],
                cursor=asdict(here),
                watermark=datetime.fromtimestamp(goal, UTC) if is_end else None,
                filled=done,
                total=len(due),
                fill_unit="rows",
                more=not is_end,
            )
            if is_end:
                return

    def _row(self, recording: Recording, number: int, at: float) -> Row:
        is_whole = self._speed is None and at >= recording.last
        return recording.whole(number) if is_whole else recording.known(number, at)

    def _clock(self, recording: Recording, started: str, now: datetime) -> float:
        """The clock of the play, in seconds since 1970."""
        end = self._to.timestamp() if self._to else recording.last
        if self._speed is None:
            return end
        start = self._from.timestamp() if self._from else recording.first
        since = datetime.fromisoformat(started) if started else now
        gone = max(0.0, (now - since).total_seconds())
        return min(end, start + gone * self._speed)

    def _place(self, cursor: Mapping[str, Any] | None) -> _Place:
        if cursor is None:
            return _Place()
        if set(cursor) != {one.name for one in fields(_Place)}:
            raise foreign_cursor(self._config, cursor)
        return _Place(**cursor)

    def _recording(self) -> Recording:
        """The file, read once for as long as it stays the same."""
        file = self._file()
        with opened(file):
            about = file.stat()
        stamp = (about.st_size, about.st_mtime_ns)
        if self._kept is None or self._kept[0] != stamp:
            config, city = self._config, self._around.city
            zone = ZoneInfo(config.zone) if config.zone else city.tz
            self._kept = stamp, record(file, self._how, config, zone, self._most)
        return self._kept[1]

    def _file(self) -> Path:
        if self._path.is_absolute():
            return self._path
        if self._around.data_dir is None:
            where = f'{self._config.path}: connection.path = "{self._path}"'
            raise Denied(f"{where}: set DATA to its folder")
        return self._around.data_dir / self._path


def _speed(keys: Keys) -> float | None:
    """How many times as fast as ours its clock runs; None: all at once."""
    word = keys.text("speed", "1x")
    match = _SPEED.fullmatch(word)
    if word != "max" and (match is None or float(match[1]) == 0):
        raise keys.wrong("speed", f'"{word}"; write "max", or a speed like "1x" or "600x"')
    return float(match[1]) if match else None

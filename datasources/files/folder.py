"""A drop folder: which files are whole, and where they go afterwards.

    folder/a.csv ─ unchanged at two looks ─> working/a.csv ─ read ─> done/a.csv
                                                  └──── refused ─> failed/a.csv, a.csv.reason.txt

A claim is a rename, so a file is read by one and never while it is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path

from datasources.source import Denied, Unavailable

_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")  # what copying programs write first


@dataclass(frozen=True, slots=True)
class _Look:
    size: int
    changed_ns: int
    at: datetime


class Folder:
    """One drop folder. Remembers what it saw last; a new start just looks twice again."""

    def __init__(self, path: Path, pattern: str, settle_seconds: float) -> None:
        self.path = path
        self._pattern = pattern
        self._settle_seconds = settle_seconds
        self._looks: dict[str, _Look] = {}

    @property
    def is_waiting(self) -> bool:
        """Whether the last look saw a file that must be looked at again."""
        return bool(self._looks)

    def claims(self, now: datetime) -> Iterator[Path]:
        """Files that are ours now, oldest first: those of a crash, then those that are whole."""
        yield from self._claimed()
        for file in self._whole(now):
            yield self._move(file, "working")

    def waiting(self) -> tuple[Path, ...]:
        """The files that will be taken, oldest first; none is touched."""
        return tuple(file for file in _oldest_first(self.path) if self._is_offered(file))

    def done(self) -> tuple[Path, ...]:
        """The files that were read and are still here, oldest first."""
        done = self.path / "done"
        return tuple(_oldest_first(done)) if done.is_dir() else ()

    def settle(self, name: str) -> None:
        """A claimed file is stored; nothing to do when it has been moved already."""
        file = self.path / "working" / name
        if file.is_file():
            self._move(file, "done")

    def refuse(self, file: Path, reason: str) -> None:
        """Put a file aside, with the reason beside it."""
        kept = self._move(file, "failed")
        kept.with_name(f"{kept.name}.reason.txt").write_text(f"{reason}\n", encoding="utf-8")

    def _claimed(self) -> list[Path]:
        working = self.path / "working"
        return _oldest_first(working) if working.is_dir() else []

    def _whole(self, now: datetime) -> list[Path]:
        """Files that did not change between two looks; the others are looked at again."""
        files = [file for file in _oldest_first(self.path) if self._is_offered(file)]
        looks = {file.name: _look(file, now) for file in files}
        whole = [
            file for file in files if self._is_settled(self._looks.get(file.name), looks[file.name])
        ]
        taken = {file.name for file in whole}
        # The first look counts: a file that stays as it is ages from there.
        self._looks = {
            name: self._older(name, look) for name, look in looks.items() if name not in taken
        }
        return whole

    def _is_offered(self, file: Path) -> bool:
        name = file.name
        hidden = name.startswith((".", "~$")) or name.lower().endswith(_UNFINISHED)
        return not hidden and fnmatch(name, self._pattern)

    def _is_settled(self, before: _Look | None, look: _Look) -> bool:
        return (
            before is not None
            and (before.size, before.changed_ns) == (look.size, look.changed_ns)
            and (look.at - before.at).total_seconds() >= self._settle_seconds
        )

    def _older(self, name: str, look: _Look) -> _Look:
        before = self._looks.get(name)
        same = before and (before.size, before.changed_ns) == (look.size, look.changed_ns)
        return before if before and same else look

    def _move(self, file: Path, to: str) -> Path:
        """Rename within the folder; a name that is taken gets a number."""
        target = self.path / to
        try:
            target.mkdir(exist_ok=True)
            free = _free_name(target, file.name)
            return file.rename(free)
        except PermissionError as error:
            raise Denied(f"{self.path}: we may not move files into {to}/") from error


def _oldest_first(folder: Path) -> list[Path]:
    try:
        files = [
            (file.stat().st_mtime_ns, file.name, file)
            for file in folder.iterdir()
            if file.is_file()
        ]
    except PermissionError as error:
        raise Denied(f"{folder}: we may not list it") from error
    except OSError as error:
        raise Unavailable(f"{folder}: cannot be listed ({error.strerror})") from error
    return [file for _, _, file in sorted(files)]


def _look(file: Path, now: datetime) -> _Look:
    about = file.stat()
    return _Look(about.st_size, about.st_mtime_ns, now)


def _free_name(folder: Path, name: str) -> Path:
    free, number = folder / name, 1
    while free.exists():
        number += 1
        free = folder / f"{number}~{name}"
    return free

"""The files of sources.d as they are now; where one is wrong, what it said before goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from threading import Lock

from centre.citypack.finding import BadPack, Finding
from centre.citypack.load import SOURCES, load_source
from centre.domain.places import City
from centre.domain.sources import SourceConfig

Judge = Callable[[SourceConfig], Iterable[Finding]]
"""What is wrong with a well-shaped file: its adapter, its keys, its secrets."""

STILL_SECONDS = 1.0
"""How long a file must be as it is before it counts: an editor may write it piece by piece."""


def no_findings(_: SourceConfig) -> Iterable[Finding]:
    """Whoever only reads shapes judges nothing else."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The sources that hold, by file name, and what is wrong with files that were refused."""

    sources: tuple[SourceConfig, ...]
    findings: tuple[Finding, ...] = ()

    def goes_on(self, finding: Finding) -> bool:
        """Whether the source of a refused file goes on as it was said before."""
        return any(one.id == finding.file.stem for one in self.sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """What was made of a file: `config` is the last one that was in order, None before any."""

    digest: str
    config: SourceConfig | None
    findings: tuple[Finding, ...] = ()


class SourceFiles:
    """Looks at a folder whenever it is asked; safe from any thread.

    A source whose file did not change keeps the very config it had. At the first look a file is
    taken by its shape alone: what is wrong outside of it is said by its source. Afterwards `judge`
    is asked too, and a file that it finds wrong changes nothing.
    """

    def __init__(
        self,
        folder: Path,
        city: City,
        judge: Judge = no_findings,
        *,
        still_seconds: float = STILL_SECONDS,
    ) -> None:
        self.folder = folder / SOURCES
        self._city, self._judge, self._still_seconds = city, judge, still_seconds
        self._lock = Lock()
        self._seen: dict[str, tuple[str | None, float]] = {}  # digest, since when
        self._taken: dict[str, _Taken] = {
            name: self._first(name, digest) for name, digest in self._digests().items()
        }

    def look(self, *, at_once: bool = False) -> Found:
        """The files as they are. `at_once`: whoever asks has written one whole."""
        with self._lock:
            there = self._digests()
            for name in sorted({*there, *self._taken}):
                digest = there.get(name)
                if self._is_news(name, digest) and (at_once or self._is_still(name, digest)):
                    self._take(name, digest)
            return self._found()

    def _found(self) -> Found:
        taken = [self._taken[name] for name in sorted(self._taken)]
        return Found(
            sources=tuple(one.config for one in taken if one.config is not None),
            findings=tuple(finding for one in taken for finding in one.findings),
        )

    def _digests(self) -> dict[str, str]:
        return {file.name: _digest(file) for file in self.folder.glob("*.toml")}

    def _is_news(self, name: str, digest: str | None) -> bool:
        known = self._taken.get(name)
        is_known = digest == (known.digest if known else None)
        if is_known:
            self._seen.pop(name, None)
        return not is_known

    def _is_still(self, name: str, digest: str | None) -> bool:
        now = time.monotonic()
        before, since = self._seen.get(name, (None, now))
        if name not in self._seen or before != digest:
            self._seen[name] = (digest, now)
            since = now
        return now - since >= self._still_seconds

    def _take(self, name: str, digest: str | None) -> None:
        """A file that is gone takes its source with it; a wrong one leaves it as it was."""
        self._seen.pop(name, None)
        if digest is None:
            self._taken.pop(name, None)
            return
        before = self._taken.get(name)
        config, findings = self._read(name)
        kept = before.config if before else None
        if config is not None:
            findings = tuple(self._judge(config)) or tuple(_another_adapter(kept, config))
        good = config if config is not None and not findings else kept
        self._taken[name] = _Taken(digest=digest, config=good, findings=findings)

    def _first(self, name: str, digest: str) -> _Taken:
        config, findings = self._read(name)
        return _Taken(digest=digest, config=config, findings=findings)

    def _read(self, name: str) -> tuple[SourceConfig | None, tuple[Finding, ...]]:
        try:
            return load_source(self.folder / name, self._city), ()
        except BadPack as error:
            return None, error.findings
        except OSError:  # it went away between two reads: the next look says so
            return None, ()


def _another_adapter(before: SourceConfig | None, now: SourceConfig) -> Iterator[Finding]:
    """Where a source was read up to means nothing to another adapter."""
    if before is not None and before.adapter != now.adapter:
        yield Finding(
            file=now.path,
            key="adapter",
            problem=f'was "{before.adapter}", and its place in the source is kept under this id',
            remedy="put this source into a file of another name and take this one away",
        )


def _digest(file: Path) -> str:
    """Of the contents, because a clock of files may stand still; "" for what cannot be read."""
    try:
        return blake2b(file.read_bytes(), digest_size=16).hexdigest()
    except OSError:
        return ""

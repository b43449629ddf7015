"""Following the files of sources.d: what they say by now, and what that changes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread

from centre.citypack.files import Found
from centre.citypack.finding import Finding
from centre.domain.sources import SourceConfig

_LOG = logging.getLogger(__name__)

LOOKS_SECONDS = 2.0
"""Between two looks at the files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """From one set of sources to another. One whose file changed both goes and comes."""

    gone: tuple[str, ...]
    came: tuple[SourceConfig, ...]

    @property
    def are_none(self) -> bool:
        """Whether everything is as it was."""
        return not self.gone and not self.came


def changes(before: Sequence[SourceConfig], after: Sequence[SourceConfig]) -> Changes:
    """Pure. A file that says the same in other words has another `map`: it counts as changed."""
    old, new = {one.id: one for one in before}, {one.id: one for one in after}
    return Changes(
        gone=tuple(id_ for id_, one in old.items() if new.get(id_) != one),
        came=tuple(one for id_, one in new.items() if old.get(id_) != one),
    )


class Following:
    """Looks in a thread of its own: a disk that hangs keeps no beat waiting."""

    def __init__(self, look: Callable[[], Found], every_seconds: float = LOOKS_SECONDS) -> None:
        self._look, self._every = look, every_seconds
        self._told: frozenset[Finding] = frozenset()
        self._stop = Event()
        self._thread = Thread(target=self._work, name="collector-files", daemon=True)
        # As last seen, replaced whole; None before the first look.
        self.sources: Sequence[SourceConfig] | None = None

    def begin(self) -> None:
        """Look from now on."""
        self._thread.start()

    def close(self, patience_seconds: float = 2.0) -> None:
        """End; one that hangs is left behind."""
        self._stop.set()
        self._thread.join(patience_seconds)

    def _work(self) -> None:
        while not self._stop.wait(self._every):
            try:
                self._tell(found := self._look())
                self.sources = found.sources
            except Exception as error:  # of ours or of the disk: the sources go on as they are
                _LOG.exception("sources.d cannot be looked at: %s", type(error).__name__)

    def _tell(self, found: Found) -> None:
        """Say of each refused file once what is wrong, and once that it is mended."""
        now = frozenset(found.findings)
        for finding in found.findings:
            if finding not in self._told:
                what = "goes on as it was" if found.goes_on(finding) else "is left out"
                _LOG.warning("%s (%s %s)", finding, finding.file.stem, what)
        for file in {one.file for one in self._told} - {one.file for one in now}:
            _LOG.warning("%s is in order again, or gone", file.name)
        self._told = now


@contextmanager
def following(one: Following | None) -> Iterator[None]:
    """Look for as long as the block lasts; nothing to do for None."""
    if one is None:
        yield
        return
    one.begin()
    try:
        yield
    finally:
        one.close()

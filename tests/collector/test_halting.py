"""History that breaks off just before its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any, ClassVar

from datasources.source import Batch, Unavailable
from tests.collector.scripted import collecting, config, row


class _Halting:
    """One row, and then an error where the end should be; when it is mended, nothing more."""

    adapter: ClassVar[str] = "scripted"
    connection_keys: ClassVar[Mapping[str, str]] = {}

    def __init__(self) -> None:
        self.is_mended = Event()

    def fetch(self, cursor: Mapping[str, Any] | None, now: datetime) -> Iterator[Batch]:
        if cursor is None:
            yield Batch(rows=[row("A-1")], cursor={"page": 1}, more=True)
        if not self.is_mended.is_set():
            raise Unavailable("it stops")

    def settle(self, cursor: Mapping[str, Any]) -> None:
        """Nothing waits for us."""


def test_what_could_not_be_read_to_its_end_is_over_when_nothing_is_left(tmp_path: Path) -> None:
    adapter = _Halting()
    with collecting(tmp_path, {}, [config()], make=lambda *_: adapter) as running:
        running.until(lambda shot: shot.sources and shot.sources[0].error)
        adapter.is_mended.set()
        shot = running.until(lambda shot: not shot.sources[0].error)
        assert (shot.sources[0].stored, shot.sources[0].condition) == (1, "")

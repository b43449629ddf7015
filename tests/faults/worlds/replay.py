"""replay at once, of JSON files: a new recording in place of the old one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from centre.domain.sources import SourceConfig
from tests.faults.files import NO_WIRE, FilesUpstream
from tests.faults.world import World, source


class Recordings(FilesUpstream):
    """The same files, played."""

    def config(self, number: int, port: int) -> SourceConfig:
        connection = {"path": str(self._file(number)), "speed": "max", "max_mb": 2}
        return source("replay", number, connection)


@contextmanager
def _open() -> Iterator[Recordings]:
    with tempfile.TemporaryDirectory() as folder:
        yield Recordings(Path(folder), "jsonl")


WORLD = World(name="replay", open=_open, payloads="json", no_faults=NO_WIRE)

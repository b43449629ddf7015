"""Files in place as worlds of the rig: no wire, but forms and contents like any other."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from centre.domain.sources import SourceConfig
from tests.faults.world import Row, source


class FilesUpstream:
    """A folder with one file for each number; new rows come as a new file in its place."""

    port = 0
    secrets: Mapping[str, str] = {}

    def __init__(self, folder: Path, suffix: str) -> None:
        self._folder, self._suffix = folder, suffix

    def config(self, number: int, port: int) -> SourceConfig:
        connection = {"path": str(self._file(number)), "settle_seconds": 0, "max_mb": 2}
        return source("file_drop", number, connection)

    def put(self, number: int, rows: Sequence[Row]) -> None:
        self.serve(number, (_csv(rows) if self._suffix == "csv" else _json(rows)).encode())

    def serve(self, number: int, body: bytes) -> None:
        draft = self._folder / "draft"
        draft.write_bytes(body)
        os.replace(draft, self._file(number))

    def _file(self, number: int) -> Path:
        return self._folder / f"{number}.{self._suffix}"


def _json(rows: Sequence[Row]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _csv(rows: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@contextmanager
def json_files() -> Iterator[FilesUpstream]:
    with tempfile.TemporaryDirectory() as folder:
        yield FilesUpstream(Path(folder), "jsonl")


@contextmanager
def csv_files() -> Iterator[FilesUpstream]:
    with tempfile.TemporaryDirectory() as folder:
        yield FilesUpstream(Path(folder), "csv")


NO_WIRE = {"all": "files have no wire"}

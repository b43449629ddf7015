"""Stores for tests, migrated once a process: every further one is a copy of the first."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from centre.store.engine import connect
from centre.store.migrations import upgrade


def laid(file: Path) -> str:
    """The URL of a new SQLite store without any record, of the present schema."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_migrated())
    return f"sqlite:///{file}"


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "first.db"
        engine = connect(f"sqlite:///{file}")
        upgrade(engine)
        engine.dispose()
        return file.read_bytes()

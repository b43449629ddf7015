"""tests.web behind the real gunicorn: python -m tests.live.served FOLDER PORT."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

from centre.commands.run import Server
from centre.live.runtime import Runtime
from centre.snapshots.bus.memory import MemoryBus
from tests.web import make_app, settings, snapshot

EVERY_SECONDS = 0.2


def ring(run: Runtime, stop: Event) -> None:
    """Publish like a collector in a hurry."""
    seq = 0
    while not stop.wait(EVERY_SECONDS):
        seq += 1
        run.bus.publish(replace(snapshot(seq), published_at=datetime.now(UTC)))


class TestServer(Server):
    """Our server with the application of the tests."""

    folder: Path

    def load(self) -> Any:
        """Pages and panels of tests.web."""
        return make_app(self.folder, MemoryBus(), collect=ring).server


def main() -> None:
    """Serve until told to stop."""
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    TestServer.folder = folder
    TestServer(replace(settings(folder), port=port)).run()


if __name__ == "__main__":
    main()

"""A process that lives beside the web server: started with it, started again, ended with it."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Sequence
from threading import Event, Thread

_LOG = logging.getLogger(__name__)

_LOOK_SECONDS = 0.5
_PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)  # seconds before the next start, after each end in a row
_SOUND_SECONDS = 60.0  # a run of this length forgets the ends before
_PATIENCE_SECONDS = 8.0  # the collector finishes its transaction


class Companion:
    """Keeps one command running from start() to stop()."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._stop = Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher = Thread(target=self._watch, name="companion", daemon=True)

    def start(self) -> None:
        """Start it, and again whenever it ends."""
        self._watcher.start()

    def stop(self) -> None:
        """End it: terminate, wait, kill. Does nothing when it was never started."""
        self._stop.set()
        if self._watcher.ident is not None:
            self._watcher.join()
        if self._process is not None:
            _end(self._process)

    def _watch(self) -> None:
        ends = 0
        while not self._stop.is_set():
            self._process = subprocess.Popen(self._command)  # noqa: S603
            seconds = self._outlive(self._process)
            ends = 0 if seconds > _SOUND_SECONDS else ends
            # Ctrl-C ends both of us: within the pause we learn that it was meant
            if self._stop.wait(_PAUSES[min(ends, len(_PAUSES) - 1)]):
                return
            ends += 1
            _LOG.error("%s ended; starting it again", " ".join(self._command[1:]))

    def _outlive(self, process: subprocess.Popen[bytes]) -> float:
        """Wait for its end or for stop(); how many seconds it lived, to half a second."""
        looks = 0
        while process.poll() is None and not self._stop.wait(_LOOK_SECONDS):
            looks += 1
        return looks * _LOOK_SECONDS


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

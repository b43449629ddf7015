"""A process that keeps one command running beside its parent: started again, ended with it.

    python -m centre run ── gunicorn's arbiter ─┬─ workers
                                                └─ python -m centre.companion ── … collect

It is a process of its own because gunicorn reaps every child of the arbiter, so that a thread there
could not learn how a command ended; and because it ends the command when the arbiter was killed.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType

_LOG = logging.getLogger(__name__)

STAY_DOWN = 3  # exit code of centre.commands.collect: another collector has taken over
_LOOK_SECONDS = 0.25
_PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)  # seconds before the next start, after each end in a row
_SOUND_SECONDS = 60.0  # a run of this length forgets the ends before
_PATIENCE_SECONDS = 8.0  # the collector finishes its transaction


def start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a companion of this process."""
    return subprocess.Popen((sys.executable, "-m", __spec__.name, *command))  # noqa: S603


def stop(companion: subprocess.Popen[bytes]) -> None:
    """End a companion with its command: terminate, wait, kill."""
    if companion.poll() is not None:
        return
    companion.terminate()
    try:
        companion.wait(_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        companion.kill()
        companion.wait()


class Keeper:
    """Keeps a command running until it is told to stop or its parent is gone."""

    def __init__(self, command: Sequence[str], is_wanted: Callable[[], bool]) -> None:
        self._command, self._is_wanted = tuple(command), is_wanted

    def keep(self) -> None:
        """Run it again whenever it ends, with longer and longer pauses."""
        ends = 0
        while self._is_wanted():
            began = time.monotonic()
            code = self._run()
            if code == STAY_DOWN:
                _LOG.error("%s ended for good: another one has taken over", self._name)
                return
            ends = 0 if time.monotonic() - began > _SOUND_SECONDS else ends
            self._pause(_PAUSES[min(ends, len(_PAUSES) - 1)])
            ends += 1
            if self._is_wanted():
                _LOG.error("%s ended with code %s; starting it again", self._name, code)

    @property
    def _name(self) -> str:
        return " ".join(self._command[1:])

    def _run(self) -> int | None:
        """Run it once; its exit code, None when it was ended because nobody wants it."""
        process = subprocess.Popen(self._command)  # noqa: S603
        while process.poll() is None:
            if not self._is_wanted():
                stop(process)
                return None
            time.sleep(_LOOK_SECONDS)
        return process.returncode

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while self._is_wanted() and time.monotonic() < until:
            time.sleep(_LOOK_SECONDS)


def main(command: Sequence[str]) -> None:
    """Be the companion of the process that started this one."""
    told: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        told.append(number)

    signal.signal(signal.SIGTERM, note)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C: the parent tells us when it is done
    logging.basicConfig(format="%(asctime)s %(name)s: %(message)s")
    parent = os.getppid()
    Keeper(command, lambda: not told and os.getppid() == parent).keep()


if __name__ == "__main__":
    main(sys.argv[1:])

"""A companion: its command is started again, ended with it, and with its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from centre import companion
from centre.settings import ROOT

T = TypeVar("T")

# Notes its pid, then waits to be ended; with a second argument it ends at once with that code.
COMMAND = """
import os, sys, time
with open(sys.argv[1], "a") as out: out.write(f"{os.getpid()}\\n")
if len(sys.argv) > 2: sys.exit(int(sys.argv[2]))
time.sleep(60)
"""


def pids(file: Path, count: int) -> list[int]:
    """The pids noted, as soon as there are `count`."""
    return until(lambda: [int(line) for line in read(file) if len(read(file)) >= count])


def read(file: Path) -> list[str]:
    return file.read_text().split() if file.exists() else []


def until(ask: Callable[[], T]) -> T:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        found = ask()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("not within 20 s")


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return tmp_path / "pids"


def test_a_command_that_dies_is_started_again_and_ended_with_its_companion(note: Path) -> None:
    beside = companion.start((sys.executable, "-c", COMMAND, str(note)))
    try:
        first = pids(note, 1)[0]
        os.kill(first, signal.SIGKILL)
        second = pids(note, 2)[1]
    finally:
        companion.stop(beside)
    assert until(lambda: is_gone(second))


def test_a_command_that_was_taken_over_stays_down(note: Path) -> None:
    code = str(companion.STAY_DOWN)
    beside = companion.start((sys.executable, "-c", COMMAND, str(note), code))
    assert beside.wait(20) == 0
    assert len(pids(note, 1)) == 1


def test_a_command_ends_when_the_parent_is_killed(note: Path) -> None:
    parent = (
        "import sys, time; from centre import companion;"
        "companion.start(sys.argv[1:]); time.sleep(60)"
    )
    command = (sys.executable, "-c", COMMAND, str(note))
    process = subprocess.Popen((sys.executable, "-c", parent, *command), cwd=ROOT)
    child = pids(note, 1)[0]
    process.kill()
    process.wait()
    assert until(lambda: is_gone(child))

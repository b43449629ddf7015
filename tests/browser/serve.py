"""A real centre on a free port: `python -m centre run`, as `make run` starts it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


CASES_A_DAY = 12
"""Of each source: some 280 a day in all, 10,000 in 35 days."""


def small_chengdu(folder: Path, *, each: int = CASES_A_DAY) -> Path:
    """The shipped city with `each` cases a day and source, so that 35 days fill in soon."""
    pack = folder / "chengdu"
    shutil.copytree(ROOT / "conf" / "chengdu", pack)
    for file in (pack / "sources.d").glob("*.toml"):
        text = file.read_text("utf-8")
        share = f"cases_per_day = {each}"
        file.write_text(re.sub(r"(?m)^cases_per_day\s*=.*$", share, text), "utf-8")
    return pack


def promise(pack: Path, interval: str) -> None:
    """Let the sources of a city promise news this often."""
    for file in (pack / "sources.d").glob("*.toml"):
        text = re.sub(r"(?m)^interval\s*=.*$", f'interval = "{interval}"', file.read_text("utf-8"))
        file.write_text(text, "utf-8")


def filled_once(shared: Path) -> Path:
    """The store of that city with its 35 days: filled by the first of all workers that asks."""
    store = shared / "filled.db"
    with (shared / "filling").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # till the file is closed
        if not store.exists():
            folder = Path(tempfile.mkdtemp(dir=shared))
            with running(folder, CITY=str(small_chengdu(folder))) as centre:
                wait_until_filled(centre)
            with closing(sqlite3.connect(folder / "var" / "chengdu.db")) as whole:
                whole.execute("VACUUM INTO ?", (str(store),))
    return store


@dataclass
class Centre:
    """One running centre and where it answers."""

    process: subprocess.Popen[str]
    url: str
    env: dict[str, str]
    log: Path

    def get(self, path: str, **params: str) -> httpx.Response:
        """GET a path of it."""
        return httpx.get(self.url + path, params=params, timeout=20)

    def stop(self, how: int = signal.SIGTERM) -> None:
        """End it with all its children; with SIGKILL, at once and without a word."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, how)
        self.process.wait(20)


def start(env: dict[str, str], log: Path) -> Centre:
    """Start a centre with these settings and wait until it answers."""
    full = {**os.environ, **env}
    with log.open("a") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "centre", "run"],
            cwd=ROOT,
            env=full,
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    centre = Centre(process, f"http://127.0.0.1:{env['PORT']}", env, log)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(httpx.HTTPError):
            if centre.get("/healthz").status_code in {200, 503}:
                return centre
        if process.poll() is not None:
            break
        time.sleep(0.2)
    centre.stop(signal.SIGKILL)
    raise AssertionError(f"the centre did not start:\n{log.read_text()[-4000:]}")


@contextlib.contextmanager
def running(folder: Path, filled: Path | None = None, **env: str) -> Iterator[Centre]:
    """A centre for the length of a block; its state and log lie in `folder`.

    `filled`: the store that it begins with, a copy of it.
    """
    settings = {"PORT": str(free_port()), "STATE": str(folder / "var"), **env}
    if filled is not None:
        (folder / "var").mkdir()
        shutil.copy(filled, folder / "var" / "chengdu.db")
    centre = start(settings, folder / "centre.log")
    try:
        yield centre
    finally:
        centre.stop()


def wait_until_filled(centre: Centre, seconds: float = 240) -> None:
    """Wait until no source has history left to fill in."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        health = centre.get("/healthz").json()
        if health.get("filled_days") and health["filled_days"] >= health["total_days"]:
            return
        time.sleep(1)
    raise AssertionError(f"still filling after {seconds} s: {health}")

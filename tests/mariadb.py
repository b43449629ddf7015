"""A real MariaDB for the tests, from Debian's mariadb-server-core, on 127.0.0.1."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path

import pymysql
import pytest

from tests.servers import await_answer, die_with_parent, free_port

_NAMES = count(1)


@pytest.fixture(scope="session")
def mariadb_url() -> Iterator[str]:
    """A MariaDB of this run's own; `fresh_mariadb` makes room for a test."""
    with running_mariadb() as url:
        yield url


@contextmanager
def running_mariadb() -> Iterator[str]:
    """A MariaDB for as long as the block lasts."""
    folder = Path(tempfile.mkdtemp(prefix="rongzhi-my-", dir="/tmp"))
    try:
        yield from _served(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fresh_mariadb(mariadb_url: str) -> str:
    """The URL of a new, empty database."""
    name = f"t{os.getpid()}_{next(_NAMES)}"
    port = int(mariadb_url.rsplit(":", 1)[1].split("/", maxsplit=1)[0])
    with pymysql.connect(host="127.0.0.1", port=port, user="root") as conn:
        conn.cursor().execute(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4")
    return f"{mariadb_url.rsplit('/', 1)[0]}/{name}"


def _served(folder: Path) -> Iterator[str]:
    user = pwd.getpwuid(os.geteuid()).pw_name
    _install(folder, user)
    port = free_port()
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [_program(), "--no-defaults", "--skip-name-resolve", *_settings(folder, user, port)],
            stdout=log,
            stderr=log,
            preexec_fn=partial(die_with_parent, signal.SIGKILL),  # noqa: PLW1509 - no threads yet
        )
    try:
        await_answer(lambda: _greet(port), server, f"MariaDB at port {port}")
        yield f"mariadb://root@127.0.0.1:{port}/mysql"
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=20)


def _program() -> str:
    found = shutil.which("mariadbd", path="/usr/sbin:/usr/bin:" + os.environ["PATH"])
    assert found, "mariadbd is missing: apt-get install mariadb-server-core"
    return found


def _install(folder: Path, user: str) -> None:
    """Lay down the tables of a new server."""
    words = [f"--datadir={folder / 'data'}", "--auth-root-authentication-method=normal"]
    done = subprocess.run(
        ["mariadb-install-db", "--no-defaults", f"--user={user}", "--skip-test-db", *words],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"mariadb-install-db failed:\n{done.stdout}\n{done.stderr}"


def _settings(folder: Path, user: str, port: int) -> list[str]:
    settings = {
        "datadir": folder / "data",
        "socket": folder / "socket",
        "pid-file": folder / "pid",
        "port": port,
        "bind-address": "127.0.0.1",
        "user": user,
        "innodb-flush-log-at-trx-commit": 0,  # these tests cut lines, not the power
        "innodb-buffer-pool-size": "32M",
    }
    return [f"--{name}={value}" for name, value in settings.items()]


def _greet(port: int) -> None:
    pymysql.connect(host="127.0.0.1", port=port, user="root", connect_timeout=2).close()

"""Installs an archive and runs it in a network namespace of its own; prints what was seen, as JSON.

    unshare --net python tests/bundle/cut_off.py ARCHIVE FOLDER

Only the standard library, because it stands for a machine that has nothing else.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
import tarfile
import time
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1  # linux/sockios.h, linux/if.h
_URL = "http://127.0.0.1:8050"
_RECEIVED = "/api/v1/metrics/appeal.received.count/value"
_PANEL = "/embed/headline?key=appeal.received.count"
_BARE = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
_SECONDS = 120


def main(archive: Path, folder: Path) -> dict[str, object]:
    """Unpack, install, run; raises when any of it fails."""
    raise_loopback()
    assert_cut_off()
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    unpacked, prefix = folder / archive.name.removesuffix(".tar.gz"), folder / "centre"
    began = time.monotonic()
    said = subprocess.run(
        ["sh", str(unpacked / "install.sh"), "--prefix", str(prefix), "--python", sys.executable],
        env=_BARE,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    installed = time.monotonic() - began
    return {"install_seconds": installed, "said": said, **run(prefix)}


def run(prefix: Path) -> dict[str, object]:
    """Start the centre and ask it until it has today's figure of all its units."""
    with (prefix / "log").open("w") as log:
        centre = subprocess.Popen(
            [str(prefix / "rongzhi"), "run"], env=_BARE, stdout=log, stderr=log
        )
    began = time.monotonic()
    try:
        while not is_whole(received := json.loads(read(_RECEIVED) or "{}")):
            assert centre.poll() is None, (prefix / "log").read_text()
            assert time.monotonic() < began + _SECONDS, (received, (prefix / "log").read_text())
            time.sleep(0.2)
        seconds = time.monotonic() - began
        return {
            "seconds": seconds,
            "received": received,
            "wall": read("/wall"),
            "panel": read(_PANEL),
        }
    finally:
        centre.terminate()
        centre.wait(30)


def is_whole(received: dict[str, Any]) -> bool:
    """Whether a number above 0 is there, and nobody is missing from it."""
    return bool(received.get("value")) and not received["coverage"]["missing"]


def read(path: str) -> str | None:
    """What is answered; None while there is no answer."""
    try:
        with urlopen(_URL + path, timeout=20) as answer:  # noqa: S310 - a constant of ours
            return str(answer.read().decode())
    except (URLError, ConnectionError):
        return None


def raise_loopback() -> None:
    """A new namespace has a loopback that is down, and nothing else."""
    name = struct.pack("16sh", b"lo", 0)
    with socket.socket() as any_:
        flags = struct.unpack("16sh", fcntl.ioctl(any_, _SIOCGIFFLAGS, name))[1]
        fcntl.ioctl(any_, _SIOCSIFFLAGS, struct.pack("16sh", b"lo", flags | _IFF_UP))


def assert_cut_off() -> None:
    """No way leads out: what follows could not be fetched from anywhere."""
    assert [name for _, name in socket.if_nameindex()] == ["lo"]
    with socket.socket() as probe:
        assert probe.connect_ex(("192.0.2.1", 443)) == errno.ENETUNREACH


if __name__ == "__main__":
    json.dump(main(Path(sys.argv[1]), Path(sys.argv[2])), sys.stdout)

"""A real MQTT broker for the tests, Debian's mosquitto, on 127.0.0.1."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.servers import await_answer, die_with_parent, free_port

SETTINGS = """
listener {port} 127.0.0.1
allow_anonymous {anonymous}
max_queued_messages 0
persistence false
log_type error
user root
"""


@pytest.fixture(scope="session")
def mqtt_port() -> Iterator[int]:
    """A broker of this run's own; tests keep apart by their topics."""
    with running_mosquitto() as port:
        yield port


@contextmanager
def running_mosquitto(passwords: str = "") -> Iterator[int]:
    """A broker for as long as the block lasts. `passwords`: the content of its password file."""
    program = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:" + os.environ["PATH"])
    assert program, "mosquitto is missing: apt-get install mosquitto"
    folder, port = Path(tempfile.mkdtemp(prefix="rongzhi-mq-", dir="/tmp")), free_port()
    settings = SETTINGS.format(port=port, anonymous="false" if passwords else "true")
    if passwords:
        (folder / "passwords").write_text(passwords)
        settings += f"password_file {folder / 'passwords'}\n"
    (folder / "settings").write_text(settings)
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [program, "-c", str(folder / "settings")],
            stdout=log,
            stderr=log,
            preexec_fn=partial(die_with_parent, signal.SIGKILL),  # noqa: PLW1509 - no threads yet
        )
    try:
        await_answer(lambda: _greet(port), server, f"mosquitto at port {port}")
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def _greet(port: int) -> None:
    socket.create_connection(("127.0.0.1", port), 2).close()


def publish(
    port: int,
    topic: str,
    payloads: Sequence[bytes],
    who: Sequence[str] = (),
    *,
    retain: bool = False,
) -> None:
    """Send messages by MQTT 3.1.1 at QoS 1; returns when the broker has all of them.

    `who`: name and password, where the broker wants them.
    """
    flags = 0xC2 if who else 0x02
    names = b"".join(len(one).to_bytes(2, "big") + one.encode() for one in ("", *who))
    hello = b"\x00\x04MQTT\x04" + bytes((flags, 0, 0)) + names
    with socket.create_connection(("127.0.0.1", port), 10) as wire:
        wire.sendall(b"\x10" + _length(len(hello)) + hello)
        assert _exactly(wire, 4) == b"\x20\x02\x00\x00"
        for number, payload in enumerate(payloads, 1):
            name = topic.encode()
            body = len(name).to_bytes(2, "big") + name + number.to_bytes(2, "big") + payload
            wire.sendall(bytes((0x33 if retain else 0x32,)) + _length(len(body)) + body)
            assert _exactly(wire, 4) == b"\x40\x02" + number.to_bytes(2, "big")
        wire.sendall(b"\xe0\x00")


def _length(size: int) -> bytes:
    digits = []
    while True:
        size, digit = divmod(size, 128)
        digits.append(digit | (128 if size else 0))
        if not size:
            return bytes(digits)


def _exactly(wire: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        part = wire.recv(count - len(found))
        assert part, "the broker ended the connection"
        found += part
    return found

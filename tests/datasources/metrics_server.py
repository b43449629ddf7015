"""A real Prometheus with numbers of an hour, on 127.0.0.1."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx

from tests.datasources.make import NOW

START = NOW - timedelta(hours=1)
REMEDY = "apt-get install prometheus (make test does it as root)"


def samples() -> str:
    """CPU of two hosts and calls of two units each minute; a gauge that is no number."""
    lines = ["# TYPE cpu gauge"]
    moments = [(number, int(START.timestamp()) + 60 * number) for number in range(61)]
    for host in ("a", "b"):
        more = 100 if host == "b" else 0
        lines += [f'cpu{{host="{host}"}} {number + more} {at}' for number, at in moments]
    lines.append("# TYPE calls gauge")
    for unit in ("510104", "510107"):
        lines += [f'calls{{district="{unit}"}} {number * 2} {at}' for number, at in moments]
    lines.append("# TYPE odd gauge")
    lines += [f"odd NaN {at}" for _, at in moments]
    return "\n".join([*lines, "# EOF", ""])


@contextmanager
def prometheus(folder: Path) -> Iterator[str]:
    """Its address, for the length of a block."""
    program, tool = shutil.which("prometheus"), shutil.which("promtool")
    assert program and tool, f"a real Prometheus is not there: {REMEDY}"
    (folder / "samples").write_text(samples())
    (folder / "prometheus.yml").write_text("global: {}\n")
    data = folder / "data"
    blocks = [tool, "tsdb", "create-blocks-from", "openmetrics", folder / "samples", data]
    subprocess.run(blocks, check=True, capture_output=True)
    port = _free_port()
    words = [
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={data}",
        "--storage.tsdb.retention.time=10y",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=error",
    ]
    server = subprocess.Popen([program, *words], stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _await(f"{url}/-/ready", server)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)


def _await(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(400):
        assert server.poll() is None, "Prometheus ended at once"
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"Prometheus does not answer at {url}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

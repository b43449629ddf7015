"""Connections whose every wait is cut at the deadline of the step, however slowly bytes drip.

httpcore asks for a time-out of each read; a source that sends a byte a second never exceeds it.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from typing import Any

import httpcore

from datasources.budget import Budget


class Stream(httpcore.NetworkStream):
    """A stream that waits no longer than what the budget has left."""

    def __init__(self, inside: httpcore.NetworkStream, budget: Budget) -> None:
        self._inside, self._budget = inside, budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there, or wait for it."""
        return self._inside.read(max_bytes, self._budget.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it."""
        self._inside.write(buffer, self._budget.left())

    def close(self) -> None:
        """Let go."""
        self._inside.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """The same, encrypted."""
        left = self._budget.left()
        return Stream(self._inside.start_tls(ssl_context, server_hostname, left), self._budget)

    def get_extra_info(self, info: str) -> Any:
        """What httpcore wants to know of it."""
        return self._inside.get_extra_info(info)


class Backend(httpcore.NetworkBackend):
    """Opens such streams."""

    def __init__(self, budget: Budget) -> None:
        self._inside, self._budget = httpcore.SyncBackend(), budget

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect."""
        left = self._budget.left()
        opened = self._inside.connect_tcp(host, port, left, local_address, socket_options)
        return Stream(opened, self._budget)

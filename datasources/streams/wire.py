"""A connection whose every wait ends at the deadline of the step, however slowly bytes drip."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from centre.domain.sources import SourceConfig
from datasources.budget import Budget
from datasources.errors import Malformed, Unavailable
from datasources.secrets import said
from datasources.source import Surroundings

_CHUNK = 1 << 16
_MOST_LINE = 1 << 16  # no server says more in one line

CONNECTION_KEYS = {
    "user": "our name there",
    "password": "our password there, as a secret",
    "ca_file": "certificate of the authority that signed the server's, where the system has none",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A server. `tls`: None for plain."""

    host: str
    port: int
    path: str
    user: str | None
    password: str | None
    tls: ssl.SSLContext | None

    @property
    def name(self) -> str:
        """As messages call it."""
        return f"{self.host}:{self.port}"


def where(config: SourceConfig, around: Surroundings, ports: dict[str, int]) -> Where:
    """What url, user, password and ca_file say.

    `ports`: scheme -> usual port; the second scheme is the encrypted one. Raises Malformed, Denied.
    """
    url = urlsplit(said(config, around, "url") or "")
    plain, secure = ports
    if url.scheme not in ports or not url.hostname:
        raise Malformed(
            f"{config.path}: connection.url: write {plain}://host:{ports[plain]}, "
            f"or {secure}://host:{ports[secure]}"
        )
    return Where(
        host=url.hostname,
        port=url.port or ports[url.scheme],
        path=url.path.strip("/"),
        user=said(config, around, "user") or unquote(url.username or "") or None,
        password=said(config, around, "password") or unquote(url.password or "") or None,
        tls=_context(config, around) if url.scheme == secure else None,
    )


def _context(config: SourceConfig, around: Surroundings) -> ssl.SSLContext:
    file = said(config, around, "ca_file")
    try:
        return ssl.create_default_context(cafile=file)
    except OSError as error:
        raise Malformed(f"{config.path}: connection.ca_file: {file}: {error}") from error


class Wire:
    """Bytes to and from a server."""

    def __init__(self, to: Where, budget: Budget) -> None:
        self._name, self._budget, self._buffer = to.name, budget, bytearray()
        with self._told():
            self._socket = socket.create_connection((to.host, to.port), budget.left())
            if to.tls is not None:
                self._socket.settimeout(budget.left())
                self._socket = to.tls.wrap_socket(self._socket, server_hostname=to.host)

    def send(self, data: bytes) -> None:
        """Send all of it."""
        with self._told():
            self._socket.settimeout(self._budget.left())
            self._socket.sendall(data)

    def read(self, count: int) -> bytes:
        """Exactly so many bytes."""
        while len(self._buffer) < count:
            self._more()
        found = bytes(self._buffer[:count])
        del self._buffer[:count]
        return found

    def line(self) -> bytes:
        """All until the next CR LF, without these; Malformed where none comes."""
        while (end := self._buffer.find(b"\r\n")) < 0:
            if len(self._buffer) > _MOST_LINE:
                raise Malformed(f"{self._name}: an answer without an end; is that the right port?")
            self._more()
        found = bytes(self._buffer[:end])
        del self._buffer[: end + 2]
        return found

    def close(self) -> None:
        """Let go."""
        self._socket.close()

    def _more(self) -> None:
        with self._told():
            self._socket.settimeout(self._budget.left())
            data = self._socket.recv(_CHUNK)
        if not data:
            raise Unavailable(f"{self._name}: the connection was ended")
        self._budget.take(len(data))
        self._buffer += data

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except TimeoutError:
            self._budget.left()  # says so itself when the deadline is over
            raise Unavailable(f"{self._name} does not answer") from None
        except OSError as error:
            raise Unavailable(f"{self._name} does not answer: {error}") from error

"""Where a source file may lead that was written in a browser: no place of ours unless it is listed.

Whoever edits a file at a terminal may look around from there anyway; a browser may not be used to
look around from here.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from centre.citypack.finding import Complaint
from centre.citypack.source_rules import leaves

_FILES = frozenset({"path", "folder", "ca_file", "outage_file"})
_HOSTS = frozenset({"host", "server", "broker"})
_QUERY = frozenset({"charset", "sslmode", "application_name", "client_encoding", "driver"})
_OURS = frozenset({"DATABASE_URL", "REDIS_URL"})
_LIST = "write it into SOURCES_HOSTS (docs/security.md), or save the file at a terminal"

Resolve = Callable[[str], Iterable[str]]


def addresses(host: str) -> Iterable[str]:
    """The addresses of a name; raises OSError."""
    return {str(one[4][0]) for one in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """`hosts`: names, "*.names", addresses and networks that are allowed though they are private.

    Files lie within `data_dir`; None: there are none.
    """

    hosts: tuple[str, ...]
    data_dir: Path | None
    resolve: Resolve = addresses

    def complaints(self, connection: Mapping[str, Any]) -> Iterator[Complaint]:
        """All that leads where it may not."""
        for key, last, value in leaves(connection, "connection"):
            if not isinstance(value, str):
                continue
            if last == "env":
                yield from self._variable(key, value)
            elif "://" in value:
                yield from self._address(key, value)
            elif last in _HOSTS:
                yield from self._host(key, value.rpartition(":")[0] or value)
            elif last in _FILES:
                yield from self._file(key, value)

    def _variable(self, key: str, name: str) -> Iterator[Complaint]:
        if name in _OURS:
            yield key, f"{name} is the centre's own", "give the source a variable of its own"
        elif "://" in os.environ.get(name, ""):
            yield from self._address(key, os.environ[name])

    def _address(self, key: str, value: str) -> Iterator[Complaint]:
        try:
            parts = urlsplit(value)
            host = parts.hostname
        except ValueError:
            yield key, "is no address", 'write it like "https://host/path"'
            return
        scheme = parts.scheme.partition("+")[0]
        if scheme in ("sqlite", "file"):
            yield from self._file(key, value.partition("://")[2].removeprefix("/"))
            return
        if not host:
            yield key, "names no host", 'write it like "https://host/path"'
            return
        yield from self._host(key, host)
        odd = sorted({name for name, _ in parse_qsl(parts.query)} - _QUERY)
        if odd and scheme not in ("http", "https"):
            remedy = f"write one of {', '.join(sorted(_QUERY))}"
            yield key, f'"{odd[0]}" could lead elsewhere', remedy

    def _host(self, key: str, host: str) -> Iterator[Complaint]:
        if self._is_named(host):
            return
        try:
            found = sorted(self.resolve(host))
        except (OSError, UnicodeError):
            yield key, f'"{host}" has no address here', _LIST
            return
        for address in found:
            if not self._is_allowed(address):
                yield key, f'"{host}" is a place within our own network ({address})', _LIST
                return

    def _is_named(self, host: str) -> bool:
        name = host.casefold().rstrip(".")
        return any(
            name == one.casefold() or (one.startswith("*.") and name.endswith(one[1:].casefold()))
            for one in self.hosts
        )

    def _is_allowed(self, address: str) -> bool:
        ip = ipaddress.ip_address(address.partition("%")[0])
        ip = getattr(ip, "ipv4_mapped", None) or ip
        return (ip.is_global and not ip.is_multicast) or any(
            ip in network for network in _networks(self.hosts) if network.version == ip.version
        )

    def _file(self, key: str, value: str) -> Iterator[Complaint]:
        if self.data_dir is None:
            yield key, "there is no folder of data", "set DATA to it"
            return
        root = self.data_dir.resolve()
        if not (root / value).resolve().is_relative_to(root):
            yield key, f'"{value}" lies outside of DATA', "write a path within that folder"


def _networks(
    hosts: Iterable[str],
) -> Iterator[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    for one in hosts:
        try:
            yield ipaddress.ip_network(one, strict=False)
        except ValueError:
            continue  # a name

"""Client: asks a web service, within the deadline and the bytes of a step.

One redirect leads to another address of the same host, never to another host: our secrets would
go with it. Proxies of the environment are not heeded; one that is wanted is configured.
"""

from __future__ import annotations

import ssl
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

import httpcore

from centre.domain.sources import SourceConfig
from datasources.source import Denied, Malformed, SourceError, Surroundings, Unavailable
from datasources.web import auth
from datasources.web.auth import Auth
from datasources.web.keys import Keys
from datasources.web.wire import Backend

CONNECTION_KEYS: Mapping[str, str] = {
    "headers": "further headers of every request",
    **auth.CONNECTION_KEYS,
    "proxy": "address of a proxy (none; those of the environment are not heeded)",
    "ca_file": "certificates of the city's own authority (those of the system)",
}
_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 3
_CHUNK = 1 << 16
_ASCII = "".join(map(chr, range(33, 127)))  # is left as it is in an address
_SHOWN = 200  # characters of an answer that a message quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a service said. `headers` by lower-case name; `body` unpacked."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """Without its parameters; "" when the service does not say."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The encoding that the service names."""
        for part in self.headers.get("content-type", "").split(";")[1:]:
            name, _, value = part.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip("\"'") or None
        return None


class Client:
    """One service. Connections are kept between requests; used from one thread."""

    def __init__(
        self, config: SourceConfig, around: Surroundings, *, anywhere: bool = False
    ) -> None:
        """`anywhere`: redirects may lead to other hosts, because nobody's secrets are sent."""
        keys = Keys(config, around)
        self._anywhere = anywhere
        self._budget, self._auth = around.budget, Auth(keys.table("auth"))
        self._fixed = {"User-Agent": "rongzhi", "Accept-Encoding": "gzip", **keys.plain("headers")}
        self._pool = httpcore.ConnectionPool(
            ssl_context=_context(keys),
            proxy=httpcore.Proxy(keys.said("proxy")) if "proxy" in keys else None,
            network_backend=Backend(self._budget),
            max_connections=2,
            keepalive_expiry=30.0,
        )

    def get(self, url: str, params: Mapping[str, str] | None = None) -> Answer:
        """Ask; raises SourceError for everything but an answer that says 200 to 299."""
        answer = self.ask(with_params(url, params or {}))
        judge(answer)
        return answer

    def post(self, url: str, body: bytes, content_type: str = "application/json") -> Answer:
        """Ask with a body."""
        answer = self.ask(url, body, {"Content-Type": content_type})
        judge(answer)
        return answer

    def ask(
        self, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The answer, whatever its status; raises Unavailable when there is none."""
        sent = {**(headers or {}), **self._auth.headers(self._form)}
        answer = self._follow(url, body, sent)
        if answer.status == 401 and self._auth.can_renew:
            self._auth.forget()
            sent.update(self._auth.headers(self._form))
            answer = self._follow(url, body, sent)
        return answer

    def _form(self, url: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        answer = self._follow(url, body, headers)
        judge(answer)
        return answer.body

    def _follow(self, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        for _ in range(_MOST_REDIRECTS + 1):
            answer = self._once(url, body, headers)
            if answer.status not in _REDIRECTS:
                return answer
            target = urljoin(url, answer.headers.get("location", ""))
            if not self._anywhere and not same_host(url, target):
                raise Denied(f"{shown(url)}: leads to another place, {shown(target)}; write that")
            url = target
        raise Malformed(f"{shown(url)}: leads round in circles")

    def _once(self, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        sent = {**self._fixed, **headers}
        method = "GET" if body is None else "POST"
        with (
            _faults(url),
            self._pool.stream(
                method, address(url), headers=list(sent.items()), content=body
            ) as got,
        ):
            found = {name.decode("latin-1").lower(): v.decode("latin-1") for name, v in got.headers}
            return Answer(url=url, status=got.status, headers=found, body=self._body(got, found))

    def _body(self, got: httpcore.Response, headers: Mapping[str, str]) -> bytes:
        """All of it, counted as it comes and as it is unpacked: a bomb never opens."""
        parts: list[bytes] = []
        coding = headers.get("content-encoding", "identity").strip().lower()
        if coding not in ("identity", "gzip", "deflate", ""):
            raise Malformed(f'the answer is packed as "{coding}", which we did not ask for')
        unpack = zlib.decompressobj(zlib.MAX_WBITS | 32) if coding in ("gzip", "deflate") else None
        for chunk in got.iter_stream():
            self._budget.left()
            self._budget.take(len(chunk))
            parts += [chunk] if unpack is None else self._unpacked(unpack, chunk)
        if unpack is not None and not unpack.eof and parts:
            raise Unavailable("the answer ends in the middle of what is packed")
        return b"".join(parts)

    def _unpacked(self, unpack: zlib._Decompress, chunk: bytes) -> Iterator[bytes]:
        while chunk:
            part = unpack.decompress(chunk, _CHUNK)
            self._budget.take(len(part))
            yield part
            chunk = unpack.unconsumed_tail

    def close(self) -> None:
        """Let go of connections."""
        self._pool.close()


def judge(answer: Answer, told: str = "") -> None:
    """Turn a status that is no success into what has to be done about it.

    `told`: the words of the refusal, where somebody knows how to read them.
    """
    status, where = answer.status, shown(answer.url)
    if 200 <= status < 300:
        return
    words = f": {told}" if told else said(answer)
    if status in (401, 403, 407):
        raise Denied(f"{where}: refuses us ({status}{words}); check auth and what we may read")
    if status in (404, 410):
        raise Denied(f"{where}: there is nothing at this address ({status}{words})")
    if status in (408, 425, 429) or status >= 500:
        wait = _retry_after(answer.headers.get("retry-after"))
        raise Unavailable(f"{where}: answers {status}{words}", retry_after_seconds=wait)
    raise Malformed(f"{where}: does not take our question ({status}{words})")


def said(answer: Answer) -> str:
    """The words of a refusal, short; of a page of HTML none."""
    text = " ".join(answer.body[: 4 * _SHOWN].decode("utf-8", "replace").split())
    return (
        "" if not text or text.startswith("<!") or "<html" in text.lower() else f": {text[:_SHOWN]}"
    )


def with_params(url: str, params: Mapping[str, str]) -> str:
    """An address with some of its parameters replaced or added."""
    parts = _split(url)
    merged = {**dict(parse_qsl(parts.query, keep_blank_values=True)), **params}
    return urlunsplit(parts._replace(query=urlencode(merged), fragment=""))


def shown(url: str) -> str:
    """An address as messages quote it: without parameters, which may hold a key."""
    parts = _split(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def same_host(one: str, other: str) -> bool:
    """Whether two addresses are of one host, port and scheme (http may become https)."""
    a, b = _split(one), _split(other)
    secured = (a.scheme, b.scheme) == ("http", "https") and a.hostname == b.hostname
    return secured or (a.scheme, a.hostname, a.port) == (b.scheme, b.hostname, b.port)


def address(url: str) -> httpcore.URL:
    """An address as it goes over the wire; Malformed when it is none."""
    parts = _split(url)
    host, port = (parts.hostname or "").encode("idna"), parts.port
    if parts.scheme not in ("http", "https") or not host:
        raise Malformed(f'{url[:_SHOWN]!r} is no address of the web; write "https://…"')
    path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    target = quote(path, safe=_ASCII).encode()
    return httpcore.URL(scheme=parts.scheme.encode(), host=host, port=port, target=target)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        (parts.hostname or "").encode("idna")
        parts.port  # noqa: B018 - a port that is no number shows when it is asked for
    except ValueError as error:
        raise Malformed(f"{url[:_SHOWN]!r} is no address of the web ({error})") from error
    return parts


@cache
def _trusted(file: str | None) -> ssl.SSLContext:
    """The authorities of the system and those of a file; kept, because they are hundreds."""
    context = ssl.create_default_context()
    if file is not None:
        context.load_verify_locations(file)
    return context


def _context(keys: Keys) -> ssl.SSLContext:
    try:
        return _trusted(keys.text("ca_file") if "ca_file" in keys else None)
    except OSError as error:
        raise keys.wrong("ca_file", f"cannot be read ({error})") from error


def _retry_after(text: str | None) -> float | None:
    """Seconds, from a number or a date."""
    if text is None:
        return None
    if text.strip().isdecimal():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


@contextmanager
def _faults(url: str) -> Iterator[None]:
    """What the network raises, in the words of adapters and with the address."""
    where = shown(url)
    try:
        yield
    except SourceError as error:
        raise error.at(where) from error
    except httpcore.ConnectError as error:
        raise Unavailable(f"{where}: no connection ({error})") from error
    except (httpcore.TimeoutException, httpcore.PoolTimeout) as error:
        raise Unavailable(f"{where}: no answer in time") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError) as error:
        raise Unavailable(f"{where}: the answer broke off or is no HTTP ({error})") from error
    except zlib.error as error:
        raise Malformed(f"{where}: the answer is badly packed ({error})") from error

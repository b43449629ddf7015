"""Redis in its own words (RESP 2): a command goes, one answer comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from datasources.errors import Denied, Malformed, SourceError, Unavailable
from datasources.streams.wire import Wire

_DEEPEST = 8  # lists in lists; streams answer with four
_DENIED = ("NOAUTH", "WRONGPASS", "NOPERM", "DENIED")
_LATER = ("LOADING", "BUSY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "READONLY", "OOM")


class Refused(Malformed):
    """An error that the server answers with; `code` is its first word."""

    def __init__(self, words: str) -> None:
        super().__init__(f"Redis refuses: {words[:300]}")
        self.code = words.partition(" ")[0]


class Redis:
    """One connection."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def ask(self, *words: str | bytes | int) -> Any:
        """The answer of a command: bytes, numbers, None and lists of these.

        Raises Refused, Denied and Unavailable for errors, Malformed for what is no answer.
        """
        parts = [one if isinstance(one, bytes) else str(one).encode() for one in words]
        sent = b"".join(b"$%d\r\n%b\r\n" % (len(one), one) for one in parts)
        self._wire.send(b"*%d\r\n%b" % (len(parts), sent))
        answer = self._answer(0)
        if isinstance(answer, SourceError):
            raise answer
        return answer

    def close(self) -> None:
        """Let go."""
        self._wire.close()

    def _answer(self, depth: int) -> Any:
        line = self._wire.line()
        read = _KINDS.get(line[:1])
        if read is None or depth > _DEEPEST:
            raise Malformed(f"{line[:20]!r} is no answer of Redis; is that the right port?")
        return read(self, line[1:], depth)

    def _simple(self, rest: bytes, _: int) -> bytes:
        return rest

    def _error(self, rest: bytes, _: int) -> SourceError:
        words = rest.decode(errors="replace")
        code = words.partition(" ")[0]
        if code in _DENIED:
            return Denied(f"Redis refuses: {words[:300]}")
        if code in _LATER:
            return Unavailable(f"Redis refuses for now: {words[:300]}")
        return Refused(words)

    def _whole(self, rest: bytes, _: int) -> int:
        try:
            return int(rest)
        except ValueError:
            raise Malformed(f"{rest[:20]!r} is no number; is that Redis?") from None

    def _bulk(self, rest: bytes, depth: int) -> bytes | None:
        size = self._whole(rest, depth)
        return None if size < 0 else self._wire.read(size + 2)[:-2]

    def _list(self, rest: bytes, depth: int) -> list[Any] | None:
        size = self._whole(rest, depth)
        return None if size < 0 else [self._answer(depth + 1) for _ in range(size)]


_KINDS: Mapping[bytes, Callable[[Redis, bytes, int], Any]] = {
    b"+": Redis._simple,
    b"-": Redis._error,
    b":": Redis._whole,
    b"$": Redis._bulk,
    b"*": Redis._list,
}

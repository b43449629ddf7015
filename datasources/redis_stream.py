"""A Redis stream: rows that a system adds with XADD, read by a consumer group of ours.

What is stored is acknowledged after the commit. What was delivered and not acknowledged, by us
or by a reader that is gone, is taken over and delivered again; the cursor says which entries the
last batch had, so that those whose acknowledgement alone was lost do not come twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from centre.domain.sources import SourceConfig
from datasources.pushed.body import unreadable
from datasources.source import Batch, Malformed, SourceError, Surroundings, foreign_cursor
from datasources.streams import text, wire
from datasources.streams.resp import Redis, Refused
from datasources.streams.wire import Wire, where
from datasources.web.keys import Keys

Row = Mapping[str, Any]
Entry = tuple[str, Sequence[bytes] | None]
"""Its id and its words, field and value in turn; None when it was deleted meanwhile."""

_PORTS = {"redis": 6379, "rediss": 6379}


class RedisStream:
    """One stream."""

    adapter: ClassVar[str] = "redis_stream"
    connection_keys: ClassVar[Mapping[str, str]] = {
        "url": '"redis://host:6379/0", or "rediss://…" for TLS',
        "stream": "name of the stream",
        "json": "the field that holds a whole row as JSON (each field is a column)",
        "group": "name of our consumer group; made where it is not there (rongzhi)",
        "claim_after": "when entries that another reader of the group left are taken over (1 min)",
        "batch_rows": "entries of one batch (200)",
        **wire.CONNECTION_KEYS,
    }

    def __init__(self, config: SourceConfig, around: Surroundings) -> None:
        keys = Keys(config, around)
        self._config, self._budget = config, around.budget
        self._where = where(config, around, _PORTS)
        self._stream, self._group = keys.text("stream"), keys.text("group", "rongzhi")
        self._json = keys.text("json", "").encode()
        self._idle = int(1000 * keys.seconds("claim_after", 60.0))
        self._size = keys.whole("batch_rows", 200)
        self._open: Redis | None = None

    def fetch(self, cursor: Mapping[str, Any] | None, now: datetime) -> Iterator[Batch]:
        """Yield what was left unacknowledged, then what is new, and then that this was all."""
        if cursor is not None and set(cursor) != {"ids"}:
            raise foreign_cursor(self._config, cursor)
        last, is_open = list(cursor["ids"]) if cursor else [], cursor is None
        try:
            self._prepare(last)
            for entries, is_end in self._all():
                last, is_open = [id_ for id_, _ in entries], not is_end
                rows = [row for entry in entries for row in self._rows(entry)]
                mark = now if is_end else None
                yield Batch(rows=rows, cursor={"ids": last}, watermark=mark, more=is_open)
            if is_open:
                yield Batch(rows=[], cursor={"ids": last}, watermark=now)
        finally:
            self._close()

    def settle(self, cursor: Mapping[str, Any]) -> None:
        """Acknowledge the entries of a batch."""
        is_fetching = self._open is not None
        try:
            self._acknowledge(cursor["ids"])
        finally:
            if not is_fetching:
                self._close()

    def sample(self, most: int) -> Sequence[Row]:
        """The newest entries; the group knows nothing of it."""
        try:
            found = self._ask("XREVRANGE", self._stream, "+", "-", "COUNT", most)
            return [row for entry in self._entries(found) for row in self._rows(entry)]
        finally:
            self._close()

    def _prepare(self, last: Sequence[str]) -> None:
        """Be a reader of the group, and acknowledge again what is stored already."""
        try:
            self._ask("XGROUP", "CREATE", self._stream, self._group, "0", "MKSTREAM")
        except Refused as refused:
            if refused.code != "BUSYGROUP":  # it is there
                raise
        self._acknowledge(last)
        start = "0-0"
        while True:
            own = self._stream, self._group, self._config.id
            answer = self._ask("XAUTOCLAIM", *own, self._idle, start, "COUNT", 1000, "JUSTID")
            start = self._text(answer, 0)
            if start == "0-0":
                return

    def _all(self) -> Iterator[tuple[list[Entry], bool]]:
        """Entries in batches, and whether there are no more: ours and pending, then new ones."""
        after = "0"
        while found := self._read(after):
            after = found[-1][0]
            self._acknowledge([id_ for id_, words in found if words is None])
            if entries := [one for one in found if one[1] is not None]:
                yield entries, False
        while found := self._read(">"):
            is_end = len(found) < self._size
            yield found, is_end
            if is_end:
                return

    def _read(self, after: str) -> list[Entry]:
        who = "GROUP", self._group, self._config.id
        answer = self._ask("XREADGROUP", *who, "COUNT", self._size, "STREAMS", self._stream, after)
        if answer is None:
            return []
        try:
            ((_, entries),) = answer
        except (TypeError, ValueError) as error:
            raise self._odd(answer) from error
        return self._entries(entries)

    def _entries(self, answer: Any) -> list[Entry]:
        try:
            return [(id_.decode(), words) for id_, words in answer]
        except (TypeError, ValueError, AttributeError) as error:
            raise self._odd(answer) from error

    def _rows(self, entry: Entry) -> list[Row]:
        """A row has the columns @id and @at (when the entry was added) beside its own."""
        id_, words = entry
        beside = {"@id": id_, "@at": _at(id_)}
        pairs = self._pairs(words)
        if self._json:
            return text.rows(pairs.get(self._json, b""), beside)
        try:
            return [{**{k.decode(): v.decode() for k, v in pairs.items()}, **beside}]
        except UnicodeDecodeError:
            return [unreadable(str(pairs), **beside)]

    def _pairs(self, words: Sequence[bytes] | None) -> Mapping[bytes, bytes]:
        try:
            return dict(zip(*[iter(words or ())] * 2, strict=True))
        except (TypeError, ValueError) as error:
            raise self._odd(words) from error

    def _acknowledge(self, ids: Sequence[str]) -> None:
        if ids:
            self._ask("XACK", self._stream, self._group, *ids)

    def _ask(self, *words: str | bytes | int) -> Any:
        if self._open is None:
            self._open = Redis(Wire(self._where, self._budget))
            self._greet()
        try:
            return self._open.ask(*words)
        except SourceError as error:
            if not isinstance(error, Refused):
                self._close()
            raise

    def _greet(self) -> None:
        to = self._where
        if to.password is not None:
            self._ask("AUTH", *([to.user] if to.user else []), to.password)
        if to.path:
            self._ask("SELECT", to.path)

    def _close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def _text(self, answer: Any, place: int) -> str:
        try:
            return str(answer[place].decode())
        except (TypeError, IndexError, AttributeError) as error:
            raise self._odd(answer) from error

    def _odd(self, answer: Any) -> Malformed:
        return Malformed(f"{self._where.name}: {str(answer)[:100]} is no answer about a stream")


def _at(id_: str) -> str | None:
    """When an entry was added, by its id; None for an id that somebody has made up."""
    try:
        return datetime.fromtimestamp(int(id_.partition("-")[0]) / 1000, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return None

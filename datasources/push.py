"""Push: a system that sends its rows by HTTP, to POST /api/v1/push/<source>.

    POST ── signature ── rows judged ──> inbox ── 202      centre.api.push, in the web process
                                           └── this adapter, in the collector, as any other

Silence promises nothing here: who has nothing to send sends an empty list now and then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from centre.domain.sources import SourceConfig
from datasources.inbox import Entry, Inbox
from datasources.pushed.door import door
from datasources.source import Batch, Denied, Surroundings, foreign_cursor

BATCH_ROWS = 1000
_LOOKED_AT = 500  # entries at once


class Push:
    """The inbox of one source."""

    adapter: ClassVar[str] = "push"
    connection_keys: ClassVar[Mapping[str, str]] = {
        "key": 'the secret that both sides sign with, { env = "NAME" }, 16 characters or more',
        "former_key": "the one before, good as well while a key is being changed",
        "max_mb": "the largest request, in MiB (4)",
        "max_rows": "rows in one request (10000)",
        "per_minute": "requests in a minute (600)",
    }
    stands_still_when_quiet = True

    def __init__(self, config: SourceConfig, around: Surroundings) -> None:
        door(config, around)  # a key that is not set is said at /sources, not to the sender alone
        self._config, self._inbox = config, around.inbox

    def fetch(self, cursor: Mapping[str, Any] | None, now: datetime) -> Iterator[Batch]:
        """Yield what came since, some requests at a time, in their order."""
        number, inbox = self._number(cursor), self._inbox_()
        while entries := inbox.after(self._config.id, number, _LOOKED_AT + 1):
            waiting = len(entries) > _LOOKED_AT
            groups = list(_groups(entries[:_LOOKED_AT]))
            for place, group in enumerate(groups, 1):
                number = group[-1].number
                yield Batch(
                    rows=inbox.rows(self._config.id, group[0].number, number),
                    cursor={"entry": number},
                    watermark=min(now, group[-1].at),
                    more=waiting or place < len(groups),
                )

    def settle(self, cursor: Mapping[str, Any]) -> None:
        """What is stored no longer waits."""
        self._inbox_().taken(self._config.id, self._number(cursor))

    def _number(self, cursor: Mapping[str, Any] | None) -> int:
        if cursor is None:
            return 0
        if set(cursor) != {"entry"} or not isinstance(cursor["entry"], int):
            raise foreign_cursor(self._config, cursor)
        return int(cursor["entry"])

    def _inbox_(self) -> Inbox:
        if self._inbox is None:
            raise Denied(
                f"{self._config.path}: what is pushed waits in the database of a running centre, "
                "and here is none; try rows there: "
                f"POST /api/v1/push/{self._config.id}?dry_run=true"
            )
        return self._inbox


def _groups(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    """Entries in batches. One with bad rows stands alone, as it was judged when it came.

    Otherwise many small requests with a bad row each would be refused together, as a drift.
    """
    group: list[Entry] = []
    for entry in entries:
        size = sum(one.count for one in group)
        if group and (entry.bad or group[-1].bad or size + entry.count > BATCH_ROWS):
            yield group
            group = []
        group.append(entry)
    if group:
        yield group

"""Which rows of an overlap were delivered already.

A service is asked again for what changed shortly before the newest change that we know of, because
some changes become visible late. Rows that are the same as they were are dropped by their digests.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

Row = Mapping[str, Any]

MOST = 20_000  # digests in a cursor (some 400 KB); beyond, the store knows duplicates itself


def digest(value: Any) -> str:
    """Nine bytes of what a value says, whatever the order of its keys."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=9).hexdigest()


class Seen:
    """Digest -> when its row changed, in seconds since 1970."""

    def __init__(self, known: Mapping[str, float]) -> None:
        self._known = dict(known)

    def news(self, rows: Sequence[Row], changed: Sequence[float]) -> list[Row]:
        """The rows that are new, noted from now on."""
        fresh: list[Row] = []
        for row, at in zip(rows, changed, strict=True):
            mark = digest(row)
            if mark not in self._known:
                fresh.append(row)
            self._known[mark] = at
        return fresh

    def since(self, at: float) -> dict[str, float]:
        """What is worth keeping: rows that changed at that moment or later, the newest of them."""
        kept = {mark: when for mark, when in self._known.items() if when >= at}
        if len(kept) <= MOST:
            return kept
        return dict(sorted(kept.items(), key=lambda one: one[1])[-MOST:])

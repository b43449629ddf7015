"""Outages: the breaker of each source, and what of it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from centre.collector.breaker import Breaker
from centre.collector.pipeline import Drifted
from centre.store.health import Health
from datasources.source import Denied, Malformed, SourceError, Unavailable


class Outages:
    """Belongs to one thread, but for `is_closed`. What is returned is to be kept: store.health."""

    def __init__(self, known: Mapping[str, Health]) -> None:
        """`known`: what an earlier collector has kept."""
        self._breakers = {id_: _breaker(one) for id_, one in known.items()}
        self._conditions = {id_: one.condition for id_, one in known.items()}
        self._replaced = {id_: one.replaced for id_, one in known.items()}

    @property
    def down(self) -> frozenset[str]:
        """Sources of which a failure was the last that was told."""
        return frozenset(id_ for id_, told in self._conditions.items() if told)

    def is_closed(self, source: str) -> bool:
        """Whether a source may be asked for more than a probe."""
        return self._of(source).is_closed

    def asked(self, source: str) -> None:
        """A live step begins; behind an open breaker it is the probe."""
        self._breakers[source] = self._of(source).probing()

    def answered(self, source: str, *, is_well: bool) -> Mapping[str, Any]:
        """Close the breaker; empty where that changes nothing that is kept.

        `is_well`: its history is read, too; else the trouble with it stays.
        """
        before = self._of(source)
        now = self._breakers[source] = before.answered()
        ended = self.recovered(source) if is_well else {}
        if not ended and before.is_closed and not before.recent.endswith("-"):
            return {}
        return {**_kept(now), **ended, "retry_at": None}

    def recovered(self, source: str) -> Mapping[str, Any]:
        """Nothing is wrong any more; empty where nothing was."""
        was_down = bool(self._conditions.get(source))
        self._conditions[source] = ""
        return {"condition": ""} if was_down else {}

    def failed(self, source: str, error: BaseException, *, is_live: bool) -> Mapping[str, Any]:
        """Note what is wrong; a failed live step counts for the breaker."""
        told = self._conditions[source] = condition(error)
        if not is_live:
            return {"condition": told}
        now = self._breakers[source] = self._of(source).failed()
        return _kept(now) | {"condition": told}

    def reset(self, source: str) -> Mapping[str, Any]:
        """Its file has changed: its failures are forgiven, what is wrong stays until it answers."""
        now = self._breakers[source] = Breaker(opened=self._of(source).opened)
        return {**_kept(now), "retry_at": None}

    def forget(self, source: str) -> None:
        """There is no such source any more."""
        for kept in (self._breakers, self._conditions, self._replaced):
            kept.pop(source, None)

    def replaced(self, source: str) -> Mapping[str, Any]:
        """Count a worker that was left behind where it hangs."""
        count = self._replaced[source] = self._replaced.get(source, 0) + 1
        return {"replaced": count}

    def _of(self, source: str) -> Breaker:
        return self._breakers.get(source, Breaker())


def waits(known: Mapping[str, Health], now: datetime) -> Mapping[str, float]:
    """Source -> seconds for which its open breaker still waits."""
    return {
        id_: (one.retry_at - now).total_seconds()
        for id_, one in known.items()
        if one.breaker == "open" and one.retry_at is not None and one.retry_at > now
    }


def condition(error: BaseException) -> str:
    """One word for a failure: who has to do what about it hangs on it."""
    if isinstance(error, Drifted):
        return "refused"
    kinds = {Unavailable: "unavailable", Denied: "denied", Malformed: "malformed"}
    found = next((word for kind, word in kinds.items() if isinstance(error, kind)), None)
    return found or ("unavailable" if isinstance(error, SourceError) else "fault")


def _breaker(known: Health) -> Breaker:
    return Breaker(
        state="open" if known.breaker == "open" else "closed",
        recent=known.recent,
        opened=known.opened,
    )


def _kept(breaker: Breaker) -> dict[str, Any]:
    state = "closed" if breaker.is_closed else "open"
    return {"breaker": state, "recent": breaker.recent, "opened": breaker.opened}

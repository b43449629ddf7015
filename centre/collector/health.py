"""How the sources are: what screens show of them, and one log line when one goes and returns."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from centre.collector.form import differences
from centre.domain.sources import SourceConfig
from centre.domain.status import freshness
from centre.snapshots.cells import SourceState
from centre.store import health
from centre.store.sources import SourceRow
from datasources.source import SourceError

_LOG = logging.getLogger(__name__)


def source_states(
    configs: Sequence[SourceConfig],
    rows: Sequence[SourceRow],
    now: datetime,
    troubles: Mapping[str, str],
    known: Mapping[str, health.Health] = MappingProxyType({}),
) -> tuple[SourceState, ...]:
    """The configured sources in the order of their files; `now` is the city's clock.

    `troubles`: what is wrong with a history, while the newest state is answered without error.
    `known`: their outages and forms.
    """
    by_id = {row.id: row for row in rows}
    states = (
        replace(_state(config, by_id.get(config.id), now), **_trouble(known.get(config.id)))
        for config in configs
    )
    return tuple(replace(one, error=one.error or troubles.get(one.id)) for one in states)


def _state(config: SourceConfig, row: SourceRow | None, now: datetime) -> SourceState:
    # A source that names no watermark is complete until its last successful fetch began.
    as_of = (row.watermark or row.succeeded_at) if row else None
    word = freshness(as_of, now, config.interval_seconds).value
    return SourceState(
        id=config.id,
        zh=config.name.zh,
        en=config.name.en,
        unit=config.unit,
        adapter=config.adapter,
        state="paused" if row and row.paused else word,
        synthetic=config.synthetic,
        interval_seconds=config.interval_seconds,
        contact=config.contact,
        map=config.map,
        as_of=as_of,
        lag_seconds=max(0.0, (now - as_of).total_seconds()) if as_of else None,
        **(_counted(row) if row else {}),
    )


def _trouble(known: health.Health | None) -> dict[str, Any]:
    """What is wrong with a source, in words of ours, and how its columns have changed."""
    if known is None:
        return {}
    changed = differences(known.base, known.form or {}) if known.base else ()
    breaker = {"breaker": known.breaker, "condition": known.condition}
    return {**breaker, "drift": "\n".join(changed)}


def _counted(row: SourceRow) -> dict[str, Any]:
    names = (
        "event_at",
        "received_at",
        "succeeded_at",
        "filled_days",
        "total_days",
        "fill_unit",
        "failures",
        "error",
    )
    counts = ("sent", "stored", "duplicate", "rejected")
    return {name: getattr(row, name) for name in (*names, *counts)}


def progress(states: Sequence[SourceState]) -> tuple[int, int, str]:
    """(filled, total, unit) of the source that is furthest behind; (0, 0, "days") before any."""
    filling = [(one.filled_days, one.total_days, one.fill_unit) for one in states if one.total_days]
    return min(filling, key=lambda one: one[0] / one[1], default=(0, 0, "days"))


def looks(states: Sequence[SourceState]) -> Mapping[str, object]:
    """What of the sources is worth a publish when it changes; their clocks alone are not."""
    return {
        one.id: (
            (one.state, one.error, one.condition, one.breaker, one.drift),
            (one.filled_days, one.total_days, one.rejected),
            (one.compared_at, one.differences),
        )
        for one in states
    }


class Health:
    """Tells of each outage twice, when it begins and when it ends; of each of our bugs once."""

    def __init__(self, down: Iterable[str] = ()) -> None:
        """`down`: whose outage an earlier collector has told."""
        self._down = set(down)
        self._bugs: set[tuple[str, str]] = set()

    def failed(self, source: str, error: BaseException) -> str:
        """Log what is new; the message to keep with the source."""
        told = message(error)
        if not isinstance(error, SourceError):
            self._bug(source, error)
        if source not in self._down:
            _LOG.warning("%s is down: %s", source, told)
        self._down.add(source)
        return told

    def answered(self, source: str) -> None:
        """Note an answer."""
        if source in self._down:
            _LOG.warning("%s is back", source)
        self._down.discard(source)

    def forget(self, source: str) -> None:
        """There is no such source any more: it is neither down nor back."""
        self._down.discard(source)

    def _bug(self, source: str, error: BaseException) -> None:
        where = "".join(traceback.format_tb(error.__traceback__)[-1:])
        if (type(error).__name__, where) not in self._bugs:
            # Not the message: it may hold a citizen's row. The trace holds code only.
            _LOG.error(
                "%s: a fault of ours, %s at\n%s",
                source,
                type(error).__name__,
                "".join(traceback.format_tb(error.__traceback__)),
            )
        self._bugs.add((type(error).__name__, where))


def message(error: BaseException) -> str:
    """What to tell people: a source's own words, or that the fault is ours."""
    if isinstance(error, SourceError):
        return str(error) or type(error).__name__
    return f"fault of this system: {type(error).__name__} (see the collector's log)"

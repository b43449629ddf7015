"""Find what matters in a snapshot, worst first; nothing found is a calm day. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from centre.domain.places import CITY, City, Target
from centre.domain.status import Freshness
from centre.metrics.metric import Metric
from centre.snapshots.cells import Alert, Snapshot

SURGE = 1.5
"""A unit at this many times its usual is a surge (the rule of the lead sentence)."""

LEAST = 30
"""Fewer cases than this say nothing: domain.md B.2, flag n < 30."""

RECEIVED = "appeal.received.count"


def find(snapshot: Snapshot, city: City, metrics: Mapping[str, Metric]) -> tuple[Alert, ...]:
    """Silent sources, then missed targets, then surges; the worst of each kind first.

    While the first fill goes on, rates and usual days are provisional: only sources are judged,
    those that never delivered not before it is finished. Finished data has no silent sources.
    """
    is_filled = snapshot.filled_days >= snapshot.total_days
    found: list[Alert] = []
    if snapshot.clock == "now":
        found += sorted(_silent(snapshot, is_filled), key=_oldest)
    if is_filled:
        found += sorted(_missed(snapshot, city, metrics), key=_short_by, reverse=True)
        found += sorted(_surges(snapshot, city), key=_times, reverse=True)
    return tuple(found)


def can_surge(snapshot: Snapshot, city: City) -> bool:
    """Whether any unit has enough cases today to be judged."""
    received = (snapshot.cell(RECEIVED, unit.code).num for unit in city.units)
    return any(one is not None and one >= LEAST for one in received)


def _silent(snapshot: Snapshot, is_filled: bool) -> Iterator[Alert]:
    for source in snapshot.sources:
        is_down = source.state == Freshness.DOWN
        if is_down or (source.state == Freshness.MISSING and is_filled):
            yield Alert(
                kind="source_down",
                unit=source.unit or CITY,
                source=source.id,
                value=source.lag_seconds,
                since=source.as_of,
            )


def _oldest(one: Alert) -> tuple[float, str]:
    """Never heard first, then silent for longest."""
    return (one.since.timestamp() if one.since else float("-inf"), one.source)


def _missed(snapshot: Snapshot, city: City, metrics: Mapping[str, Metric]) -> Iterator[Alert]:
    for target in city.targets.values():
        metric = metrics.get(target.metric)
        value = snapshot.cell(target.metric).value
        if metric is None or value is None or not _is_missed(metric, target, value):
            continue
        yield Alert(
            kind="target_missed", unit=CITY, metric=metric.id, value=value, limit=target.value
        )


def _is_missed(metric: Metric, target: Target, value: float) -> bool:
    """What is neutral has no better or worse: falling short of its target is missing it."""
    return value > target.value if metric.direction == "down" else value < target.value


def _short_by(one: Alert) -> float:
    """How far off, relative to the target, so that a rate and a count compare."""
    value, limit = one.value or 0.0, one.limit or 0.0
    return abs(value - limit) / abs(limit) if limit else float("inf")


def _surges(snapshot: Snapshot, city: City) -> Iterator[Alert]:
    for unit in city.units:
        now = snapshot.cell(RECEIVED, unit.code)
        usual = snapshot.cell(RECEIVED, unit.code, "usual").value
        # A late backlog dump is no burst, and a silent centre tells nothing of this moment.
        if now.freshness not in {Freshness.LIVE, Freshness.LATE} or now.num is None:
            continue
        if usual and now.num >= LEAST and now.num >= SURGE * usual:
            yield Alert(kind="surge", unit=unit.code, metric=RECEIVED, value=now.num, limit=usual)


def _times(one: Alert) -> float:
    return (one.value or 0.0) / (one.limit or 1.0)

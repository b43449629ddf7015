"""What a browser needs to judge a figure's age again by itself, while nothing new comes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from centre.domain.places import CITY, UNASSIGNED
from centre.domain.status import Freshness
from centre.snapshots.cells import Cell, Snapshot, SourceState

_PRESENT = (Freshness.LIVE, Freshness.LATE, Freshness.STALE)
_STEPS = 12
"""Of an interval: a watermark that moves each second must not send each card anew each second."""


def ageing(snapshot: Snapshot, cell: Cell, unit: str = CITY) -> dict[str, str]:
    """as-of and interval for `tags.data`; {} for what does not age any further.

    A silent centre has darkened or left the figure already, so the oldest of those that are
    present counts, against the promise of the slowest of them: never worse than the server judges.
    """
    if snapshot.clock == "latest" or cell.as_of is None or cell.freshness not in _PRESENT:
        return {}
    present = [one for one in _behind(snapshot, unit) if one.state in _PRESENT]
    times = [one.as_of for one in present if one.as_of is not None]
    if not times:
        return {}
    interval = max(one.interval_seconds for one in present)
    return {
        "as-of": _stepped(max(cell.as_of, min(times)), interval),
        "interval": f"{interval:g}",
    }


def _behind(snapshot: Snapshot, unit: str) -> Sequence[SourceState]:
    """The sources of a unit: its own, else those that answer for many."""
    if unit in (CITY, UNASSIGNED):
        return snapshot.sources
    own = [one for one in snapshot.sources if one.unit == unit]
    return own or [one for one in snapshot.sources if one.unit is None]


def _stepped(at: datetime, interval: float) -> str:
    """The end of the step that a moment lies in: a little too young, never too old."""
    step = max(1.0, interval / _STEPS)
    return datetime.fromtimestamp(-(-at.timestamp() // step) * step, UTC).isoformat()

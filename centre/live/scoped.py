"""A snapshot as a reader with a narrower scope may see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from centre.domain.notes import is_shown
from centre.domain.scope import Scope
from centre.metrics.metric import Metric
from centre.snapshots.cells import Snapshot

Kept = TypeVar("Kept")


def within(snapshot: Snapshot, scope: Scope, metrics: Mapping[str, Metric]) -> Snapshot:
    """What of a snapshot lies in the scope; the same one for who may see everything.

    The city's sums are made of all units and cannot be taken apart, hours, shares and dues are of
    all kinds: who may not see all of a figure is shown none of it, which is drawn as missing.
    """
    if scope.units is None and scope.kinds is None:
        return snapshot
    seen = {id_ for id_, one in metrics.items() if _shows(one, scope)}
    of_all_kinds = scope.kinds is None
    return replace(
        snapshot,
        cells={
            at: cell
            for at, cell in snapshot.cells.items()
            if at.metric in seen and scope.allows_unit(at.unit)
        },
        series={
            at: one
            for at, one in snapshot.series.items()
            if at[0] in seen and scope.allows_unit(at[1])
        },
        hours=_units(snapshot.hours, scope) if of_all_kinds else {},
        shares={
            at: one
            for at, one in snapshot.shares.items()
            if of_all_kinds and scope.allows_unit(at[1])
        },
        dues=_units(snapshot.dues, scope) if of_all_kinds else {},
        sources=tuple(one for one in snapshot.sources if scope.allows_source(one.unit)),
        notes=tuple(one for one in snapshot.notes if is_shown(one, scope)),
        alerts=tuple(
            one
            for one in snapshot.alerts
            if scope.allows_unit(one.unit) and (one.metric in seen if one.metric else of_all_kinds)
        ),
    )


def _units(of: Mapping[str, Kept], scope: Scope) -> dict[str, Kept]:
    return {unit: one for unit, one in of.items() if scope.allows_unit(unit)}


def _shows(metric: Metric, scope: Scope) -> bool:
    """As centre.metrics.evaluate: a cube has no kinds, so it is all of a metric or nothing."""
    if scope.kinds is None or "case" not in metric.datasets:
        return True
    return set(metric.kinds) <= scope.kinds

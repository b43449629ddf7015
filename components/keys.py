"""Which keys a panel can be asked for: what a page may place is known, the rest is invented."""

from __future__ import annotations

from centre.domain.places import CITY, UNASSIGNED
from centre.snapshots.cells import Snapshot
from components.view import Panel, View


def takes(panel: Panel, snapshot: Snapshot, view: View) -> bool:
    """Whether the panel can be about the view's key; units, unless it says otherwise."""
    return (panel.takes or is_unit)(snapshot, view)


def is_unit(_snapshot: Snapshot, view: View) -> bool:
    """The city, or one of its units."""
    return _unit(view, view.key)


def is_figure(_snapshot: Snapshot, view: View) -> bool:
    """A metric of the city, or "unit~metric"; "" is the panel's own."""
    unit, tilde, metric = view.key.partition("~")
    if not tilde:
        return not view.key or view.key in view.metrics
    return _unit(view, unit) and metric in view.metrics


def is_source(snapshot: Snapshot, view: View) -> bool:
    """A source, or a unit, whether or not any source answers for it."""
    return is_unit(snapshot, view) or any(one.id == view.key for one in snapshot.sources)


def is_ranking(snapshot: Snapshot, view: View) -> bool:
    """ "dimension" or "dimension~unit", of those that a snapshot has."""
    dim, _, unit = view.key.partition("~")
    return dim in ("", "category", "channel") and _unit(view, unit)


def _unit(view: View, text: str) -> bool:
    return text in ("", CITY, UNASSIGNED) or text in view.city.by_code

"""How and for whom a panel is drawn, and what a panel is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from centre.domain.places import City, Name
from centre.metrics.metric import Metric
from centre.snapshots.cells import Snapshot
from components.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One way of looking: language, surface, and the metric or unit a panel is about."""

    lang: str = "zh"  # "zh" | "en"
    surface: str = "desk"  # "wall" (dark) | "desk" | "embed" (light; the desk also dark by CSS)
    key: str = ""  # unit code, metric id or both ("510104~appeal.received.count"); "" = the city
    city: City
    metrics: Mapping[str, Metric]
    tiles: str = ""  # address of map tiles, "https://tiles.example/{z}/{x}/{y}.png"; "": none
    at: int | None = None  # a change number: the city as it was known then; None: now
    later: Mapping[tuple[str, str], float | None] = field(default_factory=dict)
    """(metric, unit) -> what the figure of then is by what is known now, where that differs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One drawing. `render` gives a Dash component tree, the same on wall, desk and embed.

    `update` gives only the props that move, by component part: {"": {"children": …}} sets props of
    the slot's own container; another name sets props of the component whose id is
    slot(panel, key, part), for maps ("hideout") and plotly figures ("figure"). None: children of
    the container are drawn anew.
    """

    id: str
    title: Name
    render: Callable[[Snapshot, View], Any]
    update: Callable[[Snapshot, View], Mapping[str, Mapping[str, Any]]] | None = None
    embeddable: bool = False  # may be shown at /embed/<id>
    table: Callable[[Snapshot, View], Table] | None = None  # the same numbers, ?table
    takes: Callable[[Snapshot, View], bool] | None = None  # which keys (components.keys); units

"""Out of which drill-down a list of cases was opened: `of=` of its URL, and the way back up.

of=<metric>[@<version>][:own]    own: over the metric's own time, not over the one of the list
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from centre.domain.places import CITY, City
from centre.metrics.metric import Metric
from centre.metrics.registry import METRICS
from components.desk.drill import BYS, Drill
from components.desk.filters import Filters
from components.desk.shell import Crumb
from components.desk.trail import step_name
from components.view import View

_OWN = ":own"


def word(drill: Drill) -> str:
    """What a list says of the drill-down that it is opened from."""
    version = f"@{drill.version}" if drill.version else ""
    return f"{drill.metric.id}{version}{'' if drill.start or drill.end else _OWN}"


def drill_of(asked: Filters, city: City) -> Drill | None:
    """The drill-down whose last level a list is; None for a list that stands by itself."""
    id_, _, version = (asked.of or "").removesuffix(_OWN).partition("@")
    metric: Metric | None = METRICS.get(id_)
    if metric is None:
        return None
    said = ((by, getattr(asked, by, None)) for by in BYS if by != "unit")
    within = tuple(sorted((by, key) for by, key in said if key))
    here = Drill(metric=metric, unit=asked.unit or CITY, within=within)
    if version.isdecimal():
        here = replace(here, version=int(version))
    is_own = (asked.of or "").endswith(_OWN)
    timed = here if is_own else replace(here, start=asked.start, end=asked.end)
    return replace(timed, by=timed.next_by(city) or "")


def crumbs(view: View, asked: Filters) -> Sequence[Crumb]:
    """平均回复周期 › 锦江区 › 类别 噪声, each a link; nothing for a list that stands by itself."""
    drill = drill_of(asked, view.city)
    if drill is None:
        return ()
    _, *steps = drill.trail()
    name = view.metrics[drill.metric.id].name.of(view.lang)
    top = replace(drill, unit=CITY, within=(), by="unit")
    return [
        (name, top.url),
        *((step_name(view, drill, by, key), step.url) for by, key, step in steps),
    ]

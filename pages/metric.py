"""/metric/<id>: what a number means; `?unit=` whose, `?by=` broken down by what."""

from __future__ import annotations

from typing import Any

import dash

from centre.domain.places import CITY, UNASSIGNED
from centre.live.runtime import runtime
from components.desk import metric, overview, states
from components.desk.metric_groups import offered as offered_by
from components.text import lang_of, t
from pages import _desk as desk


def exists(id: str) -> bool:
    """Whether the registry has it."""
    return id in runtime().metrics


def title(id: str = "", lang: str = "zh", **_words: str) -> str:
    """Its name."""
    run, lang = runtime(), lang_of(lang)
    known = run.metrics.get(id)
    return f"{known.name.of(lang) if known else id} · {run.city.title.of(lang)}"


def layout(id: str, lang: str = "zh", unit: str = "", by: str = "") -> Any:
    """Computed now, from the store."""
    name = runtime().metrics[id].name.of(lang)
    return desk.page(
        lang,
        here="metrics",
        crumbs=lambda view: [
            overview.crumb(view),
            (t(lang, "nav.metrics"), "/metric"),
            (name, None),
        ],
        body=lambda run, snapshot, view: _body(snapshot, view, run.metrics[id], unit, by),
    )


def _body(snapshot: Any, view: Any, asked: Any, unit: str, by: str) -> Any:
    """What the URL asks for; a unit or breakdown that there is not is told and left out."""
    offered, slips = offered_by(asked), []
    if unit and unit not in {CITY, UNASSIGNED, *view.city.by_code}:
        slips.append(t(view.lang, "metric.bad_unit", unit=unit[:80]))
        unit = ""
    if by and by not in offered:
        slips.append(t(view.lang, "metric.bad_by", by=by[:80], words=", ".join(offered)))
        by = ""
    found = desk.ask(
        lambda conn: metric.find(
            conn,
            view,
            snapshot,
            desk.scope(),
            metric=asked,
            unit=unit or CITY,
            by=by or offered[0],
        )
    )
    return [states.notice(view.lang, slips), *metric.page(snapshot, view, found)]


dash.register_page(__name__, path_template="/metric/<id>", title=title, exists=exists)

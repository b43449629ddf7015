"""/district/<code>: one unit, beside the city."""

from __future__ import annotations

from functools import partial
from typing import Any

import dash

from centre.domain.places import UNASSIGNED
from centre.live.runtime import runtime
from centre.live.shown import note
from centre.snapshots.figures import group_query
from components.desk import district, overview
from components.text import lang_of, t
from pages import _desk as desk


def exists(code: str) -> bool:
    """Whether the city has this unit, or cases of none."""
    return code in {UNASSIGNED, *runtime().city.by_code}


def title(code: str = "", lang: str = "zh", **_words: str) -> str:
    """The name of the unit."""
    city = runtime().city
    return f"{city.unit_name(code, lang_of(lang))} · {city.title.of(lang_of(lang))}"


def layout(code: str, lang: str = "zh") -> Any:
    """Its figures are live; its streets and open cases are read now."""
    return desk.page(
        lang,
        here="districts",
        crumbs=lambda view: [
            overview.crumb(view),
            (t(lang, "nav.districts"), "/district"),
            (view.city.unit_name(code, lang), None),
        ],
        body=partial(_body, code=code),
        unit=code,
    )


def _body(run: Any, snapshot: Any, view: Any, *, code: str) -> Any:
    found = desk.ask(lambda conn: district.find(conn, view, code, snapshot, desk.scope()))
    keys = {one.key for value in found.streets.values() for one in value.groups}
    for metric in found.streets:  # the ids of its streets resolve
        asked = [group_query(metric, code, "street", key) for key in keys]
        note(run.engine, asked, run.metrics[metric].version, found.seq)
    return district.district(snapshot, view, run.panels, code=code, found=found)


dash.register_page(__name__, path_template="/district/<code>", title=title, exists=exists)

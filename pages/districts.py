"""/district: all units in one table. `?sort=-overdue` orders it."""

from __future__ import annotations

from typing import Any

import dash

from components.desk import overview
from components.text import t
from pages import _desk as desk


def layout(lang: str = "zh", sort: str | None = None) -> Any:
    """Drawn from the current snapshot; live by the stream."""
    return desk.page(
        lang,
        here="districts",
        crumbs=lambda view: [overview.crumb(view), (t(lang, "nav.districts"), None)],
        body=lambda run, snapshot, view: overview.all_units(snapshot, view, run.panels, sort=sort),
    )


dash.register_page(__name__, path="/district", title=desk.name("nav.districts"))

"""/: the city at a glance. `?sort=-received` orders the table of units."""

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
        here="overview",
        crumbs=lambda view: [(t(lang, "nav.overview"), None)],
        body=lambda run, snapshot, view: overview.overview(snapshot, view, run.panels, sort=sort),
    )


dash.register_page(__name__, path="/", title=desk.name("nav.overview"))

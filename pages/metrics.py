"""/metric: every metric there is, with its definition and its figure of now."""

from __future__ import annotations

from typing import Any

import dash

from components.desk import overview
from components.desk.registry import registry
from components.text import t
from pages import _desk as desk


def layout(lang: str = "zh") -> Any:
    """From the current snapshot."""
    return desk.page(
        lang,
        here="metrics",
        crumbs=lambda view: [overview.crumb(view), (t(lang, "nav.metrics"), None)],
        body=lambda run, snapshot, view: registry(view, snapshot),
    )


dash.register_page(__name__, path="/metric", title=desk.name("nav.metrics"))

"""/wall: the screen that nobody touches. `?lang=en` for English."""

from __future__ import annotations

from typing import Any

import dash

from centre.live.runtime import runtime
from centre.live.scoped import within
from components.scenes import wall
from components.text import lang_of, t
from pages._desk import scope


def title(lang: str | None = None, **_query: str) -> str:
    """The window's title."""
    return f"{runtime().city.title.of(lang_of(lang))} · {t(lang_of(lang), 'wall.label')}"


def layout(lang: str | None = None, **_query: str) -> Any:
    """Both scenes from the current snapshot; before the first one, 正在启动."""
    run = runtime()
    seen = within(run.snapshot(), scope(), run.metrics)
    return wall(seen, run.view(lang_of(lang), surface="wall"), run.panels)


dash.register_page(__name__, path="/wall", title=title)

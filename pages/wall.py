"""/wall: the screen that nobody touches. `?lang=en` for English.

`?at=<change>` shows it as it was; `?from=<change>&to=<change>&speed=60` plays a stretch of the
past, driven by assets/film.js.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import dash

from centre.live.runtime import runtime
from centre.live.scoped import within
from centre.live.then import NotKnown, shown
from components import past
from components.scenes import wall
from components.text import lang_of, t
from pages._desk import address, ask, asked_at, change_number, later_of, scope

SPEED = 60
"""Seconds of the city in one second of a film."""


def title(lang: str | None = None, **_query: str) -> str:
    """The window's title."""
    return f"{runtime().city.title.of(lang_of(lang))} · {t(lang_of(lang), 'wall.label')}"


def layout(lang: str | None = None, **query: str) -> Any:
    """Both scenes from the current snapshot; before the first one, 正在启动."""
    run = runtime()
    view = run.view(lang_of(lang), surface="wall")
    film, at = _film(query), asked_at()
    if film is None and at is None:
        return wall(within(run.snapshot(), scope(), run.metrics), view, run.panels)
    try:
        snapshot = ask(partial(shown, at=film[0] if film else at or 0))
    except NotKnown as error:
        return past.unknown(view, error.newest, error.since, address())
    # A film moves on: what is known now is said where a moment stands still.
    view = replace(view, at=snapshot.seq, later={} if film else later_of(run, snapshot))
    drawn = wall(within(snapshot, scope(), run.metrics), view, run.panels)
    over = past.film(view, *film) if film else past.band(snapshot, view, address())
    return [drawn, over]


def _film(query: Mapping[str, str]) -> tuple[int, int, int] | None:
    """First and last change number, and speed; None where the URL asks for no film."""
    first, last = (change_number(query.get(word)) for word in ("from", "to"))
    if first is None or last is None:
        return None
    return min(first, last), max(first, last), change_number(query.get("speed")) or SPEED


dash.register_page(__name__, path="/wall", title=title)

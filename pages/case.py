"""/case/<id>: one case; `id` is "source:key", or a bare number that only one source has."""

from __future__ import annotations

from functools import partial
from time import monotonic
from typing import Any
from urllib.parse import unquote

import dash

from centre.live.runtime import runtime
from centre.metrics.recent import Recent
from components.desk import case, overview
from components.text import lang_of, t
from pages import _desk as desk

KEPT = 3.0
"""Seconds: one view asks three times, whether there is such a case and twice for the page."""

_kept: Recent[tuple[float, case.Told]] = Recent(16)


def find(id: str) -> case.Told | None:
    """The case, by its id as it came or with its %3A read; read once for a view of it."""
    engine, name = runtime().engine, (id, desk.scope().key, desk.asked_at())
    kept = _kept.get(engine, name)
    if kept is not None and monotonic() - kept[0] < KEPT:
        return kept[1]
    told = _read(id)
    if told is not None:
        _kept.put(engine, name, (monotonic(), told))
    return told


def _read(id: str) -> case.Told | None:
    for name in dict.fromkeys((id, unquote(id))):
        told = desk.ask(partial(case.find, id=name, scope=desk.scope(), at=desk.asked_at()))
        if told is not None:
            return told
    return None


def exists(id: str) -> bool:
    """Whether there is such a case."""
    return find(id) is not None


def title(id: str = "", lang: str = "zh", **_words: str) -> str:
    """Its number."""
    key = unquote(id).rpartition(":")[2]
    return f"{key} · {runtime().city.title.of(lang_of(lang))}"


def layout(id: str, lang: str = "zh") -> Any:
    """All that is known of it."""
    told = find(id)
    key = told.case.key if told else id
    return desk.page(
        lang,
        here="cases",
        crumbs=lambda view: [
            overview.crumb(view),
            (t(lang, "nav.cases"), "/cases"),
            (key, None),
        ],
        body=lambda run, snapshot, view: (
            case.page(view, told, desk.now(run, snapshot, view)) if told else None
        ),
    )


dash.register_page(__name__, path_template="/case/<id>", title=title, exists=exists)

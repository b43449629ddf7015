"""/figure/<id>: a number that was shown, and all that stands behind it; `id` as people type it."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import unquote

import dash
from dash import html

from centre.live.runtime import runtime
from centre.live.shown import remembered
from centre.metrics.questions import CannotAnswer
from centre.snapshots.figures import BadFigure, figure_code
from components.desk import figure, figure_sources, overview, provenance, states
from components.text import lang_of, t
from pages import _desk as desk


def title(id: str = "", lang: str = "zh", **_words: str) -> str:
    """Its code."""
    city = runtime().city
    return f"{t(lang_of(lang), 'figure.title')} {unquote(id)[:24]} · {city.title.of(lang_of(lang))}"


def layout(id: str, lang: str = "zh") -> Any:
    """Computed again as it was; a code that nothing stands behind says so."""
    typed = unquote(id)[:40]
    return desk.page(
        lang,
        here="metrics",
        crumbs=lambda view: [overview.crumb(view), (f"{t(lang, 'figure.title')} {typed}", None)],
        body=partial(_body, typed=typed),
    )


def _body(run: Any, snapshot: Any, view: Any, *, typed: str) -> Any:
    try:
        code = figure_code(typed)
    except BadFigure:
        return _none(view, "figure.bad", typed)
    noted = remembered(run.engine, str(code), code.digest)
    find = partial(
        provenance.find, view=view, latest=snapshot, code=code, scope=desk.scope(), noted=noted
    )
    try:
        found = desk.ask(find)
    except CannotAnswer:
        return _none(view, "figure.out_of_scope", typed)
    return _none(view, "figure.unknown", typed) if found is None else page(view, found)


def _none(view: Any, key: str, typed: str) -> Any:
    words = html.P(t(view.lang, "figure.looks_like", id=typed))
    return html.Section(states.empty(view.lang, key, words), className="box")


def page(view: Any, found: provenance.Provenance) -> Any:
    """Left what it is and what it counts, right what it means; below from where it comes."""
    left = [figure.answer(view, found), figure.cases(view, found)]
    right = [figure.definition(view, found), figure_sources.handed(view, found)]
    return [
        states.columns(left, right, class_name="even figure-row"),
        figure_sources.sources(view, found),
    ]


dash.register_page(__name__, path_template="/figure/<id>", title=title)

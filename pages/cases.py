"""/cases: any cases by any filters; the filters are the URL.

The bar is drawn at once; rows are read by a callback, so that a long search shows grey lines.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import dash
from dash import Input, Output, callback, dcc, html

from centre.live.language import lang_among
from centre.live.runtime import runtime
from centre.live.then import shown
from centre.snapshots.cells import Snapshot
from centre.store import queries
from components.carried import carried
from components.desk import cases, filters, origin, overview, states
from components.desk.filter_bar import filter_bar
from components.desk.options import options
from components.desk.paging import sheet
from components.text import t
from pages import _desk as desk

ASKED, ROWS = "cases-asked", "cases-rows"


def layout(lang: str = "zh", **words: Any) -> Any:
    """The bar and an empty place for the rows."""
    said = {key: str(one) for key, one in words.items()}
    return desk.page(
        lang,
        here="cases",
        crumbs=lambda view: [
            overview.crumb(view),
            *origin.crumbs(view, filters.read(said, view.city, lang)[0]),
            (t(lang, "nav.cases"), None),
        ],
        body=lambda run, snapshot, view: _body(view, desk.now(run, snapshot, view), said),
    )


def _body(view: Any, now: datetime, words: dict[str, str]) -> Any:
    asked, slips = filters.read(words, view.city, view.lang)
    offered = desk.ask(partial(options, view=view, filters=asked, scope=desk.scope(), now=now))
    return [
        states.notice(view.lang, [slip.tell(view.lang) for slip in slips]),
        filter_bar(view, asked, offered),
        dcc.Store(id=ASKED, data={"url": asked.url(""), "lang": view.lang, "at": view.at}),
        html.Div(states.skeleton(12, view.lang), id=ROWS),
    ]


@callback(Output(ROWS, "children"), Input(ASKED, "data"))
def rows(said: Any) -> Any:
    """The page of the list that a URL asks for; a plain function runs in a thread."""
    run, said = runtime(), said if isinstance(said, dict) else {}
    snapshot, at = _moment(said.get("at"))
    view = replace(run.view(lang_among(said.get("lang"))), at=at)
    now = desk.now(run, snapshot, view)
    words = dict(parse_qsl(str(said.get("url", "")).removeprefix("?")))
    asked, _ = filters.read(words, run.city, view.lang)
    try:
        found = desk.ask(
            lambda conn: sheet(
                asked,
                filters.query(asked, run.city, now),
                lambda query: queries.slice(conn, query, desk.scope(), at=at),
            )
        )
    except queries.BadQuery as error:
        return cases.bad_page(view, asked, str(error))
    made = cases.results(view, asked, found, now)
    return made if at is None else carried(made, at)


def _moment(said: Any) -> tuple[Snapshot, int | None]:
    """The moment of the page that asks; one that cannot be shown has not drawn the page."""
    at = said if isinstance(said, int) else None
    snapshot = runtime().snapshot() if at is None else desk.ask(partial(shown, at=at))
    return snapshot, at


dash.register_page(__name__, path="/cases", title=desk.name("nav.cases"))

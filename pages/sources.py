"""/sources: how every outside system is; `?source=<id>&reason=<code>` opens one."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

import dash
from dash import ALL, Input, Output, State, callback, ctx
from dash.exceptions import PreventUpdate

from centre.collector.replay import NeverCollected, replay
from centre.domain.sources import SourceConfig
from centre.live.language import lang_among
from centre.live.runtime import runtime
from centre.metrics.registry import PARTS
from centre.store import queries
from centre.store import sources as stored
from components.desk import overview, sources, states
from components.desk.refused_files import refused_files, visible
from components.text import t
from pages import _desk as desk


def layout(lang: str = "zh", source: str = "", reason: str = "", cursor: str = "") -> Any:
    """The table is live; refused rows are read now."""
    words = {"source": source, "reason": reason, "cursor": cursor}
    return desk.page(
        lang,
        here="sources",
        crumbs=lambda view: [overview.crumb(view), (t(lang, "nav.sources"), None)],
        body=partial(_body, words=words),
    )


def _body(run: Any, snapshot: Any, view: Any, *, words: dict[str, str]) -> Any:
    """The table alone where the URL opens nothing, or nothing that there is."""
    slip, found = "", None
    if words["source"] and words["source"] not in _known():
        slip = t(view.lang, "sources.unknown", id=words["source"][:80])
    elif words["source"] and view.at is None:  # refused rows are not known by moments
        try:
            found = desk.ask(lambda conn: sources.find(conn, scope=desk.scope(), **words))
        except queries.BadQuery as error:
            slip = str(error)
    drawn = sources.page(snapshot, view, run.panels, found)
    return [states.notice(view.lang, [slip] if slip else []), _files(run, view), *drawn]


def _files(run: Any, view: Any) -> Any:
    """Files that were refused; they are of now, and a page of the past shows none."""
    if view.at is not None:
        return None
    found = run.files.look()
    return refused_files(view, found, visible(found, desk.scope()))


@callback(
    Output("source-told", "children"),
    Input({"do": ALL, "source": ALL}, "n_clicks"),
    State("_pages_location", "search"),
    prevent_initial_call=True,
)
def act(_clicks: Any, _search: str) -> Any:
    """Do what a button says to its source. A plain function: it runs in a thread and may wait."""
    wish: Any = ctx.triggered_id
    if not wish or not ctx.triggered[0]["value"]:
        raise PreventUpdate  # a button has come, nobody has pressed it
    lang = lang_among(ctx.cookies.get("lang"))
    action, source = str(wish.get("do")), str(wish.get("source"))
    known = _known()
    if action not in sources.ACTIONS or source not in known:
        raise PreventUpdate
    return _done(lang, action, source, known[source])


def _known() -> dict[str, SourceConfig]:
    """The sources that the asker may see, by id; nobody pauses what he does not see."""
    scope = desk.scope()
    return {one.id: one for one in runtime().sources if scope.allows_source(one.unit)}


def _done(lang: str, action: str, source: str, config: Any) -> Any:
    run = runtime()
    if action == "replay":
        try:
            done = replay(run.engine, config, city=run.city, parts=PARTS, clock=_now)
        except NeverCollected:
            return t(lang, "sources.never")
        counts = {"read": done.read, "stored": done.stored, "rejected": done.rejected}
        return sources.told(lang, action, source, **counts)
    if action == "want":
        stored.want(run.engine, source)
    else:
        stored.pause(run.engine, source, action == "pause")
    return sources.told(lang, action, source)


def _now() -> datetime:
    return datetime.now(UTC)


dash.register_page(__name__, path="/sources", title=desk.name("nav.sources"))

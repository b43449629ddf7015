"""GET /table/<panel>: the numbers of a drawing as a table, each leading to what stands behind it.

The twin of every drawing of the wall and the desk (components.twin): plain HTML of the moment it
was asked for, for keyboards, screen readers and whoever wants the numbers themselves.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from html import escape
from typing import Annotated, Literal
from urllib.parse import urlencode

import anyio.to_thread
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from centre.access.session import scope_of
from centre.api import plain
from centre.api.past import At, shown_at
from centre.api.reads import read
from centre.domain.scope import Scope
from centre.live.html_text import html_text
from centre.live.language import HTML_LANG, LANG_COOKIE, lang_among
from centre.live.runtime import Runtime, runtime
from centre.live.scoped import within
from centre.metrics.later import later
from centre.metrics.later_counts import Comparing
from centre.snapshots.cells import Snapshot
from components import twin
from components.keys import takes
from components.text import t
from components.view import Panel, View

router = APIRouter(tags=["embed"])

_PAGE = """<!DOCTYPE html>
<html lang="{html_lang}" data-surface="embed" data-zone="{zone}" data-clock="{clock}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{title}</title>
{styles}</head>
<body class="embed twin-page" data-seq="{seq}"><main>{main}</main>
<footer class="embed-foot"><a href="{home}">{city}</a><span>{as_of}</span></footer></body></html>"""


@router.get(
    "/table/{panel}",
    response_class=HTMLResponse,
    responses={404: {"content": {"text/html": {}}}},
    summary="The numbers of a drawing as a table",
)
async def table(
    request: Request,
    panel: str,
    *,
    key: Annotated[str, Query(max_length=120, description="unit, metric or unit~metric")] = "",
    lang: Literal["zh", "en"] | None = None,
    at: At = None,
) -> HTMLResponse:
    """A page of its own, so that drawings weigh nothing more on the screens they stand on."""
    run = runtime()
    speaks = lang_among(lang, request.cookies.get(LANG_COOKIE))
    view = replace(run.view(speaks, surface="desk", key=key), at=at)
    shown = run.snapshot() if at is None else await shown_at(at)
    snapshot = within(shown, scope_of(request), run.metrics)
    if at is not None:
        view = await read(partial(_of_then, view=view, then=snapshot, scope=scope_of(request)))
    found = run.panels.get(panel)
    if found is None or found.table is None or not takes(found, snapshot, view):
        return _answer(run, snapshot, view, t(view.lang, "embed.not_found"), status=404)
    made = await anyio.to_thread.run_sync(partial(_drawn, found, snapshot, view))
    return _answer(run, snapshot, view, found.title.of(view.lang), main=made)


def _of_then(conn: Connection, *, view: View, then: Snapshot, scope: Scope) -> View:
    """The view of the past, with what its figures are by what is known now."""
    run = runtime()
    comparing = Comparing(
        conn=conn,
        city=run.city,
        metrics=run.metrics,
        then=then,
        present=run.snapshot(),
        scope=scope,
        unit=view.key,
    )
    return replace(view, at=then.seq, later=later(comparing))


def _drawn(panel: Panel, snapshot: Snapshot, view: View) -> str:
    if panel.table is None:
        return ""
    title = panel.title.of(view.lang)
    return html_text(twin.table_of(panel.table(snapshot, view), title))


def _answer(
    run: Runtime, snapshot: Snapshot, view: View, title: str, *, main: str = "", status: int = 200
) -> HTMLResponse:
    page = _PAGE.format(
        html_lang=HTML_LANG[view.lang],
        zone=escape(run.city.zone),
        clock=run.city.clock,
        title=escape(f"{title} · {run.city.title.of(view.lang)}"),
        styles=plain.styles(run.build),
        seq=snapshot.seq,
        main=main or f"<p>{escape(title)}</p>",
        home=escape(f"/?{urlencode({'lang': view.lang})}"),
        city=escape(run.city.title.of(view.lang)),
        as_of=escape(plain.as_of(run, snapshot, view.lang, view.at)),
    )
    kept = plain.headers(snapshot, view.at) if status == 200 else {"cache-control": "no-store"}
    return HTMLResponse(page, status, kept)

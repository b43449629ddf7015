"""GET /embed/<panel>: one panel as plain HTML and SVG, for other people's pages.

No Dash, no framework: text, a style sheet, and 2 KB of script that swaps the panel when the stream
says so. Without script the page shows the moment it was asked for, and its table.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Annotated, Literal
from urllib.parse import urlencode

import anyio.to_thread
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from centre.access.session import scope_of
from centre.api import plain
from centre.api.past import At, shown_at
from centre.domain.places import CITY
from centre.domain.scope import Scope
from centre.live.html_text import html_text
from centre.live.language import HTML_LANG, LANG_COOKIE, lang_among
from centre.live.runtime import Runtime, runtime
from centre.live.scoped import within
from centre.live.slotname import SlotName
from centre.snapshots.cells import Snapshot
from components.text import t
from components.twin import table_of
from components.view import Panel

router = APIRouter(tags=["embed"])

_PAGE = """<!DOCTYPE html>
<html lang="{lang}" data-surface="embed" data-build="{build}" data-zone="{zone}" \
data-clock="{clock}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{title}</title>
{styles}<script src="/assets/embed.js?m={build}" defer></script></head>
<body class="embed" data-link="ok" data-seq="{seq}"><main>{main}</main>
<footer class="embed-foot"><a href="{wall}" target="_blank" rel="noopener">{city}</a>
<span>{as_of}</span>{other}</footer></body></html>"""

_NOT_FOUND = """<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<title>404 · {words}</title>{styles}</head>
<body class="embed"><main><p>{words}</p></main></body></html>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What is to be shown."""

    panel: Panel
    key: str
    lang: str
    is_table: bool
    snapshot: Snapshot
    at: int | None  # a change number of the past; None: now


@router.get(
    "/embed/{panel}",
    response_class=HTMLResponse,
    responses={404: {"content": {"text/html": {}}}},
    summary="One panel as plain HTML, live; with table=1 its numbers as a table",
)
async def embed(
    request: Request,
    panel: str,
    *,
    key: Annotated[str, Query(max_length=120, description="unit, metric or unit~metric")] = "",
    lang: Literal["zh", "en"] | None = None,
    table: bool = False,
    at: At = None,
) -> HTMLResponse:
    """A page to be put into an <iframe> of a portal."""
    run = runtime()
    speaks = lang_among(lang, request.cookies.get(LANG_COOKIE))
    found = run.panels.get(panel)
    is_offered = found is not None and found.embeddable and _is_known(run, key)
    if found is None or not is_offered or (table and found.table is None):
        return _no_panel(speaks)
    snapshot = run.snapshot() if at is None else await shown_at(at)
    wish = _Wish(panel=found, key=key, lang=speaks, is_table=table, snapshot=snapshot, at=at)
    main = await (_table if table else _live)(run, wish, scope_of(request))
    page = _page(run, wish, main)
    return HTMLResponse(page, headers=plain.headers(snapshot, at))


def _is_known(run: Runtime, key: str) -> bool:
    """Whether a key is a unit, a metric or both; what is invented is not drawn and kept."""
    parts = key.split("~") if key else []
    return len(parts) <= 2 and all(
        part == CITY or part in run.city.by_code or part in run.metrics for part in parts
    )


async def _live(run: Runtime, wish: _Wish, scope: Scope) -> str:
    name = SlotName(panel=wish.panel.id, key=wish.key, surface="embed")
    drawn = await run.hub.fragment(name, wish.lang, wish.snapshot, scope)
    if wish.at is not None:  # the past stands still
        return f'<div class="slot">{drawn}</div>'
    return f'<div class="slot" data-slot="{escape(str(name))}">{drawn}</div>'


async def _table(run: Runtime, wish: _Wish, scope: Scope) -> str:
    view = run.view(wish.lang, surface="embed", key=wish.key)
    snapshot = within(wish.snapshot, scope, run.metrics)
    draw = wish.panel.table
    made = await anyio.to_thread.run_sync(partial(draw, snapshot, view)) if draw else None
    return html_text(table_of(made, wish.panel.title.of(wish.lang))) if made else ""


def _page(run: Runtime, wish: _Wish, main: str) -> str:
    snapshot, lang = wish.snapshot, wish.lang
    return _PAGE.format(
        lang=HTML_LANG[lang],
        seq=snapshot.seq,
        build=run.build,
        zone=escape(run.city.zone),
        clock=run.city.clock,
        title=escape(f"{wish.panel.title.of(lang)} · {run.city.title.of(lang)}"),
        styles=plain.styles(run.build),
        main=main,
        wall=escape(f"/wall?{urlencode({'lang': lang})}"),
        city=escape(run.city.title.of(lang)),
        as_of=escape(plain.as_of(run, snapshot, lang, wish.at)),
        other=_other(wish),
    )


def _other(wish: _Wish) -> str:
    """A link from the drawing to the table and back."""
    if wish.panel.table is None:
        return ""
    table = {} if wish.is_table else {"table": "1"}
    then = {} if wish.at is None else {"at": str(wish.at)}
    words = urlencode({"key": wish.key, "lang": wish.lang, **table, **then})
    text = t(wish.lang, "embed.panel_link" if wish.is_table else "embed.table_link")
    return f'<a class="twin shown" href="{escape("?" + words)}">{escape(text)}</a>'


def _no_panel(lang: str) -> HTMLResponse:
    page = _NOT_FOUND.format(
        lang=HTML_LANG[lang],
        styles=plain.styles(""),
        words=escape(t(lang, "embed.not_found")),
    )
    return HTMLResponse(page, 404, {"cache-control": "no-store"})

"""/sources/new: a source file is drafted, checked and saved; `?source=<id>` edits one."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import dash
from dash import ALL, Input, Output, State, callback, ctx, dcc, no_update
from dash.backends._fastapi import get_current_request
from dash.exceptions import PreventUpdate

from centre.collector.editing import Editor, NotDone, Tried
from centre.live.language import lang_among
from centre.live.runtime import runtime
from components.desk import links, overview, source_editor, source_report
from components.text import has, t
from components.view import View
from datasources.kit.draft import Facts
from datasources.registry import adapters
from datasources.source import SourceError
from pages import _desk as desk

_FIRST = "sql_view"


def layout(lang: str = "zh", source: str = "", adapter: str = "") -> Any:
    """The form, or why there is none."""
    return desk.page(
        lang,
        here="sources",
        crumbs=lambda view: [
            overview.crumb(view),
            (t(lang, "nav.sources"), "/sources"),
            (t(lang, "editor.title"), None),
        ],
        body=partial(_body, source=source, adapter=adapter),
    )


def _body(run: Any, _snapshot: Any, view: View, *, source: str, adapter: str) -> Any:
    if not _may() or view.at is not None:
        return source_editor.closed(view.lang)
    known, problems = adapters(), list[str]()
    if adapter and adapter not in known:
        problems.append(t(view.lang, "editor.no_adapter"))
    chosen = adapter if adapter in known else _FIRST
    text, base = "", ""
    if source:
        try:
            text, base = _editor(run).text(source)
        except NotDone as error:
            problems.append(_words(view.lang, error))
        if not text:
            problems.append(t(view.lang, "sources.unknown", id=source[:80]))
    form = source_editor.Form(
        id=source if text else "",
        adapter=chosen,
        adapters=tuple(sorted(known)),
        keys=known[chosen].connection_keys,
        text=text,
        base=base,
    )
    return source_editor.page(view, form, problems)


def _may() -> bool:
    """Whether files may be edited here, and by whoever asks: who sees all of the city."""
    return runtime().settings.sources_edit and desk.scope().units is None


def _editor(run: Any) -> Editor:
    return Editor(settings=run.settings, city=run.city, files=run.files, engine=run.engine)


@callback(
    Output(source_editor.TEXT, "value"),
    Output(source_editor.TOLD, "children"),
    Input(source_editor.DRAFT, "n_clicks"),
    State("_pages_location", "search"),
    State({"connection": ALL}, "id"),
    State({"connection": ALL}, "value"),
    *(State(source_editor.field_id(one), "value") for one in source_editor.FACTS),
    prevent_initial_call=True,
)
def draft(clicks: Any, search: str, ids: Any, values: Any, *facts: str | None) -> Any:
    """Look at the system and write a file. A plain function: it runs in a thread and may wait."""
    lang = _wished(clicks)
    given = {
        str(one["connection"]): _value(value)
        for one, value in zip(ids, values, strict=True)
        if str(value or "").strip()
    }
    id_, unit, record = (str(one or "").strip() for one in facts)
    said = Facts(
        id=id_ or "source",
        adapter=_adapter(search),
        unit=unit or None,
        record=record or "case",
    )
    try:
        if unit and unit not in runtime().city.by_code:
            raise NotDone("editor.no_unit")
        text = _editor(runtime()).draft(said, given, _now())
    except (NotDone, SourceError) as error:
        return no_update, source_editor.told(_words(lang, error), is_bad=True)
    return text, source_editor.told(t(lang, "editor.drafted"))


@callback(
    Output(source_editor.RESULT, "children"),
    Output(source_editor.BASE, "data"),
    Input(source_editor.CHECK, "n_clicks"),
    Input(source_editor.SAVE, "n_clicks"),
    State(source_editor.field_id("id"), "value"),
    State(source_editor.TEXT, "value"),
    State(source_editor.BASE, "data"),
    State(source_editor.EMPTY, "value"),
    prevent_initial_call=True,
)
def act(check: Any, save: Any, *fields: Any) -> Any:
    """Check the file, and save it if that was wished. A plain function: it may wait."""
    id, text, base, empty = fields
    lang, is_saved = _wished(check or save), ctx.triggered_id == source_editor.SAVE
    view, editor = runtime().view(lang, surface="desk", key=""), _editor(runtime())
    name, words = str(id or "").strip(), str(text or "")
    drawn: list[Any] = []
    try:
        tried = editor.tried(name, words, _now())
        drawn = _drawn(view, tried)
        if not is_saved:
            return drawn, no_update
        base = editor.save(name, words, str(base or ""), tried, is_empty_right=bool(empty))
    except NotDone as error:
        return [source_editor.told(_words(lang, error), is_bad=True), *drawn], no_update
    link = dcc.Link(t(lang, "editor.look"), href=links.source(name))
    return [source_editor.told(t(lang, "editor.saved")), " ", link, *drawn], base


def _drawn(view: View, tried: Tried) -> list[Any]:
    if tried.findings:
        return [source_report.findings(view, tried.findings)]
    if tried.report is not None and tried.config is not None:
        return [source_report.report(view, tried.report, tried.config)]
    return [source_report.no_answer(view, tried.said)]


def _wished(clicks: Any) -> str:
    """The language of whoever pressed a button of ours; nobody else gets an answer.

    A page of another site may not press it: its browser says where the wish comes from.
    """
    if not clicks or not ctx.triggered[0]["value"]:
        raise PreventUpdate
    site = get_current_request().headers.get("sec-fetch-site", "none")
    if not _may() or site not in ("same-origin", "none"):
        raise PreventUpdate
    return lang_among(ctx.cookies.get("lang"))


def _adapter(search: str) -> str:
    return dict(parse_qsl((search or "").lstrip("?"))).get("adapter", _FIRST)


def _value(text: object) -> Any:
    """A field of the form as TOML means it: numbers, true, { env = "NAME" }; else text."""
    said = str(text).strip()
    try:
        value = tomllib.loads(f"x = {said}")["x"]
    except (tomllib.TOMLDecodeError, KeyError):
        return said
    return value if isinstance(value, bool | int | float | dict | list | str) else said


def _words(lang: str, error: Exception) -> str:
    said = str(error)
    return t(lang, said) if said.startswith("editor.") and has(lang, said) else said


def _now() -> datetime:
    return datetime.now(UTC)


dash.register_page(__name__, path="/sources/new", title=desk.name("editor.title"))

"""The form of /sources/new: an adapter and its keys, the text of the file, what to do with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from components.desk import links, states
from components.desk.source_rows import adapter_name
from components.marks import plain
from components.tags import aria, data
from components.text import t
from components.view import View

FACTS = ("id", "unit", "record")
TEXT, BASE, TOLD, RESULT, EMPTY = (
    "source-text",
    "source-base",
    "source-drafted",
    "source-result",
    "source-empty",
)
DRAFT, CHECK, SAVE = "source-draft", "source-check", "source-save"
RECORDS = ("case", "reading", "asset", "mixed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What the form begins with. `keys`: of [connection], with what they mean."""

    id: str
    adapter: str
    adapters: tuple[str, ...]
    keys: Mapping[str, str]
    text: str
    base: str


def closed(lang: str) -> Any:
    """In place of the form, where files are edited at a terminal alone."""
    told = [plain("code", t(lang, f"editor.closed_{one}")) for one in ("why", "how", "else")]
    words = [html.P(one) for one in told]
    return states.card(t(lang, "editor.title"), states.empty(lang, "editor.closed", *words))


def page(view: View, form: Form, problems: list[str]) -> Any:
    """The form in the order in which one fills it in."""
    lang = view.lang
    return [
        states.notice(lang, problems),
        html.P(t(lang, "editor.lead"), className="note editor-lead"),
        None if form.text else _start(view, form),
        _file(view, form),
        html.Div(id=RESULT, role="status", tabIndex=-1, **aria(live="polite")),
    ]


def field_id(one: str) -> str:
    """The id of a field about the source."""
    return f"source-{one}"


def key_id(key: str) -> dict[str, str]:
    """The id of a field of [connection]."""
    return {"connection": key}


def _start(view: View, form: Form) -> Any:
    """Which protocol, and where; then a draft of the file is made."""
    lang = view.lang
    tabs = [
        dcc.Link(
            adapter_name(lang, one),
            href=links.new_source(adapter=one),
            className="here" if one == form.adapter else "",
        )
        for one in form.adapters
    ]
    fields = [_key(lang, key, meaning, form) for key, meaning in form.keys.items()]
    button = html.Button(t(lang, "editor.draft"), id=DRAFT, type="button")
    told = html.Div(id=TOLD, className="told", role="status", **aria(live="polite"))
    return states.card(
        t(lang, "editor.system"),
        html.Nav(tabs, className="tabs editor-tabs", **aria(label=t(lang, "sources.adapter"))),
        html.Div([*_facts(view), *fields], className="editor-keys"),
        html.Div([button, told], className="acts"),
        note=t(lang, "editor.system_note"),
    )


def _facts(view: View) -> list[Any]:
    """The unit and the record; the id stands beside the text, where it is needed to save."""
    lang = view.lang
    units = [html.Option(value=one.code, label=one.name.of(lang)) for one in view.city.units]
    kinds = [html.Option(value=one) for one in RECORDS]
    return [
        _labelled(lang, "unit", html.Datalist(units, id="source-units"), "source-units", ""),
        _labelled(lang, "record", html.Datalist(kinds, id="source-kinds"), "source-kinds", "case"),
    ]


def _labelled(lang: str, one: str, offered: Any, list_: str, value: str) -> Any:
    field = dcc.Input(id=field_id(one), type="text", value=value, list=list_, debounce=False)
    note = html.Small(t(lang, f"editor.{one}_note"), className="note")
    return html.Label([html.B(t(lang, f"editor.{one}")), field, offered, note])


def _key(lang: str, key: str, meaning: str, form: Form) -> Any:
    """One key; those within a table ("auth.kind") are explained, and written as { kind = … }."""
    said = plain("text", meaning, class_name="note")
    if "." in key:
        return html.Div([plain("id", key, class_name="mono"), said], className="editor-within")
    field = dcc.Input(
        id=key_id(key), type="text", value="", debounce=False, autoComplete="off", spellCheck=False
    )
    return html.Label([html.B(plain("id", key), className="mono"), field, said])


def _file(view: View, form: Form) -> Any:
    lang = view.lang
    is_new = not form.text
    name = dcc.Input(
        id=field_id("id"),
        type="text",
        value=form.id,
        readOnly=not is_new,
        debounce=False,
        spellCheck=False,
    )
    note = html.Small(plain("code", t(lang, "editor.id_note")), className="note")
    text = dcc.Textarea(
        id=TEXT,
        value=form.text,
        rows=28,
        spellCheck=False,
        className="mono editor-text",
        placeholder=t(lang, "editor.paste"),
    )
    acts = [
        html.Button(t(lang, "editor.check"), id=CHECK, type="button"),
        html.Button(t(lang, "editor.save"), id=SAVE, type="button"),
        dcc.Checklist(
            id=EMPTY,
            options=[{"label": t(lang, "editor.empty_right"), "value": "yes"}],
            value=[],
            inline=True,
        ),
    ]
    return states.card(
        t(lang, "editor.file"),
        html.Label([html.B(t(lang, "editor.id")), name, note], className="editor-id"),
        html.Label([html.B(t(lang, "editor.text"), className="editor-named"), plain("text", text)]),
        dcc.Store(id=BASE, data=form.base),
        html.Div(acts, className="acts"),
        note=t(lang, "editor.file_note"),
    )


def told(words: Any, *, is_bad: bool = False) -> Any:
    """What became of a wish."""
    named: dict[str, Any] = {"className": "watch"} if is_bad else {}
    return html.Span(words, **named, **data(plain="text"))

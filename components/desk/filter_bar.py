"""The one filter bar: a form whose state is the URL."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from components.desk.filters import LIMIT, SIZES, Filters
from components.desk.native import choice, text_field
from components.desk.options import Options
from components.desk.part_words import part_words
from components.desk.ranks import key_name
from components.marks import plain
from components.tags import data
from components.text import has, join, t
from components.view import View

LISTED = ("unit", "status", "channel", "category", "street", "handler", "nature")
HIDDEN = {"anchor", "order", "kind", "source", "handler_kind", "applicant", "part", "but"}
CODED = {"handler_kind", "applicant", "kind", "unit", "street", *LISTED}


def filter_bar(view: View, filters: Filters, options: Options) -> Any:
    """Search, lists, period; what else the URL filters by stands below as chips."""
    lang, words = view.lang, filters.words
    search = t(lang, "cases.search")
    hidden = [
        text_field(name, word, label=name, kind="hidden")
        for name, word in words.items()
        if name in HIDDEN
    ]
    return html.Form(
        [
            text_field("text", filters.text or "", label=search, hint=search),
            *(_list(view, name, filters, options) for name in LISTED),
            *(_day(lang, name, words.get(name) or "") for name in ("from", "to")),
            *hidden,
            _size(view, filters),
            html.Button(t(lang, "cases.find"), type="submit"),
            dcc.Link(t(lang, "cases.clear"), href="/cases", className="clear"),
        ],
        action="/cases",
        method="get",
        className="filters goes",
        role="search",
    )


def _day(lang: str, name: str, word: str) -> Any:
    """A field of a date; of a time its day."""
    field = text_field(name, word[:10], label=t(lang, f"cases.{name}"), kind="date")
    return html.Label([t(lang, f"field.{name}"), field])


def _list(view: View, name: str, filters: Filters, options: Options) -> Any:
    label, chosen = t(view.lang, f"field.{name}"), getattr(filters, name) or ""
    known = options.get(name, [])
    if not known and not chosen:
        return None
    if chosen and chosen not in {value for value, _ in known}:
        known = [*known, (chosen, chosen)]
    every = t(view.lang, "cases.all", field=label)
    return choice(name, chosen, [("", every), *known], label=label)


def _size(view: View, filters: Filters) -> Any:
    sizes = sorted({*SIZES, filters.size})
    named = [(_limit(size), t(view.lang, "cases.per_page", number=size)) for size in sizes]
    return choice("limit", _limit(filters.size), named, label=t(view.lang, "field.limit"))


def _limit(size: int) -> str:
    """Nothing in the URL for the usual size."""
    return "" if size == LIMIT else str(size)


def chips(view: View, filters: Filters) -> Any:
    """Every filter that leaves cases out, each with a way to take it away."""
    shown = [_chip(view, filters, name, word) for name, word in filters.active.items()]
    if filters.anchor and (filters.start or filters.end):
        shown.insert(
            0,
            html.Span(
                f"{t(view.lang, 'field.anchor')} {t(view.lang, f'anchor.{filters.anchor}')}",
                className="chip",
            ),
        )
    return html.Div(shown, className="chips") if shown else None


def _chip(view: View, filters: Filters, name: str, word: str) -> Any:
    said = f"{label_of(view, name)} {value_of(view, filters, name, word)}"
    away = dcc.Link(
        "×",
        href=filters.without(name),
        title=t(view.lang, "cases.take_away", filter=said),
    )
    return html.Span([plain("text", said), away], className="chip")


def label_of(view: View, name: str) -> str:
    """The name of a filter on the screen."""
    return t(view.lang, f"field.{ {'start': 'from', 'end': 'to'}.get(name, name) }")


def value_of(view: View, filters: Filters, name: str, word: str) -> str:
    """The value of a filter on the screen."""
    if name in ("status", "kind") and has(view.lang, f"{name}.{word}"):
        return t(view.lang, f"{name}.{word}")
    if name == "part":
        return part_words(view, word)
    if name == "but":
        return join(view.lang, (view.city.unit_name(one, view.lang) for one in word.split(",")))
    return key_name(view, name, word, filters.unit) if name in CODED else word


def actions(view: View, export: str) -> Any:
    """Copy the address, take the whole list away as a file."""
    lang = view.lang
    copy = html.Button(
        t(lang, "cases.copy"),
        type="button",
        className="link",
        **data(do="copy", done=t(lang, "cases.copied"), failed=t(lang, "cases.copy_yourself")),
    )
    return html.Span([copy, html.A(t(lang, "cases.export"), href=export)], className="actions")

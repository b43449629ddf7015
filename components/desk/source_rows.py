"""Sources of the city as rows: state, promise, lag, counts; live on /sources and at a unit."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from centre.snapshots.cells import Snapshot, SourceState
from components import codes
from components.desk import links, reconciled
from components.desk.source_trouble import changes, condition, remedy
from components.desk.table import Column, table
from components.marks import figure, plain, status
from components.rich import rich
from components.text import DASH, age, has, number, t
from components.view import View
from components.words import as_of

SHAPES = {
    "live": ("good", "good"),
    "late": ("late", "watch"),
    "stale": ("late", "unknown"),
    "down": ("down", "watch"),
    "missing": ("none", "unknown"),
    "paused": ("none", "unknown"),
}
"""State -> shape and tone; the word stands beside them."""

_WORST = ("down", "stale", "late", "missing", "paused", "live")


def state(lang: str, one: SourceState) -> Any:
    """Its state as a shape and a word; a batch that was refused is told beside its age."""
    shape, tone = SHAPES.get(one.state, ("none", "unknown"))
    words = t(lang, f"state.{one.state}")
    if one.condition == "refused":
        words = f"{words}{t(lang, 'mark.comma')}{condition(lang, one)}"
    return status(shape, words, tone)


def name(view: View, one: SourceState) -> str:
    """The source's name in the language of the screen."""
    return one.en if view.lang == "en" else one.zh


def source_table(snapshot: Snapshot, view: View) -> Any:
    """All sources, the worst first; the view's key is the one that is opened."""
    ordered = sorted(snapshot.sources, key=lambda one: _WORST.index(one.state))
    columns = [
        Column(words=t(view.lang, f"sources.{word}"), is_number=is_number)
        for word, is_number in _COLUMNS
    ]
    return table(
        columns,
        [_row(snapshot, view, one) for one in ordered],
        caption=t(view.lang, "sources.title"),
        marked=["open" if one.id == view.key else "" for one in ordered],
        class_name="sources",
    )


_COLUMNS = (
    ("name", False),
    ("state", False),
    ("adapter", False),
    ("unit", False),
    ("interval", True),
    ("lag", True),
    ("event_at", True),
    ("as_of", True),
    ("received_at", True),
    ("filled", True),
    ("sent", True),
    ("stored", True),
    ("duplicate", True),
    ("rejected", True),
    ("reconciled", False),
)


def _row(snapshot: Snapshot, view: View, one: SourceState) -> list[Any]:
    lang = view.lang
    refused = _rows(view, one, "rejected", is_link=not one.rejected)
    return [
        dcc.Link(name(view, one), href=links.source(one.id)),
        state(lang, one),
        adapter(lang, one),
        view.city.unit_name(one.unit, lang) if one.unit else t(lang, "sources.many"),
        plain("date", age(lang, one.interval_seconds)),
        plain("date", age(lang, one.lag_seconds)),
        *(plain("date", words) for words in clocks(snapshot, view, one)),
        plain("list", _filled(one)),
        *(_rows(view, one, count) for count in ("sent", "stored", "duplicate")),
        dcc.Link(refused, href=links.source(one.id)) if one.rejected else refused,
        reconciled.short(view.lang, one),
    ]


CLOCKS = ("event_at", "as_of", "received_at")
"""The three clocks of a source, in the order in which they strike."""


def clocks(snapshot: Snapshot, view: View, one: SourceState) -> list[str]:
    """When the newest thing happened, complete until, when its newest row came."""
    return [as_of(snapshot, view, getattr(one, name)) for name in CLOCKS]


def _rows(view: View, one: SourceState, count: str, *, is_link: bool = True) -> Any:
    """How many rows came, were stored, were there already or were refused."""
    words = number(view.lang, getattr(one, count))
    return figure(view, codes.count(one, count), words, is_link=is_link)


def adapter(lang: str, one: SourceState) -> Any:
    """The name of its adapter."""
    return adapter_name(lang, one.adapter)


def adapter_name(lang: str, id: str) -> Any:
    """Its name and the code word of the source file; of a stranger the word alone."""
    word = html.Small(plain("id", id), className="mono")
    if not has(lang, f"adapter.{id}"):
        return word
    return html.Span([t(lang, f"adapter.{id}"), " ", word])


def _filled(one: SourceState) -> str:
    """12/35 of days, 40 % of a file."""
    if not one.total_days:
        return DASH
    is_file = one.fill_unit == "percent"
    return f"{one.filled_days} %" if is_file else f"{one.filled_days}/{one.total_days}"


def facts(snapshot: Snapshot, view: View, one: SourceState) -> Any:
    """One source in full: what it promises, how it is, what it has sent."""
    lang = view.lang
    counts = ("sent", "stored", "duplicate", "rejected")
    sums = rich(lang, "sources.sum", **{count: _rows(view, one, count) for count in counts})
    pairs: list[tuple[str, Any]] = [
        ("state", [state(lang, one), _failures(lang, one)]),
        (
            "lag",
            plain(
                "date",
                t(
                    lang,
                    "sources.lag_words",
                    lag=age(lang, one.lag_seconds),
                    promise=age(lang, one.interval_seconds),
                ),
            ),
        ),
        *zip(CLOCKS, clocks(snapshot, view, one), strict=True),
        ("success", as_of(snapshot, view, one.succeeded_at)),
        ("filled", plain("list", _filled(one))),
        ("counts", sums),
        ("reconciled", reconciled.full(snapshot, view, one)),
        ("adapter", adapter(lang, one)),
        ("contact", plain("text", one.contact or DASH)),
    ]
    pairs[1:1] = _trouble(lang, one)
    parts = [
        part
        for key, words in pairs
        for part in (html.Dt(t(lang, f"sources.{key}")), html.Dd(words))
    ]
    return html.Dl(parts, className="facts")


def _trouble(lang: str, one: SourceState) -> list[tuple[str, Any]]:
    """Why it fails, what to do about it, and what has changed in its rows."""
    found: list[tuple[str, Any]] = []
    if one.error:
        found.append(("error", plain("text", one.error, class_name="mono")))
    if one.condition:
        found.append(("remedy", remedy(lang, one)))
    if one.drift:
        found.append(("drift", changes(lang, one)))
    return found


def _failures(lang: str, one: SourceState) -> Any:
    if not one.failures:
        return ""
    words = f"{t(lang, 'mark.comma')}{t(lang, 'sources.failures', count=one.failures)}"
    return plain("list", words)


def one_source(snapshot: Snapshot, view: View) -> Any:
    """The facts of a source by the view's key: its id, or the unit it answers for."""
    found = next((one for one in snapshot.sources if one.id == view.key), None)
    found = found or snapshot.source(view.key)
    if found is None:
        return html.P(t(view.lang, "sources.none"), className="empty-title")
    title = dcc.Link(name(view, found), href=links.source(found.id))
    return html.Div([html.P(title, className="source-name"), facts(snapshot, view, found)])

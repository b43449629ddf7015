"""The page of the sources: all of them, and one opened with its refused rows and its buttons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dash import dcc, html
from sqlalchemy import Connection

from centre.domain.scope import Scope
from centre.snapshots.cells import Snapshot, SourceState
from centre.store import queries
from centre.store.queries import Rejects
from centre.store.rejects import Reject
from components.desk import links, states
from components.desk.case import raw_text
from components.desk.overview import Panels, placer
from components.desk.steps import at_words
from components.marks import plain
from components.tags import aria, data
from components.text import has, number, t
from components.view import View

PAGE = 20

Reasons = Mapping[tuple[str, str], int]
"""(field, reason) -> kept rows."""

ACTIONS = ("want", "pause", "resume", "replay")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One source with its refused rows: how many by reason, and a page of one reason or of all."""

    id: str
    reason: str | None
    reasons: Reasons
    kept: Rejects
    is_later: bool  # not the first page


def find(conn: Connection, *, source: str, reason: str, cursor: str, scope: Scope) -> Opened:
    """Read what is kept of a source; "" stands for any reason and for the first page.

    Raises BadQuery for a cursor that is none of ours.
    """
    return Opened(
        id=source,
        reason=reason or None,
        reasons=queries.reasons(conn, source, scope=scope),
        kept=queries.rejects(conn, source, reason or None, PAGE, cursor or None, scope=scope),
        is_later=bool(cursor),
    )


def button_id(action: str, source: str) -> dict[str, str]:
    """The id of a button that does something to a source."""
    return {"do": action, "source": source}


def page(snapshot: Snapshot, view: View, panels: Panels, opened: Opened | None) -> Any:
    """The table, and below it what is opened."""
    put = placer(snapshot, view, panels)
    title = t(view.lang, "sources.title")
    note = t(view.lang, "sources.note")
    shown = put("desk_sources", opened.id if opened else "")
    add = dcc.Link(t(view.lang, "editor.title"), href=links.new_source())
    return [
        _opened(snapshot, view, panels, opened) if opened else None,
        states.card(title, shown, note=note, link=add, class_name="sources-card"),
    ]


def _opened(snapshot: Snapshot, view: View, panels: Panels, opened: Opened) -> Any:
    put = placer(snapshot, view, panels)
    known = next((one for one in snapshot.sources if one.id == opened.id), None)
    close = dcc.Link(t(view.lang, "sources.close"), href="/sources")
    detail = states.card(
        t(view.lang, "sources.detail"),
        put("desk_source", opened.id),
        _buttons(view.lang, opened.id, known),
        link=close,
    )
    return html.Div([detail, _refused(view, opened)], className="row even opened")


def _buttons(lang: str, id: str, known: SourceState | None) -> Any:
    turn = "resume" if known and known.state == "paused" else "pause"
    shown = [_button(lang, action, id) for action in ("want", turn, "replay")]
    told = html.Span(id="source-told", className="told", role="status")
    edit = dcc.Link(t(lang, "editor.edit"), href=links.new_source(source=id))
    return html.Div([*shown, edit, told], className="acts")


def _button(lang: str, action: str, id: str) -> Any:
    words = t(lang, f"sources.{action}")
    return html.Button(words, id=button_id(action, id), type="button")


def told(lang: str, action: str, id: str, **counts: int) -> Any:
    """What was done, in words; a pause can be undone on the spot."""
    words = t(
        lang, f"sources.told_{action}", **{key: number(lang, one) for key, one in counts.items()}
    )
    undo = _button(lang, "resume", id) if action == "pause" else None
    shown = plain("list", words)
    return [shown, undo] if undo is not None else shown


def _refused(view: View, opened: Opened) -> Any:
    """Reasons with their counts, and the kept rows, each opened in place."""
    lang = view.lang
    total = sum(opened.reasons.values())
    note = plain("list", t(lang, "sources.kept", number=number(lang, total)))
    if not total:
        body: Any = states.empty(lang, "sources.none_refused")
        return states.card(t(lang, "sources.refused"), body)
    rows = [_kept(view, one) for one in opened.kept.rows]
    return states.card(
        t(lang, "sources.refused"),
        html.Div(_tabs(view, opened), className="tabs reasons"),
        html.Div(rows, className="kept"),
        _pager(lang, opened),
        note=note,
    )


def _tabs(view: View, opened: Opened) -> list[Any]:
    """All, then each reason by its count."""
    lang, found = view.lang, dict[str, int]()
    for (_, reason), count in opened.reasons.items():
        found[reason] = found.get(reason, 0) + count
    every = (None, t(lang, "sources.all_reasons"), sum(found.values()))
    named = [(key, reason_words(lang, key), count) for key, count in found.items()]
    ordered = [every, *sorted(named, key=lambda one: -one[2])]
    return [
        dcc.Link(
            [words, " ", plain("list", number(lang, count))],
            href=links.source(opened.id, reason=key),
            className="here" if key == opened.reason else "",
        )
        for key, words, count in ordered
    ]


def reason_words(lang: str, reason: str) -> str:
    """A reason in words; its code where an adapter has one of its own."""
    return t(lang, f"reject.{reason}") if has(lang, f"reject.{reason}") else reason


def _kept(view: View, one: Reject) -> Any:
    head = f"{one.field}{t(view.lang, 'mark.colon')}{reason_words(view.lang, one.reason)}"
    summary = html.Summary(
        [
            html.B(head),
            plain("id", one.key or "", class_name="mono note"),
            html.Div(one.detail, **data(plain="text")),
        ]
    )
    came = [html.Dt(t(view.lang, "case.came")), html.Dd(at_words(view, one.at))]
    cells = [
        part
        for key, value in one.row.items()
        for part in (
            html.Dt(plain("text", str(key)), className="mono"),
            html.Dd(plain("text", raw_text(value))),
        )
    ]
    return html.Details([summary, html.Dl([*came, *cells], className="facts")])


def _pager(lang: str, opened: Opened) -> Any:
    if not opened.kept.next_cursor and not opened.is_later:
        return None
    here = {"reason": opened.reason}
    first = links.source(opened.id, **here) if opened.is_later else None
    later = opened.kept.next_cursor
    onward = links.source(opened.id, **here, cursor=later) if later else None
    return html.Nav(
        [
            states.go(t(lang, "cases.first_page"), first, "page-link"),
            states.go(t(lang, "cases.later"), onward, "page-link"),
        ],
        className="pager",
        **aria(label=t(lang, "cases.pages")),
    )

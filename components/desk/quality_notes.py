"""Notes on the data, as /quality lists them, adds one and takes one back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dash import dcc, html

from centre.domain.notes import Note
from centre.snapshots.cells import Snapshot
from components.desk import states
from components.desk.source_rows import name
from components.marks import plain
from components.tags import aria, data
from components.text import t
from components.view import View

FIELDS = ("about", "start", "end", "zh", "en", "by")
LIST, TOLD = "note-list", "note-told"
FORM = "%Y-%m-%d %H:%M"
"""How times are written and read: of the city's zone."""


def field_id(one: str) -> str:
    """The id of a field of the form."""
    return f"note-{one}"


def card(snapshot: Snapshot, view: View, found: Sequence[Note], now: datetime) -> Any:
    """The notes and the form for another."""
    lang = view.lang
    return states.card(
        t(lang, "quality.notes"),
        html.Div(listed(snapshot, view, found), id=LIST),
        html.Details(
            [html.Summary(t(lang, "quality.add")), _form(snapshot, view, now)],
            className="note-adding",
        ),
        html.Div(id=TOLD, className="told", role="status"),
        note=t(lang, "quality.notes_note"),
        class_name="note-card",
    )


def listed(snapshot: Snapshot, view: View, found: Sequence[Note]) -> Any:
    """All notes, those on the newest data first."""
    if not found:
        return states.empty(view.lang, "quality.no_notes")
    return html.Ul([_one(snapshot, view, one) for one in found], className="notes")


def _one(snapshot: Snapshot, view: View, one: Note) -> Any:
    lang, zone = view.lang, view.city.tz
    end = one.end.astimezone(zone).strftime(FORM) if one.end else t(lang, "quality.open_end")
    start = one.start.astimezone(zone).strftime(FORM)
    when = t(lang, "quality.from_to", start=start, end=end)
    by = t(lang, "quality.said_by", by=one.by, at=one.at.astimezone(zone).strftime(FORM))
    parts = [
        html.B(about(snapshot, view, one)),
        plain("date", when, class_name="note-when"),
        html.P(plain("text", one.words(lang))),
        plain("text", by, class_name="weak"),
        _remover(lang, one),
    ]
    return html.Li(parts)


def about(snapshot: Snapshot, view: View, one: Note) -> str:
    """Whose data a note is about."""
    if one.source:
        known = next((each for each in snapshot.sources if each.id == one.source), None)
        return name(view, known) if known else one.source
    return view.city.unit_name(one.unit or "city", view.lang)


def _remover(lang: str, one: Note) -> Any:
    """Taking back is asked twice: open, then confirm."""
    sure = html.Button(t(lang, "quality.sure"), id={"note": one.id}, type="button")
    words = html.Span(t(lang, "quality.ask"), className="weak")
    return html.Details(
        [html.Summary(t(lang, "quality.remove")), html.Span([words, sure], className="acts")],
        className="note-removing",
    )


def _form(snapshot: Snapshot, view: View, now: datetime) -> Any:
    lang = view.lang
    start = now.astimezone(view.city.tz).strftime(FORM)
    given = {"start": start}
    fields = [
        html.Label([t(lang, f"quality.field_{one}"), _input(lang, one, given.get(one, ""))])
        for one in FIELDS
    ]
    button = html.Button(t(lang, "quality.save"), id="note-save", type="button")
    return html.Div([*fields, _choices(snapshot, view), button], className="note-form")


def _input(lang: str, one: str, given: str) -> Any:
    listed_by: dict[str, Any] = {"list": "note-choices"} if one == "about" else {}
    hint = t(lang, f"quality.hint_{one}")
    return dcc.Input(
        id=field_id(one), type="text", value=given, placeholder=hint, debounce=False, **listed_by
    )


def _choices(snapshot: Snapshot, view: View) -> Any:
    """What a note can be about, by the names that the desk uses."""
    names = [*choices(snapshot, view)]
    return html.Datalist([html.Option(value=one) for one in names], id="note-choices")


def choices(snapshot: Snapshot, view: View) -> dict[str, tuple[str | None, str | None]]:
    """Name -> (unit, source). A name of both is of the unit; the city stands for all."""
    sources: dict[str, tuple[str | None, str | None]] = {
        name(view, one): (None, one.id) for one in snapshot.sources
    }
    units: dict[str, tuple[str | None, str | None]] = {
        view.city.unit_name(code, view.lang): (code, None) for code in view.city.by_code
    }
    return {view.city.unit_name("city", view.lang): (None, None), **sources, **units}


def told(words: str, *, is_bad: bool = False) -> Any:
    """What became of a wish."""
    named: dict[str, Any] = {"className": "watch"} if is_bad else {}
    return html.Span(words, **named, **data(plain="text"), **aria(live="polite"))

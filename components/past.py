"""What a page says and offers about the past: as known when, back to now, choose a moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from zoneinfo import ZoneInfo

from dash import html

from centre.metrics.metric import Metric
from centre.snapshots.cells import Snapshot
from components.desk.native import Native
from components.marks import mark
from components.tags import aria, data
from components.text import full_day, number, t
from components.view import View
from components.words import plain

WORD = "at"
"""The word of a URL that names a change number."""


def known(snapshot: Snapshot, view: View) -> str:
    """截至 2026年6月16日 10:00:07 时的所知."""
    at = snapshot.city_now if snapshot.clock == "now" else snapshot.published_at
    return t(view.lang, "past.known", at=instant(at, view))


def instant(at: datetime, view: View) -> str:
    """A moment to the second, in the city's zone."""
    zone: ZoneInfo = view.city.tz
    local = at.astimezone(zone)
    return f"{full_day(view.lang, local.date())} {local:%H:%M:%S}"


def band(snapshot: Snapshot, view: View, here: str) -> Any:
    """The line above a page of the past, with the way back; None for the present."""
    if view.at is None:
        return None
    parts = [
        mark("late"),
        html.B(known(snapshot, view), **data(plain="date")),
        html.Span(t(view.lang, "past.note"), className="weak"),
        back(view.lang, here),
    ]
    return html.Div(parts, className="past-band", role="status", **data(past=str(view.at)))


def unknown(view: View, newest: int, since: datetime | None, here: str) -> Any:
    """Why a moment cannot be shown, and the way back."""
    key = "past.yet_to_come" if newest else "past.unknown" if since else "past.nothing"
    at = instant(since, view) if since else ""
    words = html.P(t(view.lang, key, at=at), className="empty-title", **data(plain="date"))
    return html.Div([mark("none"), html.Div([words, back(view.lang, here)])], className="empty")


def back(lang: str, here: str) -> Any:
    """The same page as it is now."""
    return html.A(t(lang, "past.now"), href=without(here), **data(present="1"))


def without(here: str, *words: str) -> str:
    """An address without at=, and without other words."""
    parts, left = urlsplit(here), {WORD, *words}
    query = urlencode([(key, word) for key, word in parse_qsl(parts.query) if key not in left])
    return f"{parts.path or '/'}?{query}" if query else parts.path or "/"


def chooser(view: View, here: str) -> Any:
    """回看: a local date and time, resolved once by the server and put into the URL as a number."""
    lang = view.lang
    form = html.Form(
        [
            html.P(t(lang, "past.helps")),
            _field("when", t(lang, "past.when"), is_needed=True),
            html.Span(t(lang, "past.until")),
            _field("until", t(lang, "past.until"), is_needed=False),
            Native("input", {"type": "hidden", "name": "back"}, without(here)),
            html.Button(t(lang, "past.show"), type="submit"),
        ],
        action="/then",
        method="GET",
        className="past-form",
        **data(present="1"),
    )
    return html.Details(
        [html.Summary(t(lang, "past.choose")), html.Div(form, className="pop")],
        className="closes past-chooser",
    )


def _field(name: str, label: str, *, is_needed: bool) -> Native:
    said = {"type": "datetime-local", "name": name, "aria-label": label}
    return Native("input", {**said, **({"required": "required"} if is_needed else {})})


def then_now(view: View, metric: Metric, unit: str, then: float | None) -> Any:
    """当时 83.9 %，现在 84.2 %: beside a figure of the past that later data has changed."""
    at = (metric.id, unit)
    if view.at is None or at not in view.later:
        return None
    words = t(
        view.lang,
        "past.then_now",
        then=plain(metric, then, view.lang),
        now=plain(metric, view.later[at], view.lang),
    )
    return html.Span(words, className="then-now", **data(plain="text"))


def count_now(view: View, name: str, unit: str, then: float | None) -> Any:
    """The same of a count that is no metric: a clock of open cases, an hour, a share."""
    if view.at is None or (name, unit) not in view.later:
        return None
    numbers = {"then": number(view.lang, then), "now": number(view.lang, view.later[name, unit])}
    words = t(view.lang, "past.then_now", **numbers)
    return html.Span(words, className="then-now", **data(plain="text"))


def film(view: View, first: int, last: int, speed: int) -> Any:
    """What assets/film.js makes the player of: which stretch, how fast, and the words."""
    lang = view.lang
    keys = ("play", "pause", "step_back", "step_on", "timeline", "now", "film_empty", "film_keys")
    said = {f"word-{key.replace('_', '-')}": t(lang, f"past.{key}") for key in keys}
    stretch = {"first": str(first), "last": str(last), "speed": str(speed)}
    return html.Div(
        html.A(t(lang, "past.now"), href="/wall", **data(present="1")),
        id="film",
        className="film",
        role="group",
        **data(**stretch, **said),
        **aria(label=t(lang, "past.film_label")),
    )

"""The head of the wall: whose, what, who is online, demo or historical data, date and clock."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.domain.places import Name
from centre.snapshots.cells import Snapshot
from components.lead import silent
from components.marks import demo, mark
from components.text import age, clock, day, full_day, t, weekday
from components.view import Panel, View
from components.words import age_of, filled, missing_names

NAMED = 1
"""Silent centres named in the head; the alert list names them all."""


def render(snapshot: Snapshot, view: View) -> Any:
    """One band over all scenes."""
    return html.Header(
        [
            html.H1(view.city.title.of(view.lang)),
            html.Span(t(view.lang, "head.overview"), className="scene-name first-name"),
            html.Span(t(view.lang, "head.detail"), className="scene-name second-name"),
            html.Span(className="grow"),
            _filling(snapshot, view),
            _coverage(snapshot, view),
            demo(view.lang) if snapshot.synthetic else None,
            *_time(snapshot, view),
        ],
        className="wall-head",
    )


def _filling(snapshot: Snapshot, view: View) -> Any:
    if snapshot.filled_days >= snapshot.total_days:
        return None
    bar = html.Progress(value=str(snapshot.filled_days), max=str(snapshot.total_days))
    return html.Span([filled(snapshot, view.lang, "filling.short"), bar], className="filling")


def _coverage(snapshot: Snapshot, view: View) -> Any:
    """22/22 个中心在线; with the silent by name and how long."""
    expected = len(view.city.centres)
    if snapshot.seq == 0:
        return None
    codes = {unit.code for unit in view.city.centres}
    gone = [one for one in silent(snapshot) if one.unit in codes]
    key = "coverage.units" if snapshot.clock == "latest" else "coverage.all_online"
    online = t(view.lang, key, present=expected - len(gone), expected=expected)
    if not gone:
        return html.Span([mark("good"), html.B(online)], className="head-coverage")
    names = missing_names(view, tuple(one.unit for one in gone), NAMED)
    ages = [seconds for one in gone if (seconds := age_of(snapshot, one.since)) is not None]
    down = (
        t(view.lang, "age_note.down", age=age(view.lang, max(ages)))
        if ages
        else t(view.lang, "age_note.down_unknown")
    )
    words = [mark("down", "watch"), html.B(online)]
    if len(gone) < expected:
        words.append(html.Span(names, className="gone"))
    return html.Span([*words, html.B(down, className="watch")], className="head-coverage")


def _time(snapshot: Snapshot, view: View) -> list[Any]:
    local = snapshot.city_now.astimezone(view.city.tz)
    if snapshot.clock == "latest":
        words = t(view.lang, "date.historic", day=full_day(view.lang, local.date()))
        return [html.Span(words, className="historic")]
    today = f"{day(view.lang, local.date())} {weekday(view.lang, local.date())}"
    return [
        html.Span(today, className="date"),
        html.Time(clock(snapshot.city_now, view.city.tz), className="clock"),
    ]


PANEL = Panel(id="wall_head", title=Name(zh="抬头", en="Head"), render=render)

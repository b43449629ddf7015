"""The head of the wall: whose, what, who is online, demo or historical data, date and clock."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.domain.places import CITY, Name
from centre.snapshots.cells import Snapshot
from components.historic import until
from components.lead_alerts import RECEIVED, silent
from components.marks import demo, mark, plain
from components.text import age, clock, day, t, weekday
from components.view import Panel, View
from components.words import age_of, filled, is_drawn, missing_names

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
    gone = _gone(snapshot, view)
    key = "coverage.units" if snapshot.clock == "latest" else "coverage.all_online"
    counted = t(view.lang, key, present=expected - len(gone), expected=expected)
    online = html.B(plain("list", counted))
    if not gone:
        return html.Span([mark("good"), online], className="head-coverage")
    words = [mark("down", "watch"), online]
    if len(gone) < expected:
        words.append(html.Span(missing_names(view, gone, NAMED), className="gone"))
    down = html.B(plain("date", _how_long(snapshot, view, gone)), className="watch")
    return html.Span([*words, down], className="head-coverage")


def _gone(snapshot: Snapshot, view: View) -> tuple[str, ...]:
    """The centres that are not in today's total, those longest known to be down first."""
    cell = snapshot.cell(RECEIVED, CITY)
    codes = [unit.code for unit in view.city.centres]
    told = [one.unit for one in silent(snapshot) if one.unit in codes]
    there = is_drawn(cell) or cell.present > 0
    absent = [code for code in codes if not there or code in cell.missing]
    return tuple(dict.fromkeys([*told, *absent]))


def _how_long(snapshot: Snapshot, view: View, gone: tuple[str, ...]) -> str:
    """中断 42 分; of centres that no alert calls down, that nothing came."""
    told = [one for one in silent(snapshot) if one.unit in gone]
    if not told:
        return t(view.lang, "age_note.missing")
    ages = [seconds for one in told if (seconds := age_of(snapshot, one.since)) is not None]
    if not ages:
        return t(view.lang, "age_note.down_unknown")
    return t(view.lang, "age_note.down", age=age(view.lang, max(ages)))


def _time(snapshot: Snapshot, view: View) -> list[Any]:
    local = snapshot.city_now.astimezone(view.city.tz)
    if snapshot.clock == "latest":
        return [until(snapshot, view)]
    today = f"{day(view.lang, local.date())} {weekday(view.lang, local.date())}"
    return [
        html.Span(today, className="date"),
        html.Time(clock(snapshot.city_now, view.city.tz), className="clock"),
    ]


PANEL = Panel(id="wall_head", title=Name(zh="抬头", en="Head"), render=render)

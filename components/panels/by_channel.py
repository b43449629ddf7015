"""The channels of today's appeals, largest first, with their share."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.domain.places import CITY, Name
from centre.snapshots.cells import Share, Snapshot
from components.cards import number_box
from components.charts.bars import shortened
from components.text import number, percent, t
from components.view import Panel, View
from components.words import Split, category_name, channel_name, old_words, said

SHOWN = 6
ROOM = 13.6
"""Em of a name: what six in a row have on a wall."""

_NAMES = {"channel": channel_name, "category": category_name}


def render(snapshot: Snapshot, view: View) -> Any:
    """Six in a row."""
    return html.Section(
        shares_of(snapshot, view, "channel", SHOWN), className="channels by-channel"
    )


def shares_of(snapshot: Snapshot, view: View, dim: str, count: int) -> list[Any]:
    """The largest values of a dimension, each as a figure with its share."""
    shares = snapshot.shares.get((dim, view.key or CITY), ())
    total = sum(one.today or 0.0 for one in shares)
    name, old = _NAMES[dim], old_words(snapshot, view, view.key or CITY)
    shown = [one for one in shares[:count] if one.today]
    return [_figure(view, one, name(view, one.key), total, old) for one in shown]


def _figure(view: View, one: Share, name: str, total: float, old: str) -> Any:
    """`old`: of when it is, where that is not now."""
    unit = view.metrics["appeal.received.count"].unit.of(view.lang)
    share = percent(view.lang, (one.today or 0.0) / total, 1) if total else "—"
    shown = Split(integer=number(view.lang, one.today), unit=unit)
    usual = t(view.lang, "lead.usual_value", value=number(view.lang, one.usual))
    words = [said(view, "by_channel.share", share=share)]
    if old:
        words = [old]
    elif one.usual is not None:
        words.append(usual)
    return html.Div(
        [
            html.Div(html.B(shortened(name, ROOM), title=name), className="channel-name"),
            html.Div(number_box(shown), className="channel-value"),
            html.Div(t(view.lang, "mark.dot").join(words), className="channel-note"),
        ],
        className="channel is-old" if old else "channel",
    )


PANEL = Panel(id="by_channel", title=Name(zh="来源渠道", en="Channels"), render=render)

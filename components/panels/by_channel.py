"""The channels of today's appeals, largest first, with their share."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.domain.places import CITY, Name
from centre.snapshots.cells import Share, Snapshot
from components.cards import number_box
from components.text import number, percent, t
from components.view import Panel, View
from components.words import Split, channel_name

SHOWN = 6


def render(snapshot: Snapshot, view: View) -> Any:
    """Six in a row."""
    shares = snapshot.shares.get(("channel", view.key or CITY), ())
    total = sum(one.today for one in shares)
    return html.Section(
        [_figure(view, one, total) for one in shares[:SHOWN]], className="channels by-channel"
    )


def _figure(view: View, one: Share, total: float) -> Any:
    unit = view.metrics["appeal.received.count"].unit.of(view.lang)
    share = percent(view.lang, one.today / total, 1) if total else "—"
    usual = t(view.lang, "lead.usual_value", value=number(view.lang, one.usual))
    words = [t(view.lang, "by_channel.share", share=share)]
    if one.usual is not None:
        words.append(usual)
    return html.Div(
        [
            html.Div(html.B(channel_name(view, one.key)), className="channel-name"),
            number_box(Split(integer=number(view.lang, one.today), unit=unit)),
            html.Div(t(view.lang, "mark.dot").join(words), className="channel-note"),
        ],
        className="channel",
    )


PANEL = Panel(id="by_channel", title=Name(zh="来源渠道", en="Channels"), render=render)

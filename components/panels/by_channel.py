"""The channels of today's appeals, largest first, with their share."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.domain.places import CITY, Name
from centre.metrics.later_counts import share_name
from centre.snapshots.cells import Share, Snapshot
from components import codes
from components.cards import number_box
from components.charts.bars import shortened
from components.desk.clocks import three_clocks
from components.marks import coverage, figure
from components.notes import today_mark
from components.past import count_now
from components.rich import Words, joined, rich
from components.text import DASH, number, percent
from components.view import Panel, View
from components.words import Split, category_name, channel_name, old_words, said_rich

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
    old = old_words(snapshot, view, view.key or CITY)
    shown = [one for one in shares[:count] if one.today]
    return [_figure(snapshot, view, dim, one, old) for one in shown]


def _figure(snapshot: Snapshot, view: View, dim: str, one: Share, old: str) -> Any:
    """`old`: of when it is, where that is not now."""
    name = _NAMES[dim](view, one.key)
    unit = view.metrics[codes.RECEIVED].unit.of(view.lang)
    shown = Split(integer=number(view.lang, one.today), unit=unit)
    id_ = codes.share(view, dim, view.key, one)
    changed = count_now(view, share_name(dim, one.key), view.key or CITY, one.today)
    note = [old] if old else _beside(snapshot, view, dim, one)
    cell = snapshot.cell(codes.RECEIVED, view.key or CITY)
    big = number_box(view, shown, id_, note=three_clocks(snapshot, view, cell))
    return html.Div(
        [
            html.Div(
                [
                    html.B(shortened(name, ROOM), title=name),
                    coverage(cell, view),
                    today_mark(snapshot, view, view.key),
                ],
                className="channel-name",
            ),
            html.Div([big, changed], className="channel-value"),
            html.Div(note, className="channel-note"),
        ],
        className="channel is-old" if old else "channel",
    )


def _beside(snapshot: Snapshot, view: View, dim: str, one: Share) -> Words:
    """占今日受理 31.2 % · 平常 412."""
    id_ = codes.share(view, dim, view.key, one)
    whole = snapshot.cell(codes.RECEIVED, view.key or CITY).value
    part = percent(view.lang, (one.today or 0.0) / whole, 1) if whole else DASH
    share = figure(view, id_, part, against="whole", how="share")
    words: list[Any] = [said_rich(view, "by_channel.share", share=share)]
    if one.usual is not None:
        usual_id = codes.share(view, dim, view.key, one, "usual")
        usual = figure(view, usual_id, number(view.lang, one.usual))
        words.append(rich(view.lang, "lead.usual_value", value=usual))
    return joined(view.lang, "mark.dot", words)


PANEL = Panel(id="by_channel", title=Name(zh="来源渠道", en="Channels"), render=render)

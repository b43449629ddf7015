"""The three clocks of a figure in words: when it happened, complete until, received here."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from dash import html

from centre.snapshots.cells import Snapshot
from components.marks import plain
from components.text import t
from components.view import View
from components.words import as_of


class Timed(Protocol):
    """What has the three clocks: a cell, a source, an answer."""

    @property
    def event_at(self) -> datetime | None:
        """The newest thing that happened among what was used."""

    @property
    def as_of(self) -> datetime | None:
        """Complete until."""

    @property
    def received_at(self) -> datetime | None:
        """When the newest of it was received here."""


def other_clocks(snapshot: Snapshot, view: View, one: Timed) -> str:
    """最新事件 14:02，收到 14:06: the two that stand beside 截至."""
    return t(
        view.lang,
        "clocks.others",
        event_at=as_of(snapshot, view, one.event_at),
        received_at=as_of(snapshot, view, one.received_at),
    )


def clocks_words(snapshot: Snapshot, view: View, one: Timed, age: str) -> Any:
    """截至 14:05 and the age, with the two other clocks below."""
    until = t(view.lang, "date.as_of", at=as_of(snapshot, view, one.as_of))
    others = html.Small(other_clocks(snapshot, view, one))
    return plain("date", html.B(until), " ", age, html.Br(), others)


def three_clocks(snapshot: Snapshot, view: View, one: Timed) -> str:
    """截至 14:05，最新事件 14:02，收到 14:06: all, where only a title has room; "" of no data."""
    if one.as_of is None:
        return ""
    until = t(view.lang, "date.as_of", at=as_of(snapshot, view, one.as_of))
    return t(view.lang, "mark.comma").join((until, other_clocks(snapshot, view, one)))

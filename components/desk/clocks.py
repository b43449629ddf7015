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


NAMES = ("event_at", "as_of", "received_at")


def clocks_line(snapshot: Snapshot, view: View, one: Timed) -> str:
    """最新事件 14:02，数据完整至 14:05，收到 14:06."""
    times = {name: as_of(snapshot, view, getattr(one, name)) for name in NAMES}
    return t(view.lang, "clocks.line", **times)


def clocks_words(snapshot: Snapshot, view: View, one: Timed, age: str) -> Any:
    """截至 14:05 and the age, with the two other clocks below."""
    until = t(view.lang, "date.as_of", at=as_of(snapshot, view, one.as_of))
    others = t(
        view.lang,
        "clocks.others",
        event_at=as_of(snapshot, view, one.event_at),
        received_at=as_of(snapshot, view, one.received_at),
    )
    return plain("date", html.B(until), " ", age, html.Br(), html.Small(others))

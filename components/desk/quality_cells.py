"""The numbers of /quality, each with the code that leads to what stands behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from dash import html

from centre.metrics.quality_lines import Amount, Line, Quality, share
from components import codes
from components.desk.reconciled import signed
from components.marks import figure
from components.rich import rich
from components.text import DASH, number, percent
from components.view import View

GOOD, FAIR = 0.99, 0.9
"""Shares of a day's time from which its square is green, and grey-amber; below it is red."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Whose numbers are shown: of a source, a unit or the city; over 30 days, or on one."""

    view: View
    seq: int
    source: str | None = None
    unit: str | None = None
    day: date | None = None

    def id(self, name: str) -> str:
        """The figure of one of `quality_lines.NAMES`."""
        words = {"source": self.source, "unit": self.unit, "day": self.day}
        return codes.ledger(self.seq, name, **words)  # type: ignore[arg-type]

    def on(self, day: date) -> Whose:
        """The same on one day."""
        return replace(self, day=day)


def of(view: View, found: Quality, *, source: str | None = None, unit: str | None = None) -> Whose:
    """Numbers of what was found."""
    return Whose(view=view, seq=found.seq, source=source, unit=unit)


def punctual(whose: Whose, amount: Amount) -> Any:
    """99.8 %, in the colour of how good that is."""
    found = share(amount)
    if found is None:
        return DASH
    name = "good" if found >= GOOD else "fair" if found >= FAIR else "bad"
    words = in_percent(whose.view.lang, found)
    return figure(whose.view, whose.id("punctual"), words, class_name=f"share {name}")


def in_percent(lang: str, found: float) -> str:
    """Never 100.0 % by rounding: all of the time is all of it."""
    return percent(lang, min(found, 0.999) if found < 1 else found, 1)


def days_of(whose: Whose, name: str, amount: Amount) -> Any:
    """29/30: days that are so, of those that could be."""
    there, expected = amount
    if there is None or not expected:
        return DASH
    lang, view, id_ = whose.view.lang, whose.view, whose.id(name)
    parts = [
        figure(view, id_, number(lang, there), how="num"),
        "/",
        figure(view, id_, number(lang, expected), how="den"),
    ]
    return html.Span(parts, className="share bad" if there < expected else "share")


def count(whose: Whose, name: str, amount: Amount, *, is_link: bool = True) -> Any:
    """A count; "—" where nothing is known."""
    found, _ = amount
    if found is None:
        return DASH
    words = number(whose.view.lang, found)
    return figure(whose.view, whose.id(name), words, is_link=is_link)


def unlike(whose: Whose, line: Line) -> Any:
    """How many cases the source has more, or fewer, than we, and what sweeps did about it."""
    lang, (found, _) = whose.view.lang, line.amount("unlike")
    if found is None:
        return DASH
    words = figure(whose.view, whose.id("unlike"), signed(lang, int(found)))
    if not any(one.compared and one.compared.swept_at for one in line.days):
        return words
    came, removed = (count(whose, one, line.amount(one)) for one in ("fetched", "taken_away"))
    told = rich(lang, "quality.swept", came=came, removed=removed)
    return [words, " ", html.Small(told, className="weak")]

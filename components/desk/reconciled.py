"""How a source compares with what is here 对账: in a cell of a table, and in full."""

from __future__ import annotations

from datetime import date
from typing import Any

from dash import html

from centre.snapshots.cells import Snapshot, SourceState
from components.marks import plain, status
from components.tags import data
from components.text import full_day, join, number, t
from components.view import View
from components.words import as_of

MOST = 6
"""Days that are named; the rest is counted."""


def short(lang: str, one: SourceState) -> Any:
    """The same, or on how many days it is not; words in grey where nobody has compared."""
    if one.compared_at is None:
        words = t(lang, f"reconciled.{'not_yet' if one.reconciles else 'none'}")
        return html.Span(words, className="weak")
    if not one.differences:
        return status("good", t(lang, "reconciled.same"), "good")
    words = t(lang, "reconciled.days", count=number(lang, len(one.differences)))
    told = status("late", words, "watch")
    return html.Span(told, title=_days(lang, one), **data(plain="list"))


def full(snapshot: Snapshot, view: View, one: SourceState) -> Any:
    """What differs on which days, and when that was found."""
    lang = view.lang
    if one.compared_at is None:
        return short(lang, one)
    at = t(lang, "reconciled.at", at=as_of(snapshot, view, one.compared_at))
    told = [short(lang, one), " ", html.Small(plain("date", at), className="weak")]
    if one.differences:
        told.append(html.Div(plain("list", _days(lang, one))))
    return html.Span(told)


def signed(lang: str, count: int) -> str:
    """+3: the source has 3 that are missing here; −2: 2 are here that it no longer has."""
    sign = "+" if count > 0 else "−" if count < 0 else ""
    return f"{sign}{number(lang, abs(count))}"


def _more_or_less(lang: str, count: int) -> str:
    return t(lang, f"reconciled.{'over' if count > 0 else 'under'}", count=number(lang, abs(count)))


def _days(lang: str, one: SourceState) -> str:
    """2026年6月16日 来源少 1 件、2026年6月15日 来源多 3 件: newest first."""
    newest = one.differences[::-1]
    named = [
        f"{full_day(lang, date.fromisoformat(day))} {_more_or_less(lang, count)}"
        for day, count in newest[:MOST]
    ]
    if len(newest) > MOST:
        named.append(t(lang, "reconciled.more", count=number(lang, len(newest) - MOST)))
    return join(lang, named)

"""The time line of a case: its steps, its due time, its pauses."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from operator import itemgetter
from typing import Any

from dash import html

from centre.domain.records import Case
from centre.domain.standing import is_provisional
from components.desk import pauses
from components.tags import data
from components.text import DASH, age, full_day, t
from components.view import View

STEPS = (
    "received_at",
    "dispatched_at",
    "signed_at",
    "due_at",
    "replied_at",
    "followed_up_at",
    "closed_at",
)


def steps(view: View, one: Case, now: datetime) -> Any:
    """What happened when, and how long after the step before; open steps at the end."""
    known = [(getattr(one, name), name) for name in STEPS if getattr(one, name)]
    ordered = sorted(known, key=lambda pair: (pair[0], STEPS.index(pair[1])))
    gaps: list[Any] = [None, *(after - before for (before, _), (after, _) in pairwise(ordered))]
    told = [
        (at, _step(view, one, name, gap, now=now))
        for (at, name), gap in zip(ordered, gaps, strict=True)
    ]
    rests = pauses.lines(view, one, now)
    lines = [line for _, line in sorted(told + rests, key=itemgetter(0))]
    if one.closed_at is None:
        open_words = t(view.lang, "case.still_open")
        lines.append(html.Li(html.B(open_words), className="todo"))
    return html.Ol(lines, className="steps", **data(plain="date"))


def _step(view: View, one: Case, name: str, gap: Any, *, now: datetime) -> Any:
    at = getattr(one, name)
    return html.Li(
        [
            html.B(t(view.lang, f"step.{name}")),
            at_words(view, at),
            _provisional(view, one, name),
            html.Span(_gap(view.lang, gap), className="gap"),
        ],
        className=_look(name, at, now),
    )


def _provisional(view: View, one: Case, name: str) -> Any:
    rule = view.city.due_rule(one.kind, one.received_at)
    if name != "due_at" or not one.due_at or not is_provisional(one.due_at, view.city, rule):
        return None
    words, why = t(view.lang, "case.provisional"), t(view.lang, "case.provisional_why")
    return html.Span(words, className="gap", title=why)


def _look(name: str, at: datetime, now: datetime) -> str:
    if name == "due_at":
        return "due"
    return "todo" if at > now else ""


def _gap(lang: str, gap: Any) -> str:
    return "" if gap is None else t(lang, "case.later", age=age(lang, gap.total_seconds()))


def at_words(view: View, at: datetime | None) -> str:
    """2026年6月16日 14:05:09 in the city's zone."""
    if at is None:
        return DASH
    local = at.astimezone(view.city.tz)
    return f"{full_day(view.lang, local.date())} {local:%H:%M:%S}"

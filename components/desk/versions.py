"""The definitions of a metric on its page: which there are, which is asked for, what that means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dash import dcc, html

from centre.metrics.questions import Value
from components.defined import since, spans
from components.desk.answer import Answer
from components.marks import mark
from components.marks import plain as plain_number
from components.text import t
from components.view import View


def choice(view: View, answer: Answer) -> Sequence[Any]:
    """All definitions, newest first, each with its time: the page by another is a click away.

    Nothing where there is but one. The one that the city counts by is the page without a version.
    """
    lang, counted = view.lang, view.metrics[answer.metric.id]
    known = counted.versions
    if len(known) < 2:
        return ()
    rows = []
    for one, after in zip(known, (*known[1:], None), strict=True):
        is_used = one.version == counted.version
        link = dcc.Link(
            plain_number("id", since(lang, one, after)),
            href=replace(answer.drill, version=None if is_used else one.version).url,
            className="here" if one.version == answer.metric.version else "",
        )
        used = html.Small(f" {t(lang, 'definition.in_use')}") if is_used else None
        rows.append(html.Div([link, used]))
    return rows[::-1]


def spanned(lang: str, found: Value) -> Any:
    """That the period lies under other definitions than the figure, where it does."""
    words = spans(lang, found.version, found.in_force)
    return html.Div([mark("watch"), " ", plain_number("date", words)]) if words else None


def by_day(view: View, answer: Answer) -> Any:
    """The numbers of a line by a version that was asked for: this page, day by day."""
    words = t(view.lang, "definition.by_version", version=answer.metric.version)
    return dcc.Link(plain_number("id", words), href=replace(answer.drill, by="day").url)

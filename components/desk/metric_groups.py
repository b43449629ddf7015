"""A metric broken down: bars with their table, and tabs for what else it can be broken down by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from dash import dcc, html

from centre.domain.places import UNASSIGNED
from centre.metrics.questions import Group
from centre.snapshots.cells import Snapshot
from components.desk import states
from components.desk.answer import Answer
from components.desk.metric_rows import Row
from components.desk.ranks import bar, off
from components.desk.table import Column, table
from components.desk.trail import trail
from components.text import t
from components.view import View

MOST = 60
"""Groups in one table; a foreign city has hundreds of categories. The rest opens by itself."""


def groups(snapshot: Snapshot, view: View, answer: Answer) -> Any:
    """Bars with their table: key, parts, share, value; the way here above, the whole below."""
    lang, drill = view.lang, answer.drill
    tabs = [
        dcc.Link(
            t(lang, f"field.{by}"),
            href=replace(drill, by=by, is_whole=False).url,
            className="here" if by == drill.by else "",
        )
        for by in drill.offered(view.city)
    ]
    every = ordered(drill.by, answer.value.groups)
    title = t(lang, "metric.by", field=t(lang, f"field.{drill.by}")) if drill.by else ""
    if not every:
        body: Any = states.empty(lang, "metric.no_groups")
    else:
        body = _group_table(snapshot, view, answer, every, title)
    way = trail(view, drill)
    link = html.Div(tabs, className="tabs")
    return states.card(title, *([way] if way else []), body, link=link, class_name="fits")


def ordered(by: str, groups: Sequence[Group]) -> list[Group]:
    """Largest value first; days and hours in their own order; what is missing last."""
    if by in ("day", "hour"):
        return sorted(groups, key=lambda one: one.key, reverse=by == "day")
    return sorted(
        groups, key=lambda one: (one.key == UNASSIGNED, one.value is None, -(one.value or 0))
    )


def _group_table(
    snapshot: Snapshot, view: View, answer: Answer, every: Sequence[Group], title: str
) -> Any:
    metric, lang = answer.metric, view.lang
    shown = every if answer.drill.is_whole else every[:MOST]
    has_parts = any(one.den is not None for one in every)
    parts = ("embed.numerator", "embed.denominator") if has_parts else ()
    middle = t(lang, "metric.against") if metric.is_rate else ""
    columns = [
        Column(words=t(lang, f"field.{answer.by}")),
        Column(words=middle, class_name="bar-cell middle"),
        *(Column(words=t(lang, one), is_number=True) for one in parts),
        Column(words=t(lang, "drill.share"), is_number=True, class_name="spare"),
        Column(words=metric.name.of(lang), is_number=True),
    ]
    draw = _bars(answer, shown)
    row = Row(view=view, answer=answer, has_parts=has_parts, snapshot=snapshot)
    rows = [row.of(one, draw(one)) for one in shown]
    if len(shown) < len(every):
        rows.append(row.rest(every[len(shown) :]))
    return table(columns, rows, caption=title, foot=[row.whole()])


def _bars(answer: Answer, shown: Sequence[Group]) -> Callable[[Group], Any]:
    """Bars from zero for amounts; for rates from the whole, to the side it lies on."""
    if not answer.metric.is_rate:
        top = max((one.value or 0.0 for one in shown), default=0.0) or 1.0
        return lambda one: bar(one.value, None, top)
    whole = answer.value.value
    known = [one.value for one in shown if one.value is not None]
    span = max((abs(one - (whole or 0.0)) for one in known), default=0.0) or 1.0
    return lambda one: off(one.value, whole, span)

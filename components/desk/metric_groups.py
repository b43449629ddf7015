"""A metric broken down: bars with their table, and tabs for what else it can be broken down by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dash import dcc, html

from centre.domain.places import UNASSIGNED
from centre.metrics import breakdown
from centre.metrics.metric import Metric
from centre.metrics.questions import Group, Value
from centre.snapshots.cells import Address
from centre.snapshots.figures import cell_query, figure_id, group_query
from components.desk import links, states
from components.desk.about import amount
from components.desk.ranks import bar, key_name, off
from components.desk.table import Column, table
from components.marks import figure
from components.marks import plain as plain_number
from components.text import t
from components.view import View
from components.words import plain

BYS = ("unit", "channel", "category", "handler", "handler_kind", "nature", "day", "hour")
MOST = 40
"""Groups in one table; a foreign city has hundreds of categories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A metric of a unit over its own window, broken down by one thing, as of a change number."""

    metric: Metric
    unit: str
    by: str
    value: Value
    seq: int

    @property
    def id(self) -> str:
        """The figure id of the whole."""
        asked = cell_query(Address(self.metric.id, self.unit, "now"))
        return figure_id(asked, self.metric.version, self.seq)

    def id_of(self, key: str) -> str:
        """The figure id of one row."""
        asked = group_query(self.metric.id, self.unit, self.by, key)
        return figure_id(asked, self.metric.version, self.seq)


def offered(metric: Metric) -> tuple[str, ...]:
    """The breakdowns that the page shows for it, in their order."""
    there = breakdown.offered(metric)
    return tuple(by for by in BYS if by in there)


def groups(view: View, answer: Answer) -> Any:
    """Bars with their table: key, numerator, denominator, value."""
    lang = view.lang
    tabs = [
        dcc.Link(
            t(lang, f"field.{by}"),
            href=links.metric(answer.metric.id, answer.unit, by),
            className="here" if by == answer.by else "",
        )
        for by in offered(answer.metric)
    ]
    shown = ordered(answer.by, answer.value.groups)[:MOST]
    title = t(lang, "metric.by", field=t(lang, f"field.{answer.by}"))
    note = [
        plain_number("list", part)
        for part in (t(lang, "metric.rest", count=len(answer.value.groups) - MOST),)
        if len(answer.value.groups) > MOST
    ]
    if not shown:
        body: Any = states.empty(lang, "metric.no_groups")
    else:
        body = _group_table(view, answer, shown, title)
    return states.card(
        title, body, note=note or None, link=html.Div(tabs, className="tabs"), class_name="fits"
    )


def ordered(by: str, groups: Sequence[Group]) -> list[Group]:
    """Largest value first; days and hours in their own order; what is missing last."""
    if by in ("day", "hour"):
        return sorted(groups, key=lambda one: one.key, reverse=by == "day")
    return sorted(
        groups, key=lambda one: (one.key == UNASSIGNED, one.value is None, -(one.value or 0))
    )


def _group_table(view: View, answer: Answer, shown: Sequence[Group], title: str) -> Any:
    metric, lang = answer.metric, view.lang
    has_parts = any(one.den is not None for one in shown)
    columns = [
        Column(words=t(lang, f"field.{answer.by}")),
        Column(
            words=t(lang, "metric.against") if metric.is_rate else "", class_name="bar-cell middle"
        ),
        *(
            (
                Column(words=t(lang, "embed.numerator"), is_number=True),
                Column(words=t(lang, "embed.denominator"), is_number=True),
            )
            if has_parts
            else ()
        ),
        Column(words=metric.name.of(lang), is_number=True),
    ]
    draw = _bars(answer, shown)
    rows = [_group(view, answer, one, draw(one), has_parts=has_parts) for one in shown]
    return table(columns, rows, caption=title)


def _bars(answer: Answer, shown: Sequence[Group]) -> Callable[[Group], Any]:
    """Bars from zero for amounts; for rates from the whole, to the side it lies on."""
    if not answer.metric.is_rate:
        top = max((one.value or 0.0 for one in shown), default=0.0) or 1.0
        return lambda one: bar(one.value, None, top)
    whole = answer.value.value
    known = [one.value for one in shown if one.value is not None]
    span = max((abs(one - (whole or 0.0)) for one in known), default=0.0) or 1.0
    return lambda one: off(one.value, whole, span)


def _group(view: View, answer: Answer, one: Group, drawn: Any, *, has_parts: bool) -> list[Any]:
    lang = view.lang
    id_ = answer.id_of(one.key)
    parts = (("num", one.num), ("den", one.den)) if has_parts else ()
    return [
        _key(view, answer, one.key),
        drawn,
        *(figure(view, id_, amount(lang, sum_), how=how) for how, sum_ in parts),
        figure(view, id_, plain(answer.metric, one.value, lang)),
    ]


def _key(view: View, answer: Answer, key: str) -> Any:
    if answer.by == "unit":
        return dcc.Link(
            view.city.unit_name(key, view.lang), href=links.metric(answer.metric.id, key)
        )
    if answer.by == "hour":
        words = t(view.lang, "date.hour", hour=int(key)) if key.isdecimal() else key
        return plain_number("date", words)
    if answer.by == "day":
        return date.fromisoformat(key).isoformat()
    return key_name(view, answer.by, key, answer.unit)

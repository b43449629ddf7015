"""The registry as a table: every metric with its definition and its figure of now."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from centre.metrics.metric import Metric
from centre.snapshots.cells import Snapshot
from components.desk import links, states
from components.desk.table import Column, table
from components.text import DASH, number, t
from components.view import View
from components.words import plain, published_words


def registry(view: View, snapshot: Snapshot) -> Any:
    """All metrics in a table, with their figure of now."""
    lang = view.lang
    columns = [
        Column(words=t(lang, "metric.name")),
        Column(words=t(lang, "metric.value"), is_number=True),
        Column(words=t(lang, "metric.coverage"), is_number=True),
        Column(words=t(lang, "metric.published")),
        Column(words=t(lang, "metric.definition"), class_name="wide"),
        Column(words=t(lang, "metric.version_short"), is_number=True),
        Column(words=t(lang, "metric.id"), class_name="spare"),
    ]
    ordered = sorted(view.metrics.values(), key=lambda one: not one.id.startswith("appeal."))
    rows = [_registered(view, snapshot, one) for one in ordered]
    title = t(lang, "metric.registry")
    note = t(lang, "metric.registry_note")
    return states.card(title, table(columns, rows, caption=title), note=note, class_name="fits")


def _registered(view: View, snapshot: Snapshot, one: Metric) -> list[Any]:
    lang, cell = view.lang, snapshot.cell(one.id)
    covered = f"{cell.present}/{cell.expected}" if cell.expected else DASH
    return [
        dcc.Link(one.name.of(lang), href=links.metric(one.id)),
        plain(one, cell.value, lang),
        covered,
        published_words(view, one, "target.published_short") or DASH,
        one.definition.of(lang),
        number(lang, one.version),
        html.Span(one.id, className="mono"),
    ]

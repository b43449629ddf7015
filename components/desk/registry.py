"""The registry as a table: every metric with its definition and its figure of now."""

from __future__ import annotations

from typing import Any

from dash import dcc

from centre.metrics.metric import Metric
from centre.snapshots.cells import Snapshot
from components.desk import links, states
from components.desk.table import Column, table
from components.marks import figure
from components.marks import plain as plain_number
from components.notes import before, note_mark
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
    published = published_words(view, one, "target.published_short")
    shown = figure(view, cell.figure, plain(one, cell.value, lang))
    covered = f"{cell.present}/{cell.expected}" if cell.expected else DASH
    return [
        dcc.Link(one.name.of(lang), href=links.metric(one.id)),
        before(note_mark(snapshot, view, one), shown),
        figure(view, cell.figure, covered, how="coverage", is_link=False),
        DASH if published is None else published,
        plain_number("text", one.definition.of(lang)),
        plain_number("id", number(lang, one.version)),
        plain_number("id", one.id, class_name="mono"),
    ]

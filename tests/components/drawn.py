"""Panels of tests/samples.py as they are drawn, and what can be read of them."""

from __future__ import annotations

import re

from dash import dcc
from dash.development.base_component import Component

from centre.metrics.registry import METRICS
from components.charts.svg import Svg, markup
from components.panels import PANELS
from components.view import View
from tests.samples import chengdu, sample_snapshot

KEYS = {"headline": "appeal.resolution_rate"}


def view_of(lang: str = "zh", surface: str = "wall", key: str = "", city: object = None) -> View:
    """A view of Chengdu with targets, or of another city."""
    return View(lang=lang, surface=surface, key=key, city=city or chengdu(True), metrics=METRICS)


def text(tree: object) -> str:
    """All that can be read, in order."""
    if tree is None or isinstance(tree, bool):
        return ""
    if isinstance(tree, (list, tuple)):
        return "".join(text(one) for one in tree)
    if isinstance(tree, Svg):
        return re.sub(r"<[^>]+>", " ", markup(tree.drawing))
    if isinstance(tree, dcc.Graph):
        return " ".join(note["text"] for note in tree.figure["layout"].get("annotations", ()))
    if isinstance(tree, Component):
        return f"{text(getattr(tree, 'children', None))} "
    return str(tree)


def read(panel: str, state: str, lang: str = "zh", surface: str = "wall", key: str = "") -> str:
    """The words of a panel in one of STATES."""
    shown = view_of(lang, surface, key or KEYS.get(panel, ""))
    drawn = PANELS[panel].render(sample_snapshot(shown.city, state), shown)
    return re.sub(r"\s+", " ", text(drawn))

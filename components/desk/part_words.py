"""A part of a metric in words: what the cases of a list are counted in."""

from __future__ import annotations

from components.text import t
from components.view import View


def part_words(view: View, part: str) -> str:
    """受理量, or 群众满意率的分子; its own id where no metric of the city has it."""
    lang = view.lang
    for metric in view.metrics.values():
        if metric.den is None and metric.num is not None and metric.num.id == part:
            return metric.name.of(lang)
    for metric in view.metrics.values():
        for one in metric.versions:
            if one.num is not None and one.num.id == part:
                return t(lang, "figure.part_num", metric=metric.name.of(lang))
            if one.den is not None and one.den.id == part:
                return t(lang, "figure.part_den", metric=metric.name.of(lang))
    return part

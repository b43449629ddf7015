"""What is missing from a figure, in words: who, how much that usually is, and why none is shown."""

from __future__ import annotations

from typing import Protocol

from components.marks import figure, plain
from components.rich import Words, rich
from components.text import percent, t
from components.view import View
from components.words import missing_names


class Covered(Protocol):
    """A cell, or the coverage of an answer."""

    @property
    def present(self) -> int: ...
    @property
    def expected(self) -> int: ...
    @property
    def missing(self) -> tuple[str, ...]: ...
    @property
    def usual_share(self) -> float | None: ...
    @property
    def withheld(self) -> bool: ...


def lacking(view: View, there: Covered, id_: str, most: int = 2) -> Words:
    """缺双流区、大邑县（平常约占 6.1 %）; nothing where nobody is missing."""
    if not there.missing:
        return []
    names = missing_names(view, there.missing, most)
    if there.usual_share is None:
        return rich(view.lang, "coverage.missing_unknown", names=names)
    text = percent(view.lang, there.usual_share, 1)
    share = figure(view, id_, text, how="lost", is_link=False)
    return rich(view.lang, "coverage.missing_share", names=names, share=share)


def withheld(view: View, there: Covered, id_: str) -> Words:
    """仅 8/22 个中心有数据，低于下限 50 %，不显示; nothing where a number is shown."""
    if not there.withheld:
        return []
    short = t(view.lang, "coverage.short", present=there.present, expected=there.expected)
    return rich(
        view.lang,
        "coverage.withheld",
        there=figure(view, id_, short, how="coverage", is_link=False),
        minimum=plain("text", percent(view.lang, view.city.coverage.minimum)),
    )

"""What is known of one thing, as pairs of words: a name and what it says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dash import html

from components.tags import data
from components.text import t


def facts(lang: str, pairs: Iterable[tuple[str, Any]], *, of: str = "", plain: str = "") -> Any:
    """Each pair: a key of the texts, below `of`, and what it says.

    `plain`: the reason why no number among them is a figure, see components.marks.
    """
    named = ((t(lang, f"{of}{key}"), said) for key, said in pairs)
    parts = [part for name, said in named for part in (html.Dt(name), html.Dd(said))]
    return html.Dl(parts, className="facts", **(data(plain=plain) if plain else {}))

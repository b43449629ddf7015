"""Texts of the screen whose words are components: a number keeps its mark within a sentence.

rich("zh", "lead.calm_numbers", today=figure(view, id, "5,483")) -> ["已受理 ", <span>, " 件"]
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from string import Formatter
from typing import Any

from components.charts.svg import Svg
from components.text import t, texts

Words = list[Any]
"""Texts and components, one after the other."""


def rich(lang: str, key: str, **words: Any) -> Words:
    """The text of `key`, its {names} replaced by texts, components or lists of both.

    KeyError for a key or word that is not there.
    """
    parts: Words = []
    for literal, name in _pieces(lang, key):
        parts.append(literal)
        if name is not None:
            parts += listed(words[name])
    return merged(parts)


@lru_cache(maxsize=2048)
def _pieces(lang: str, key: str) -> tuple[tuple[str, str | None], ...]:
    parsed = Formatter().parse(texts(lang)[key])
    return tuple((literal, name) for literal, name, _, _ in parsed)


def joined(lang: str, key: str, many: Iterable[Any]) -> Words:
    """Several words with the text of `key` between them, without those that say nothing."""
    between, parts = t(lang, key), list[Any]()
    for one in many:
        said = merged(listed(one))
        if said:
            parts += [between, *said] if parts else said
    return merged(parts)


def listed(words: Any) -> Words:
    """Words as a list: a text or component alone, nothing for None."""
    if words is None:
        return []
    return list(words) if isinstance(words, list | tuple) else [words]


def merged(parts: Iterable[Any]) -> Words:
    """The same with neighbouring texts as one, and without empty ones."""
    found: Words = []
    for one in parts:
        if isinstance(one, str | int | float) and found and isinstance(found[-1], str):
            found[-1] += str(one)
        elif one is not None and one != "":
            found.append(str(one) if isinstance(one, int | float) else one)
    return found


def text_of(tree: Any) -> str:
    """What a reader reads of a tree: its texts, one after the other."""
    if tree is None or isinstance(tree, bool | Svg):
        return ""
    if isinstance(tree, str | int | float):
        return str(tree)
    if isinstance(tree, list | tuple):
        return "".join(map(text_of, tree))
    return text_of(getattr(tree, "children", None))

"""Titles, categories and offices of the made-up ticket systems, from words.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A subject of appeals: what citizens write about it and which office looks after it."""

    name: str
    weight: int
    office: str
    kinds: tuple[str, ...]
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """All of words.toml."""

    categories: tuple[Category, ...]
    estates: tuple[str, ...]
    roads: tuple[str, ...]

    def title(self, category: int, pick: int, street: str) -> str:
        """A title of a category; `pick` is any whole number and decides all of it."""
        titles = self.categories[category].titles
        pick, template = divmod(pick, len(titles))
        pick, estate = divmod(pick, len(self.estates))
        pick, road = divmod(pick, len(self.roads))
        return titles[template].format(
            s=street, e=self.estates[estate], r=self.roads[road], n=pick % 28 + 2
        )


@cache
def words() -> Words:
    """The words, read once and not at import."""
    table = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    return Words(
        categories=tuple(
            Category(
                name=one["name"],
                weight=one["weight"],
                office=one["office"],
                kinds=tuple(one["kinds"]),
                titles=tuple(one["titles"]),
            )
            for one in table["category"]
        ),
        estates=tuple(table["estates"]),
        roads=tuple(table["roads"]),
    )

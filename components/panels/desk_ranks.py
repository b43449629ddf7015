"""A ranking of today, live; `key` is "category", "channel", or "category~unit"."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from centre.domain.places import Name
from centre.snapshots.cells import Snapshot
from components.desk.ranks import ranks
from components.keys import is_ranking
from components.view import Panel, View


def render(snapshot: Snapshot, view: View) -> Any:
    """The ranking."""
    dim, _, unit = view.key.partition("~")
    return ranks(snapshot, replace(view, key=unit), dim or "category")


PANEL = Panel(id="desk_ranks", title=Name(zh="排行", en="Ranking"), render=render, takes=is_ranking)

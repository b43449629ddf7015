"""The same numbers as a table: what a panel shows to those who cannot see a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Columns and rows as the screen writes them; the first column names the row.

    A cell is a text, or a number with its mark (components.marks).
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

"""The rows of one message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from datasources.pushed.body import decoded, is_row, unreadable

Row = Mapping[str, Any]


def rows(payload: bytes, beside: Row) -> list[Row]:
    """A JSON object is a row, an array of objects its rows; `beside` stands in each of them.

    What is neither becomes a row without columns, for parse to refuse.
    """
    text = payload.decode("utf-8", "backslashreplace")
    value = decoded(text)
    found = value if isinstance(value, list) else [value]
    return [{**one, **beside} if is_row(one) else unreadable(text, **beside) for one in found]

"""The columns of a file against those that the field map reads."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from datasources.source import Malformed

_SHOWN = 40  # columns named in a message


def check_columns(name: str, present: Sequence[str], wanted: Sequence[str]) -> None:
    """Refuse a file whose form has changed: a mapped column is gone or is there twice."""
    for column in wanted:
        if column not in present and not _is_nested(column, present):
            raise Malformed(_gone(name, column, present))
        if list(present).count(column) > 1:
            raise Malformed(f'{name}: column "{column}" is there twice; rename one of them')


def _is_nested(column: str, present: Sequence[str]) -> bool:
    """Whether "a.b" may lie inside a column "a" of a row of JSON."""
    return "." in column and column.split(".", maxsplit=1)[0] in present


def _gone(name: str, column: str, present: Sequence[str]) -> str:
    near = get_close_matches(column, present, n=1)
    hint = f' (renamed to "{near[0]}"?)' if near else ""
    more = " …" if len(present) > _SHOWN else ""
    listed = ", ".join(str(one)[:60] for one in present[:_SHOWN])
    return f'{name}: column "{column}" of the field map is missing{hint}; there are: {listed}{more}'

"""The body of an answer -> rows of plain values; what is no row goes on, for parse to refuse."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from datasources.source import Malformed
from datasources.web.client import Answer, said, shown

Row = Mapping[str, Any]

_SHOWN = 2000  # characters kept of a row that is no object
ABSENT: Any = object()


def text_of(answer: Answer, encoding: str | None = None) -> str:
    """The body as text: in the encoding that is configured, named by the service, or UTF-8."""
    named = encoding or answer.charset or "utf-8"
    if named.lower().replace("_", "-") in ("utf-8", "utf8"):
        named = "utf-8-sig"
    try:
        return answer.body.decode(named)
    except (LookupError, UnicodeError) as error:
        raise Malformed(
            f'{shown(answer.url)}: the answer is not {named} ({error}); name its "encoding"'
        ) from error


def json_of(answer: Answer, encoding: str | None = None) -> Any:
    """The body as JSON. NaN, Infinity and 1e309 stay words, because JSON has no such numbers."""
    text = text_of(answer, encoding)
    try:
        return json.JSONDecoder(parse_constant=str, parse_float=_number).decode(text.strip())
    except (ValueError, RecursionError) as error:
        page = " (a page of HTML: does it ask for a login?)" if _is_page(text) else said(answer)
        raise Malformed(f"{shown(answer.url)}: the answer is not JSON{page}") from error


def select(value: Any, path: str) -> Any:
    """What lies at a dotted path ("data.items", "list.0"); ABSENT when nothing does."""
    for part in path.split(".") if path else ():
        if isinstance(value, Mapping) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return ABSENT
    return value


def rows_at(answer: Answer, value: Any, path: str) -> list[Row]:
    """The rows at a path; null is a list without rows. Malformed when there is no list."""
    found = select(value, path)
    if found is None:
        return []
    if not isinstance(found, list):
        what = "is missing" if found is ABSENT else f"is no list but {type(found).__name__}"
        there = ", ".join(sorted(map(str, value))[:20]) if isinstance(value, Mapping) else ""
        holds = f"; the answer has: {there}" if there else ""
        place = f'"{path}"' if path else "the answer itself"
        raise Malformed(f"{shown(answer.url)}: rows: {place} {what}{holds}")
    return [row if isinstance(row, dict) else _no_row(row, n) for n, row in enumerate(found, 1)]


def filled(rows: Sequence[Row], may_omit: Collection[str]) -> list[Row]:
    """Rows in which the columns that a source may leave out are blank where they are left out.

    Any other column that a row lacks is gone, and parse says so.
    """
    return [{**row, **_blanks(row, may_omit)} for row in rows]


def _blanks(row: Row, paths: Collection[str]) -> dict[str, None]:
    return {path: None for path in paths if path not in row and select(row, path) is ABSENT}


def _no_row(value: Any, number: int) -> Row:
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError):
        text = type(value).__name__
    return {"行号": number, "无法解析": text[:_SHOWN]}


def _number(text: str) -> float | str:
    value = float(text)
    return value if math.isfinite(value) else text


def _is_page(text: str) -> bool:
    return text.lstrip()[:100].lower().startswith(("<!doctype html", "<html"))

"""Rows of JSON-lines files, one at a time."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

from datasources.files.examine import Facts, unpacked
from datasources.files.header import check_columns
from datasources.files.how import How
from datasources.source import Malformed

Row = Mapping[str, Any]

_SAMPLE = 1000  # rows that are looked at to learn the columns
_SHOWN = 2000  # characters kept of a line that is no object


def json_rows(file: Path, raw: BinaryIO, facts: Facts, how: How) -> Iterator[Row]:
    """One object a line. A column that some rows leave out is blank there; an unreadable line
    goes on without columns, for parse to refuse."""
    with unpacked(file, raw) as inside:
        text = io.TextIOWrapper(inside, encoding=facts.encoding)
        lines = _objects(facts.name, text)
        sample = list(islice(lines, _SAMPLE))
        columns = dict.fromkeys(key for row in sample if _UNREADABLE not in row for key in row)
        if sample and not columns:
            raise Malformed(f"{facts.name}: no line is a JSON object; write one object a line")
        check_columns(facts.name, tuple(columns), how.columns)
        blank = {column: None for column in how.columns if column in columns}
        for row in chain(sample, lines):
            yield row if _UNREADABLE in row else {**blank, **row}


_UNREADABLE = "无法解析"


def _objects(name: str, text: Iterator[str]) -> Iterator[Row]:
    decode = json.JSONDecoder(parse_constant=str, parse_float=_number).decode
    for number, line in enumerate(text, 1):
        stripped = line.strip()
        if number == 1 and stripped.startswith("["):
            raise Malformed(f"{name}: a JSON array; write one object a line instead")
        if not stripped:
            continue
        try:
            row = decode(stripped)
        except (ValueError, RecursionError):
            row = None
        yield row if isinstance(row, dict) else {"行号": number, _UNREADABLE: line[:_SHOWN]}


def _number(text: str) -> float | str:
    """A number; what is none (1e309) stays a word, because JSON has no infinity."""
    value = float(text)
    return value if math.isfinite(value) else text

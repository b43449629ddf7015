"""The rows of a request: a JSON array, JSON lines or CSV, each row with the line it begins on.

A row that cannot be read goes on without columns, for parse to refuse; a body that cannot be read
as a whole raises Malformed and names the line.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson

from datasources.source import Malformed

Row = Mapping[str, Any]

KINDS = ("application/json", "application/x-ndjson", "text/csv")
_ALSO = {"application/jsonl": KINDS[1], "application/x-jsonlines": KINDS[1]}
UNREADABLE = "无法解析"
_SHOWN = 2000  # characters kept of what is no row
_BLANK = " \t\r\n"


class UnknownKind(Exception):
    """A content type that nobody reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row and where it begins; lines count from 1."""

    number: int
    row: Row


def lines(body: bytes, content_type: str, most: int) -> Sequence[Line]:
    """All rows of a body; raises UnknownKind, and Malformed when they are more than `most`."""
    kind, _, rest = content_type.partition(";")
    kind = kind.strip().lower()
    read = _READERS.get(_ALSO.get(kind, kind))
    if read is None:
        raise UnknownKind(f'Content-Type: "{kind[:60]}"; send one of {", ".join(KINDS)}')
    found = list(islice(read(_text(body, rest)), most + 1))
    if len(found) > most:
        raise Malformed(f"more than {most} rows in one request; send them in several")
    return found


def _text(body: bytes, parameters: str) -> str:
    name, _, value = parameters.strip().partition("=")
    charset = value.strip().strip('"') if name.strip().lower() == "charset" else "utf-8"
    try:
        text = body.decode("utf-8-sig" if charset.lower() in ("utf-8", "utf8") else charset)
    except LookupError as error:
        raise Malformed(f'there is no charset "{charset[:40]}"') from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Malformed(
            f"line {line}: a byte that is not {charset}; say another charset in Content-Type"
        ) from error
    if "\x00" in text:
        raise Malformed(f"line {text[: text.index(chr(0))].count(chr(10)) + 1}: a NUL character")
    return text


def _array(text: str) -> Iterator[Line]:
    """The objects of an array; a single object is one row."""
    start = _skip(text, 0)
    if text[start : start + 1] == "{":
        text = f"{text[:start]}[{text[start:]}]"
    if text[start : start + 1] != "[":
        raise Malformed("line 1: a JSON array begins with [; or send application/x-ndjson")
    place, number, counted = _skip(text, start + 1), 1, 0
    is_end = text[place : place + 1] == "]"
    while not is_end:
        number, counted = number + text.count("\n", counted, place), place
        value, end = _decoded(text, place, number)
        yield Line(number=number, row=_row(value, number, text[place:end]))
        place = _skip(text, end)
        is_end = text[place : place + 1] == "]"
        if not is_end and text[place : place + 1] != ",":
            line = text.count("\n", 0, place) + 1
            raise Malformed(f"line {line}: after a row stands neither a comma nor the end ]")
        place = place if is_end else _skip(text, place + 1)
    if text[place + 1 :].strip(_BLANK):
        line = text.count("\n", 0, place) + 1
        raise Malformed(f"line {line}: something stands after the end of the array")


def _decoded(text: str, place: int, number: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, place)
    except json.JSONDecodeError as error:
        line = text.count("\n", 0, error.pos) + 1
        raise Malformed(f"line {line}: not JSON ({error.msg})") from error
    except (ValueError, RecursionError) as error:
        raise Malformed(f"line {number}: a value that is no row") from error


def _skip(text: str, place: int) -> int:
    while text[place : place + 1] in tuple(_BLANK):
        place += 1
    return place


def _json_lines(text: str) -> Iterator[Line]:
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        if number == 1 and stripped.startswith("["):
            raise Malformed("line 1: a JSON array; send it as application/json")
        if not stripped:
            continue
        yield Line(number=number, row=_row(decoded(stripped), number, line))


def decoded(text: str) -> Any:
    """What a text says in JSON; None for what is none."""
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError):
        return None


def is_row(value: Any) -> bool:
    """Whether it is an object that JSON of both databases can hold."""
    if not isinstance(value, dict):
        return False
    try:
        orjson.dumps(value)
    except TypeError:  # half a surrogate pair, a number beyond 64 bits, nested too deeply
        return False
    return True


def unreadable(text: str, **beside: Any) -> Row:
    """What stands for something that is no row, for parse to refuse."""
    return {**beside, UNREADABLE: text[:_SHOWN]}


def _row(value: Any, number: int, text: str) -> Row:
    return value if is_row(value) else unreadable(text, 行号=number)


def _number(text: str) -> float | str:
    """A number; what is none (1e309) stays a word, because JSON has no infinity."""
    value = float(text)
    return value if math.isfinite(value) else text


def _csv(text: str) -> Iterator[Line]:
    """Rows by the names of the header; a row of another width goes on, for parse to judge."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        if len(set(header)) < len(header):
            raise Malformed("line 1: two columns have the same name")
        before = reader.line_num
        for cells in reader:
            number, before = before + 1, reader.line_num
            if cells:
                yield Line(number=number, row=_cells(header, cells, number))
    except csv.Error as error:
        raise Malformed(f"line {reader.line_num}: not CSV ({error})") from error


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t|", key=head.count)


def _cells(header: Sequence[str], cells: Sequence[str], number: int) -> Row:
    if len(cells) > len(header):
        return {"行号": number, "单元格过多": list(cells)}
    return dict(zip(header, cells, strict=False))


_DECODER = json.JSONDecoder(parse_constant=str, parse_float=_number)
_READERS: Mapping[str, Callable[[str], Iterator[Line]]] = {
    KINDS[0]: _array,
    KINDS[1]: _json_lines,
    KINDS[2]: _csv,
}

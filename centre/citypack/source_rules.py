"""What must hold inside one source file, given the city; one rule a function."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from centre.citypack.finding import Complaint, Finding, did_you_mean
from centre.citypack.places_rules import zone
from centre.citypack.source_file import FieldTable, SourceFile
from centre.domain.fields import FIELDS, TIME_FIELDS
from centre.domain.places import UNASSIGNED, City
from centre.domain.records import APPLICANTS, HANDLER_KINDS, KINDS, NATURES
from centre.domain.times import compile_format

_ID = re.compile(r"[0-9a-z_-]{2,32}")
_SECRET_KEY = re.compile(
    r"(password|passwd|secret|token|api_?key|private_key|authorization)$", re.I
)
_SECRET_URL = re.compile(r"://[^/@\s:]+:[^/@\s]+@")
_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

# Without these no row of the record is kept, so a map that leaves one out rejects everything.
_NEEDED = {
    "case": ("key", "received_at"),
    "reading": ("series", "at", "value"),
    "asset": ("key", "kind", "state", "since"),
    "mixed": ("record",),
}
_FIXED = {"nature": NATURES, "applicant": APPLICANTS, "handler_kind": HANDLER_KINDS, "kind": KINDS}


def source_findings(file: Path, source: SourceFile, city: City) -> list[Finding]:
    """Everything wrong inside a well-shaped source file."""
    rules = (_identity(file, source, city), _fields(source, city), _secrets(source.connection))
    return [
        Finding(file=file, key=key, problem=problem, remedy=remedy)
        for complaints in rules
        for key, problem, remedy in complaints
    ]


def field_names(record: str) -> frozenset[str]:
    """The fields of ours that a source of this record may fill."""
    if record != "mixed":
        return FIELDS[record]
    return frozenset({"record"}).union(*FIELDS.values())


def _identity(file: Path, source: SourceFile, city: City) -> Iterator[Complaint]:
    if not _ID.fullmatch(file.stem):
        problem = f'"{file.stem}" cannot be the id of a source'
        yield "", problem, "name the file with 2 to 32 of a-z, 0-9, _ and -"
    if source.unit is not None and source.unit not in city.by_code:
        yield "unit", f'no unit "{source.unit}"', did_you_mean(source.unit, city.by_code)
    if source.zone is not None:
        yield from zone("zone", source.zone)


def _fields(source: SourceFile, city: City) -> Iterator[Complaint]:
    ours = field_names(source.record)
    for name in _NEEDED[source.record]:
        if name not in source.fields:
            yield f"fields.{name}", "is missing", f'add `{name} = "their column"` to [fields]'
    for name, table in source.fields.items():
        if name not in ours:
            yield f"fields.{name}", f"no field of a {source.record}", did_you_mean(name, ours)
        yield from _codes(name, table, source.record, city)
        yield from _format(name, table.format)


def _format(name: str, format_: str | None) -> Iterator[Complaint]:
    if format_ in (None, "iso", "epoch"):
        return
    if name not in TIME_FIELDS:
        yield f"fields.{name}.format", "only a time has a format", "take it out"
        return
    try:
        compile_format(format_)
    except ValueError as error:
        yield (
            f"fields.{name}.format",
            str(error),
            'write "iso", "epoch" or a pattern like "%Y-%m-%d"',
        )


def _codes(name: str, table: FieldTable, record: str, city: City) -> Iterator[Complaint]:
    known = _known_codes(name, record, city)
    if known is None:
        return
    for word, code in table.codes.items():
        if code not in known:
            yield (
                f'fields.{name}.codes."{word}"',
                f'unknown {name} "{code}"',
                did_you_mean(code, known),
            )
    # Without a table the column's own words are taken, and only the data can tell.
    if table.default is not None and table.default not in {*known, *table.codes}:
        problem = f'unknown {name} "{table.default}"'
        yield f"fields.{name}.default", problem, did_you_mean(table.default, known)


def _known_codes(name: str, record: str, city: City) -> frozenset[str] | None:
    """The codes a field may carry; None when the city does not list them.

    Assets have kinds of their own ("mailbox"), and their category is a level.
    """
    if name == "unit":
        return frozenset({*city.by_code, UNASSIGNED})
    if name == "kind" and record != "case":
        return None
    if name in _FIXED:
        return frozenset(_FIXED[name])
    tables = [city.codes[table] for table in _tables(name, record) if table in city.codes]
    if not tables:
        return None
    units = city.by_code if name == "handler" else ()
    return frozenset(units).union(*tables)


def _tables(name: str, record: str) -> tuple[str, ...]:
    """The [codes] tables that a field draws on."""
    if name != "category" or record == "case":
        return (name,)
    return ("level",) if record == "asset" else ("category", "level")


def _secrets(connection: Mapping[str, Any]) -> Iterator[Complaint]:
    for key, last, value in leaves(connection, "connection"):
        if last == "env" and not (isinstance(value, str) and _ENV_NAME.fullmatch(value)):
            yield key, f'"{value}" is no name of a variable', 'write `env = "NAME"`'
        elif isinstance(value, str) and last != "env" and _is_secret(last, value):
            remedy = f'write `{last} = {{ env = "NAME" }}` and set NAME in the environment'
            yield key, "a secret stands here in clear", remedy


def _is_secret(key: str, value: str) -> bool:
    return bool(_SECRET_KEY.search(key) or _SECRET_URL.search(value))


def leaves(given: Any, key: str, last: str = "") -> Iterator[tuple[str, str, Any]]:
    """(path, last name, value) of everything in the connection that is no table or list."""
    if isinstance(given, Mapping):
        for name, value in given.items():
            yield from leaves(value, f"{key}.{name}", name)
    elif isinstance(given, list):
        for index, value in enumerate(given):
            yield from leaves(value, f"{key}[{index}]", last)
    else:
        yield key, last, given


def secret_names(connection: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(path, NAME) of each `{ env = "NAME" }` in a connection."""
    for key, last, value in leaves(connection, "connection"):
        if last == "env" and isinstance(value, str):
            yield key, value

"""A source file for a system that nobody has mapped; its comments ask what a person must decide."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from centre.domain.places import City
from datasources.kit import codes
from datasources.kit.codes import Meant
from datasources.kit.guess import Guess, guess
from datasources.sampling import Drafted

ASKED = "?"
"""Behind this sign in a comment, or for a text, stands what a person has to decide."""

_CHOICES = 12  # codes that are named beside a word that nobody knows
_COLUMN = 46  # where comments begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the operator says: id of the source, adapter, and its unit where it has one."""

    id: str
    adapter: str
    unit: str | None = None
    record: str = "case"


def draft(drafted: Drafted, facts: Facts, city: City, *, has_changes: bool) -> str:
    """The text of a source file. `has_changes`: the adapter reads by a column of change times."""
    found = guess(drafted, city, facts.record)
    by_field = {one.field: one for one in found}
    connection = _connection(drafted, by_field, has_changes)
    lines = [
        *_questions(drafted, found, city),
        "",
        *_head(facts, by_field, city),
        "",
        "[connection]",
        *(f"{key} = {_toml(value)}" for key, value in connection.items()),
        "",
        "[schedule]",
        'every = "30 s"',
        "",
        "[promise]",
        _noted('interval = "5 min"', "? how old its data may be"),
        "",
        "[fields]",
        *_fields(found, drafted, connection, city),
    ]
    return "\n".join(lines) + "\n"


def _questions(drafted: Drafted, found: Sequence[Guess], city: City) -> Iterator[str]:
    yield f"# Drafted from {len(drafted.rows)} rows. Decide what has a ? behind it, then check."
    for note in drafted.notes:
        yield f"# ? {note}"
    for field in ("key", "received_at"):
        if field not in {one.field for one in found}:
            yield f"# ? no column was found for {field}, without which no row is kept"
    taken = {one.column for one in found}
    rest = [name for name in drafted.columns if name not in taken]
    if rest:
        yield f"# Not mapped: {', '.join(rest)}"
    naive = [one for one in found if one.times and not one.times.has_zone]
    if naive:
        newest = max(one.times.newest for one in naive if one.times).astimezone(city.tz)
        yield (
            f"# ? Times carry no zone. In {city.zone} the newest is {newest:%Y-%m-%d %H:%M}: "
            "can that be?"
        )


def _head(facts: Facts, found: Mapping[str, Guess], city: City) -> Iterator[str]:
    yield _noted(f"name = {{ zh = {_toml(facts.id)}, en = {_toml(facts.id)} }}", "? its names")
    yield f"adapter = {_toml(facts.adapter)}"
    if facts.record != "case":
        yield f"record = {_toml(facts.record)}"
    if facts.unit is not None:
        yield f"unit = {_toml(facts.unit)}"
    elif "unit" not in found:
        yield _noted('# unit = "…"', "? the unit it answers for")
    yield _noted('contact = "?"', "? whom to call when it is down")
    yield f"zone = {_toml(city.zone)}"


def _connection(drafted: Drafted, found: Mapping[str, Guess], has_changes: bool) -> dict[str, Any]:
    """What the adapter said, and how changes are known."""
    connection = dict(drafted.connection)
    if not has_changes:
        return connection
    key, version = found.get("key"), found.get("source_version")
    if drafted.key is not None and key is not None and key.column != drafted.key:
        connection["key"] = drafted.key
    if version is not None:
        received = found.get("received_at")
        has_blanks = any(row.get(version.column) in (None, "") for row in drafted.rows)
        both = [version.column, received.column] if has_blanks and received else version.column
        connection["changed_at"] = both
    return connection


def _fields(
    found: Sequence[Guess], drafted: Drafted, connection: Mapping[str, Any], city: City
) -> Iterator[str]:
    """The short ones first: a table of codes is a section of its own."""
    coded = [one for one in found if _has_table(one)]
    for one in found:
        if one not in coded:
            yield _noted(f"{one.field} = {_field(one)}", _doubt(one, drafted))
    if "changed_at" not in connection and drafted.version:
        yield f'source_version = {{ column = {_toml(drafted.version)}, format = "iso" }}'
    for one in coded:
        yield ""
        yield f"[fields.{one.field}]"
        yield _noted(f"column = {_toml(one.column)}", _doubt(one, drafted))
        yield ""
        yield f"[fields.{one.field}.codes]"
        for word in one.meant:
            yield _code(word, one.field, city)


def _has_table(one: Guess) -> bool:
    """Units are known by their names; of handlers that are mostly unknown the names are kept."""
    if one.field == "unit":
        return bool(one.open)
    return bool(one.meant) and not (one.field == "handler" and 2 * len(one.open) > len(one.meant))


def _field(one: Guess) -> str:
    if one.field in ("lon", "lat"):
        return f'{{ column = {_toml(one.column)}, on_bad = "blank" }}'
    if one.times is None:
        return _toml(one.column)
    return f"{{ column = {_toml(one.column)}, format = {_toml(one.times.format)} }}"


def _code(word: Meant, field: str, city: City) -> str:
    if word.is_sure:
        return _noted(f"{_toml(word.word)} = {_toml(word.code)}", f"{word.count} rows")
    if word.code is not None:
        return _noted(f"{_toml(word.word)} = {_toml(word.code)}", f"{word.count} rows ? nearest")
    known = list(dict.fromkeys(code for code in codes.spellings(field, city).values() if code))
    listed = " ".join(known[:_CHOICES]) + (" …" if len(known) > _CHOICES else "")
    return _noted(f'# {_toml(word.word)} = ""', f"{word.count} rows ? one of: {listed}")


def _doubt(one: Guess, drafted: Drafted) -> str:
    """How full the column is, and whether its name was only like one that we know."""
    said = sum(1 for row in drafted.rows if row.get(one.column) not in (None, ""))
    full = f"{said} of {len(drafted.rows)} rows"
    return full if one.score >= 0.9 else f"{full} ? by its name"


def _noted(line: str, note: str) -> str:
    """A line and its comment, one below the other's."""
    return f"{line:<{_COLUMN}}  # {note}"


def _toml(value: Any) -> str:
    """A value as TOML writes it; strings of JSON are strings of TOML."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

"""What must hold between the lines of places.toml: one rule a function, each yields findings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from centre.citypack.due_rules import due_complaints
from centre.citypack.finding import Complaint, Finding, did_you_mean
from centre.citypack.places_file import PlacesFile
from centre.domain.fields import FIELDS
from centre.domain.places import RESERVED

CODE = re.compile(r"[0-9a-z-]{2,32}")
_WORD = re.compile(r"[0-9a-z_-]{1,32}")

_Rule = Callable[[PlacesFile], Iterator[Complaint]]


def places_findings(file: Path, places: PlacesFile) -> list[Finding]:
    """Everything that is wrong between the lines of a well-shaped places.toml."""
    return [
        Finding(file=file, key=key, problem=problem, remedy=remedy)
        for rule in _RULES
        for key, problem, remedy in rule(places)
    ]


def _city(places: PlacesFile) -> Iterator[Complaint]:
    if places.city.id is not None:
        yield from _code("city.id", places.city.id)
    yield from zone("city.zone", places.city.zone)


def zone(key: str, name: str) -> Iterator[Complaint]:
    """A zone must be in the time zone database."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: "Asia" is a folder
        remedy = did_you_mean(name, available_timezones(), 'write one like "Asia/Shanghai"')
        yield key, f'unknown zone "{name}"', remedy


def _code(key: str, code: str) -> Iterator[Complaint]:
    if code in RESERVED:
        yield key, f'"{code}" is reserved', "choose another code"
    elif not CODE.fullmatch(code):
        yield key, f'"{code}" is no code', "use 2 to 32 of a-z, 0-9 and -"


def _unit_codes(places: PlacesFile) -> Iterator[Complaint]:
    first: dict[str, int] = {}
    for index, unit in enumerate(places.units):
        yield from _code(f"units[{index}].code", unit.code)
        at = first.setdefault(unit.code, index)
        if at != index:
            problem = f'"{unit.code}" is the code of units[{at}] too'
            yield f"units[{index}].code", problem, "give each unit a code of its own"


def _spellings(places: PlacesFile) -> Iterator[Complaint]:
    """A name, former code or alias must lead to one unit only, or a case would go astray."""
    owner = {unit.code.casefold(): unit.code for unit in places.units}
    for index, unit in enumerate(places.units):
        named = [("zh", unit.zh), ("en", unit.en)]
        named += [(f"former_codes[{at}]", text) for at, text in enumerate(unit.former_codes)]
        named += [(f"aliases[{at}]", text) for at, text in enumerate(unit.aliases)]
        for key, text in named:
            other = owner.setdefault(text.strip().casefold(), unit.code)
            if other != unit.code:
                problem = f'"{text}" already means {other}'
                yield f"units[{index}].{key}", problem, "keep it with one of the two"


def _neighbours(places: PlacesFile) -> Iterator[Complaint]:
    lists = {unit.code: unit.neighbours for unit in places.units}
    for index, unit in enumerate(places.units):
        for at, code in enumerate(unit.neighbours):
            key = f"units[{index}].neighbours[{at}]"
            if code == unit.code:
                yield key, f'"{code}" is its own neighbour', "take it out"
            elif code not in lists:
                yield key, f'no unit "{code}"', did_you_mean(code, lists)
            elif unit.code not in lists[code]:
                remedy = f'add "{unit.code}" to the neighbours of {code}, or take it out here'
                yield key, f"{code} does not name {unit.code} back", remedy


def _labels(places: PlacesFile) -> Iterator[Complaint]:
    for index, unit in enumerate(places.units):
        label = unit.label
        if label is not None and not (-180 <= label[0] <= 180 and -90 <= label[1] <= 90):
            yield f"units[{index}].label", f"{label} is no point", "write [lon, lat] in degrees"


def _streets(places: PlacesFile) -> Iterator[Complaint]:
    for index, unit in enumerate(places.units):
        seen: set[str] = set()
        for at, street in enumerate(unit.streets):
            key = f"units[{index}].streets[{at}]"
            yield from _code(f"{key}.code", street.code)
            if street.code in seen:
                problem = f'"{street.code}" stands twice in {unit.code}'
                yield f"{key}.code", problem, "give each street of a unit a code of its own"
            if (street.lon is None) != (street.lat is None):
                yield key, "lon without lat, or lat without lon", "give both or neither"
            seen.add(street.code)


def _code_tables(places: PlacesFile) -> Iterator[Complaint]:
    known = {*FIELDS["case"], *_CODED_ELSEWHERE}
    for field, table in places.codes.items():
        for code in table:
            if not _WORD.fullmatch(code):
                yield f'codes.{field}."{code}"', "is no code", "use 1 to 32 of a-z, 0-9, _ and -"
        if field not in known:
            yield f"codes.{field}", "unknown field", did_you_mean(field, known)


_CODED_ELSEWHERE = ("level", "series")
"""Words of assets and readings: the level of a mailbox, the series of a reading."""


def _due(places: PlacesFile) -> Iterator[Complaint]:
    yield from due_complaints(places.due)


_RULES: tuple[_Rule, ...] = (
    _city,
    _unit_codes,
    _spellings,
    _neighbours,
    _labels,
    _streets,
    _code_tables,
    _due,
)

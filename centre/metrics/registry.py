"""All metrics and their parts: found by walking `families` and the entry points "rongzhi.metrics".

A foreign package names a module (or any object) that has `METRICS`, as a file of ours does.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from importlib import import_module
from importlib.metadata import entry_points
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy.dialects import sqlite

from centre.domain.places import City
from centre.metrics import families
from centre.metrics.metric import Metric
from centre.store.parts import Part


class DuplicateId(ValueError):
    """Two places define one id differently; the message names both."""


class BadVersions(ValueError):
    """The definitions of a metric do not follow one another, or a city counts by none of them."""


class Found(NamedTuple):
    """A metric and the module it stands in."""

    place: str
    metric: Metric


def find() -> Iterator[Found]:
    """Every metric of ours in order of files, then those of installed packages."""
    for module in sorted(pkgutil.iter_modules(families.__path__), key=lambda one: one.name):
        yield from _of(f"{families.__name__}.{module.name}")
    for entry in sorted(entry_points(group="rongzhi.metrics"), key=lambda one: one.name):
        for metric in entry.load().METRICS:
            yield Found(entry.value, metric)


def _of(place: str) -> Iterator[Found]:
    for metric in import_module(place).METRICS:
        yield Found(place, metric)


def collect(found: Iterable[Found]) -> tuple[Mapping[str, Metric], tuple[Part, ...]]:
    """Metrics, each as its newest definition, and the parts of all definitions, by id.

    Raise DuplicateId where an id means two things, BadVersions where versions are out of order.
    """
    metrics: dict[str, Found] = {}
    parts: dict[str, tuple[str, Part]] = {}
    for one in found:
        known = metrics.setdefault(one.metric.id, one)
        if known is not one:
            raise DuplicateId(_says("metric", one.metric.id, known.place, one.place))
        _check_versions(one)
        for part in (part for each in one.metric.versions for part in each.parts):
            place, same = parts.setdefault(part.id, (one.place, part))
            if same is not part and _text(same) != _text(part):
                raise DuplicateId(_says("part", part.id, place, one.place))
    by_id = {key: one.metric for key, one in metrics.items()}
    return MappingProxyType(by_id), tuple(part for _, part in parts.values())


def _check_versions(found: Found) -> None:
    """The versions of a metric are dated one after another and can stand in one line."""
    for before, after in pairwise(found.metric.versions):
        same = ("id", "shape", "unit", "direction", "digits")
        other = [name for name in same if getattr(before, name) != getattr(after, name)]
        if before.version >= after.version or before.valid_from >= after.valid_from:
            other.append("order")
        if other:
            numbers = f"versions {before.version} and {after.version}"
            raise BadVersions(
                f'"{found.metric.id}" in {found.place}: {numbers} differ in {", ".join(other)};'
                " a new version has a higher number and a later date, a changed meaning a new id"
            )


def _says(what: str, key: str, one: str, other: str) -> str:
    return f'{what} "{key}" is defined in {one} and in {other}: give one of them another id'


def _text(part: Part) -> tuple[str, ...]:
    """What a part means, as text: SQLAlchemy's == builds SQL, it does not compare."""
    literal = {"literal_binds": True}
    sides = (part.anchor, part.where, part.amount)
    return tuple(
        str(side.compile(dialect=sqlite.dialect(), compile_kwargs=literal)) for side in sides
    )


METRICS, PARTS = collect(find())


def version(id_: str, number: int) -> Metric | None:
    """A metric by one of its definitions; None where there is none."""
    known = METRICS.get(id_)
    return known.at_version(number) if known else None


def versions(metrics: Mapping[str, Metric] = METRICS) -> dict[str, tuple[int, ...]]:
    """Id -> the versions of its definition, oldest first."""
    return {key: tuple(one.version for one in metric.versions) for key, metric in metrics.items()}


def valid(id_: str, day: date) -> Metric:
    """The definition of a metric in force on a day. Raise KeyError for an unknown id."""
    return METRICS[id_].valid(day)


def of_city(city: City, metrics: Mapping[str, Metric] = METRICS) -> Mapping[str, Metric]:
    """The metrics by the definitions that the city counts by: the newest, unless its pack says.

    Raise BadVersions for a definition that there is not.
    """
    chosen = {key: _chosen(key, number, metrics) for key, number in city.definitions.items()}
    return MappingProxyType({key: chosen.get(key, one) for key, one in metrics.items()})


def _chosen(key: str, number: int, metrics: Mapping[str, Metric]) -> Metric:
    versions = metrics[key].versions if key in metrics else ()
    numbers = [one.version for one in versions]
    if number not in numbers:
        there = ", ".join(map(str, numbers)) or "no such metric"
        raise BadVersions(f'definition."{key}": no version {number}; there is: {there}')
    alone = [replace(one, earlier=(), others=()) for one in versions]
    at = numbers.index(number)
    return replace(alone[at], others=(*alone[:at], *alone[at + 1 :]))

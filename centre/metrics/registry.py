"""All metrics and their parts: found by walking `families` and the entry points "rongzhi.metrics".

A foreign package names a module (or any object) that has `METRICS`, as a file of ours does.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy.dialects import sqlite

from centre.metrics import families
from centre.metrics.metric import Metric
from centre.store.parts import Part


class DuplicateId(ValueError):
    """Two places define one id differently; the message names both."""


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
    """Metrics and parts by id. Raise DuplicateId where an id means two things."""
    metrics: dict[str, Found] = {}
    parts: dict[str, tuple[str, Part]] = {}
    for one in found:
        known = metrics.setdefault(one.metric.id, one)
        if known is not one:
            raise DuplicateId(_says("metric", one.metric.id, known.place, one.place))
        for part in one.metric.parts:
            place, same = parts.setdefault(part.id, (one.place, part))
            if same is not part and _text(same) != _text(part):
                raise DuplicateId(_says("part", part.id, place, one.place))
    by_id = {key: one.metric for key, one in metrics.items()}
    return MappingProxyType(by_id), tuple(part for _, part in parts.values())


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

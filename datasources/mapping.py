"""A source's row -> our words, by the field map of its source file.

Columns that are gone and codes that nobody knows are noted, not judged: parse says what follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from centre.domain.fields import readers
from centre.domain.memo import per_identity
from centre.domain.periods import local_day
from centre.domain.places import City
from centre.domain.sources import FieldMap, SourceConfig
from centre.domain.values import Reader, as_text, nearest, shown
from centre.domain.words import BadValue, Problem, Words

_ABSENT = object()


@dataclass(frozen=True, slots=True)
class _Step:
    """One mapped field. `path`: the column's parts where it names a nested one ("a.b")."""

    field: str
    column: str
    path: tuple[str, ...]
    default: str | None
    codes: Mapping[str, str] | None


@dataclass(frozen=True, slots=True, eq=False)  # known by its identity, so that it can be hashed
class _Plan:
    constants: Mapping[str, str]
    steps: tuple[_Step, ...]


def apply(row: Mapping[str, Any], config: SourceConfig) -> Words:
    """Rename and translate; what the source wrote stays as it was written.

    A default stands in for a blank word, never for a column that is gone.
    """
    plan = _plan(config)
    values: dict[str, Any] = dict(plan.constants)
    problems: list[Problem] = []
    for step in _steps(plan, tuple(row)):
        if isinstance(step, Problem):
            problems.append(step)
            continue
        word = row.get(step.column, _ABSENT)
        if word is _ABSENT and (word := _nested(row, step.path)) is _ABSENT:
            problems.append(_missing(step, tuple(row)))
            continue
        if step.codes is not None:
            word = _translated(step, word, problems)
        elif isinstance(word, str) and step.default is not None and not word.strip():
            word = None
        values[step.field] = step.default if word is None else word
    return Words(values=values, raw=row, problems=tuple(problems))


def received_on(words: Words, config: SourceConfig, city: City) -> date | None:
    """The local day on which a row's case was received; None where that cannot be read."""
    word = words.values.get("received_at")
    try:
        instant = _received(config, city)(word) if word not in (None, "") else None
    except BadValue:
        return None
    return local_day(instant, city.tz) if isinstance(instant, datetime) else None


def events(
    words: Words, config: SourceConfig, city: City, names: Iterable[str]
) -> Iterator[datetime]:
    """The times of these fields that can be read, whether the row as a whole is good or not."""
    found = _readers(config, city)
    for name in names:
        word = words.values.get(name)
        if word in (None, "") or name not in found:
            continue
        try:
            instant = found[name](word)
        except BadValue:
            continue
        if isinstance(instant, datetime):
            yield instant


@per_identity
def _readers(config: SourceConfig, city: City) -> Mapping[str, Reader]:
    return readers("case" if config.record == "mixed" else config.record, config, city)


@per_identity
def _received(config: SourceConfig, city: City) -> Reader:
    return readers("case", config, city)["received_at"]


@per_identity
def _plan(config: SourceConfig) -> _Plan:
    maps = config.fields.items()
    return _Plan(
        constants={name: one.default for name, one in maps if one.column is None and one.default},
        steps=tuple(_step(name, one) for name, one in maps if one.column is not None),
    )


@lru_cache(maxsize=256)
def _steps(plan: _Plan, columns: tuple[Any, ...]) -> tuple[_Step | Problem, ...]:
    """The plan for rows with these columns: what they lack is said once, not row by row."""
    return tuple(
        step if step.path or step.column in columns else _missing(step, columns)
        for step in plan.steps
    )


def _step(field: str, one: FieldMap) -> _Step:
    column = one.column or ""
    path = tuple(column.split(".")) if "." in column else ()
    codes = {_folded(word): code for word, code in one.codes.items()} if one.codes else None
    return _Step(field=field, column=column, path=path, default=one.default, codes=codes)


def _folded(word: str) -> str:
    return word.strip().casefold()


def _nested(row: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    """What lies at a dotted column of a row of JSON, or _ABSENT."""
    if not path:
        return _ABSENT
    found: Any = row
    for part in path:
        if not isinstance(found, Mapping) or part not in found:
            return _ABSENT
        found = found[part]
    return found


def _translated(step: _Step, word: Any, problems: list[Problem]) -> str | None:
    """The code for a word; None for a blank one and for a word that is noted as unknown."""
    codes = step.codes or {}
    if type(word) is str and word in codes:
        return codes[word]
    try:
        text = as_text(word).strip() if word is not None else ""
    except BadValue as bad:
        problems.append(Problem(field=step.field, reason=bad.reason, detail=bad.detail))
        return None
    folded = text.casefold()
    if folded in codes or not folded:
        return codes.get(folded)
    near = nearest(text, tuple(codes))
    detail = f'{shown(text)} of column "{step.column}" is not in the code table{near}'
    problems.append(Problem(field=step.field, reason="unknown_code", detail=detail))
    return None


def _missing(step: _Step, columns: tuple[Any, ...]) -> Problem:
    names = [str(name) for name in columns]
    listed = ", ".join(name[:40] for name in names[:40]) + (" …" if len(names) > 40 else "")
    near = nearest(step.column, tuple(names))
    detail = f'column "{step.column}" of {step.field} is missing{near}; the row has: {listed}'
    return Problem(field=step.field, reason="missing_column", detail=detail)

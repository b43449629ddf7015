"""Which column of a stranger's table is which field of ours: by names, and by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from centre.domain.fields import TIME_FIELDS
from centre.domain.places import City
from datasources.kit import codes
from datasources.kit.codes import Meant
from datasources.kit.times import Times, times
from datasources.sampling import Drafted

_LEAST = 0.62  # a name that is less like it is not taken for it
_SIGNS = re.compile(r"[\W_]+")
_DEGREES = {"lon": (-180.0, 180.0), "lat": (-90.0, 90.0)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A field and its column. `times`: of a time; `meant`: of a field with codes."""

    field: str
    column: str
    score: float
    times: Times | None = None
    meant: tuple[Meant, ...] = ()

    @property
    def open(self) -> tuple[Meant, ...]:
        """Words that a person has to decide."""
        return tuple(one for one in self.meant if not one.is_sure)


@dataclass(frozen=True, eq=False, kw_only=True)
class _Column:
    """A column of the sample. `said`: its words that are not blank."""

    name: str
    words: Sequence[Any]
    said: Sequence[Any]
    times: Times | None
    is_key: bool  # by the system's own word


def guess(drafted: Drafted, city: City, record: str = "case") -> tuple[Guess, ...]:
    """At most one column a field and one field a column, the surest first."""
    columns = {name: _column(name, drafted, city) for name in drafted.columns}
    names: Mapping[str, Sequence[str]] = codes.table()[record]
    scored = sorted(
        (
            (_score(field, likeness(one.name, known), one, city), field, one.name)
            for field, known in names.items()
            for one in columns.values()
        ),
        reverse=True,
    )
    taken: dict[str, Guess] = {}
    for score, field, name in scored:
        used = {one.column for one in taken.values()}
        if score >= _LEAST and field not in taken and name not in used:
            taken[field] = _guess(field, columns[name], score, city)
    return tuple(taken[field] for field in names if field in taken)


def _column(name: str, drafted: Drafted, city: City) -> _Column:
    words = [row.get(name) for row in drafted.rows]
    return _Column(
        name=name,
        words=words,
        said=[word for word in words if word not in (None, "")],
        times=times(words, city.tz),
        is_key=name == drafted.key,
    )


def _guess(field: str, column: _Column, score: float, city: City) -> Guess:
    return Guess(
        field=field,
        column=column.name,
        score=score,
        times=column.times if field in TIME_FIELDS else None,
        meant=codes.meant(field, column.words, city) if _is_coded(field) else (),
    )


def likeness(name: str, known: Sequence[str]) -> float:
    """How much a column's name is like those that are known, 0 to 1; earlier ones are surer."""
    plain = [_SIGNS.sub("", one).casefold() for one in (name, *known)]
    alike = (_alike(plain[0], one) - 0.005 * at for at, one in enumerate(plain[1:]))
    return max(alike, default=0.0)


def _alike(name: str, known: str) -> float:
    if name == known:
        return 1.0
    is_word = len(known) >= 4 or not known.isascii()
    if is_word and (name.endswith(known) or name.startswith(known)):
        return 0.75 + 0.2 * len(known) / len(name)
    return 0.9 * SequenceMatcher(None, name, known).ratio() if is_word else 0.0


def _score(field: str, likely: float, column: _Column, city: City) -> float:
    """By the name, and 0 where what stands in the column speaks against it."""
    if not _can_be(field, column):
        return 0.0
    if field == "key" and column.is_key:
        return max(likely, 0.8)  # a number that people know wins over one the database counts
    return max(likely, 0.9 * _resolved(column.said, city)) if field == "unit" else likely


def _can_be(field: str, column: _Column) -> bool:
    said, words = column.said, column.words
    if field in TIME_FIELDS:
        is_version = field == "source_version" and _are_numbers(said)
        return column.times is not None or is_version or not said
    if column.times is not None and column.times.format != "epoch":
        return False
    if field == "key":
        return len(said) == len(words) == len({str(word) for word in said})
    if field in _DEGREES:
        return _are_numbers(said, *_DEGREES[field])
    is_free = len(codes.counted(words)) > len(said) / 2 > 5  # a word of its own in almost each row
    return not (_is_coded(field) and is_free)


def _resolved(said: Sequence[Any], city: City) -> float:
    """The share of words that are units of the city."""
    texts = [str(word) for word in said]
    known = sum(1 for text in texts if text.strip() and city.resolve(text) is not None)
    return known / len(texts) if texts else 0.0


def _are_numbers(said: Sequence[Any], least: float = 0, most: float = float("inf")) -> bool:
    try:
        numbers = [float(word) for word in said]
    except (TypeError, ValueError):
        return False
    return bool(numbers) and sum(least <= one <= most for one in numbers) >= 0.9 * len(numbers)


def _is_coded(field: str) -> bool:
    return field in (*codes.CODED, *codes.BOOLEANS, "unit")

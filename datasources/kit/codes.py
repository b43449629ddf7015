"""Which of our codes a source's words may mean: sure, near, or nobody knows."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

from centre.domain.places import City
from centre.domain.values import as_text
from centre.domain.words import BadValue

CODED = ("channel", "category", "nature", "applicant", "handler", "dissatisfied_reason")
BOOLEANS = ("contacted", "resolved", "satisfied")
_NEAR = 0.5  # of the letters are the same, or one is part of the other
_MOST_WORDS = 80  # a column of more words is no code


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """A word of the source. `code` None: nobody knows; `is_sure` False: the nearest one."""

    word: str
    count: int
    code: str | None
    is_sure: bool = True


@cache
def table() -> Mapping[str, Any]:
    """names.toml."""
    return tomllib.loads(Path(__file__).with_name("names.toml").read_text("utf-8"))


def counted(words: Sequence[Any]) -> Counter[str]:
    """Words of a column that are not blank, most frequent first."""
    return Counter(text for text in map(_text, words) if text)


def meant(field: str, words: Sequence[Any], city: City) -> tuple[Meant, ...]:
    """Each word with its code; () where the field has no codes or the column too many words."""
    found = counted(words)
    known = spellings(field, city)
    if not known or not found or len(found) > _MOST_WORDS:
        return ()
    return tuple(_meant(word, count, known) for word, count in found.most_common())


def spellings(field: str, city: City) -> dict[str, str]:
    """Every spelling that we know of a field's codes, folded."""
    if field == "unit":
        return {
            text.casefold(): unit.code
            for unit in city.units
            for text in (*unit.former_codes, unit.name.en, unit.name.zh, unit.code)
        }
    if field in BOOLEANS:
        return {**table()["words"]["yes_no"], "true": "true", "false": "false"}
    codes = dict(city.codes.get(field, {}))
    usual = table()["words"].get(field, {})
    known = {word: code for word, code in usual.items() if not codes or code in codes}
    for code, name in codes.items():
        known |= {text.casefold(): code for text in (name.en, name.zh, code)}
    if field == "handler":
        known |= {unit.name.zh.casefold(): unit.code for unit in city.units}
    return known


def nearest(word: str, known: Mapping[str, str]) -> str | None:
    """The code whose spelling is most like a word; None when none is."""
    folded = word.casefold()
    best = max(known, key=lambda one: _likeness(folded, one), default=None)
    return known[best] if best is not None and _likeness(folded, best) >= _NEAR else None


def _meant(word: str, count: int, known: Mapping[str, str]) -> Meant:
    sure = known.get(word.casefold())
    if sure is not None:
        return Meant(word=word, count=count, code=sure)
    return Meant(word=word, count=count, code=nearest(word, known), is_sure=False)


def _likeness(word: str, known: str) -> float:
    if len(word) > 1 and len(known) > 1 and (word in known or known in word):
        return 0.6 + 0.4 * min(len(word), len(known)) / max(len(word), len(known))
    return SequenceMatcher(None, word, known).ratio()


def _text(word: Any) -> str:
    try:
        return as_text(word).strip() if word is not None else ""
    except BadValue:
        return ""

"""Figure ids: the short code under every number, typed by people who read it from a wall.

    3k7-x4m9qt      before the dash: the seq of the snapshot; after it: which question was asked

The question part is the same at every moment, so a code resolves without a table: the seq names
the moment, and only one of a city's questions has that digest. Letters are Crockford's: no i, l, o
or u, so what is read as O or l is still found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b

import orjson

from centre.snapshots.cells import Address

_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_DIGEST_LETTERS = 6  # 30 bits: 1 in 700 that two of a city's 1,700 questions collide
_MISREAD = str.maketrans("oil", "011")


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureCode:
    """A figure id taken apart: the moment, and the digest of the question."""

    seq: int
    digest: str

    def __str__(self) -> str:
        """The id as it is written, however it was typed."""
        return f"{_base32(self.seq)}-{self.digest}"


class BadFigure(ValueError):
    """A text that is no figure id; says what one looks like."""


def figure_id(query: Mapping[str, object], version: int, seq: int) -> str:
    """Name a number: the canonical query, the metric's version and the seq at which it stood."""
    return f"{_base32(seq)}-{digest(query, version)}"


def digest(query: Mapping[str, object], version: int) -> str:
    """The question part of a figure id; the order of the query's keys does not matter."""
    canonical = orjson.dumps([query, version], option=orjson.OPT_SORT_KEYS)
    bits = int.from_bytes(blake2b(canonical, digest_size=4).digest(), "big") >> 2
    return _base32(bits).rjust(_DIGEST_LETTERS, "0")


def cell_query(address: Address) -> dict[str, object]:
    """The canonical query of a cell of the snapshot."""
    return {"metric": address.metric, "unit": address.unit, "window": address.window}


def figure_code(text: str) -> FigureCode:
    """Read a figure id as people type it: any case, spaces around, o for 0, i or l for 1."""
    moment, dash, question = text.strip().lower().translate(_MISREAD).partition("-")
    letters = moment + question
    if not (dash and 1 <= len(moment) <= 12 and len(question) == _DIGEST_LETTERS) or any(
        letter not in _LETTERS for letter in letters
    ):
        raise BadFigure(f'"{text[:40]}" is no figure id; one looks like 3k7-x4m9qt')
    return FigureCode(seq=sum(_worth(moment)), digest=question)


def _worth(text: str) -> list[int]:
    return [_LETTERS.index(letter) << 5 * place for place, letter in enumerate(reversed(text))]


def _base32(number: int) -> str:
    text = ""
    while number or not text:
        number, letter = number >> 5, _LETTERS[number & 31]
        text = letter + text
    return text

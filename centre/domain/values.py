"""Words of a source -> text, numbers, yes and no; None for a blank, BadValue for a bad one."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from centre.domain.masking import mask
from centre.domain.words import BadValue

Reader = Callable[..., Any]

_SHOWN = 60  # characters of a bad word in a message: enough to find it, too few to flood a page

# Controls, lone surrogates, byte order marks and the marks that turn the direction of text.
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u202a-\u202e\u2066-\u2069]"
)
_BREAK = re.compile("[\t\n\r]+")

_BOOLEANS = {
    **dict.fromkeys(("true", "1", "yes", "y", "t", "是"), True),
    **dict.fromkeys(("false", "0", "no", "n", "f", "否"), False),
}


def shown(word: object) -> str:
    """A word as messages quote it: clean, masked, short."""
    try:
        text = mask(clean(str(word)))
    except ValueError:  # str() of an integer of more than 4,300 digits
        text = "a number of thousands of digits"
    return f'"{text[:_SHOWN]}{"…" if len(text) > _SHOWN else ""}"'


def clean(text: str) -> str:
    """Text without control characters; line breaks and tabs become a space."""
    if text.isprintable():
        return text
    return _CONTROL.sub("", _BREAK.sub(" ", text))


def as_text(word: object) -> str:
    """A word as text; 12.0 is "12", because spreadsheets know no whole numbers."""
    match word:
        case str():
            return clean(word)
        case bool():
            return "true" if word else "false"
        case float() if not math.isfinite(word):
            raise BadValue("not_a_number", f"{word} is not a number")
        case float() if word.is_integer() and abs(word) < 2**53:  # beyond, floats skip integers
            return str(int(word))
        case int() if abs(word) >= 10**40:
            raise BadValue("too_long", f"{shown(word)} is too long for a number")
        case int() | float() | Decimal():
            return str(word)
        case datetime() | date():
            return word.isoformat()
    raise BadValue("not_text", f"{shown(type(word).__name__)} where a word was expected")


def text_reader(limit: int, *, masked: bool = True) -> Reader:
    """A reader of text of at most `limit` characters; free text has its numbers masked."""

    def read(word: object) -> str | None:
        if type(word) is not str or not word.isprintable():
            word = as_text(word)
        text = word.strip()
        if len(text) > limit:
            raise BadValue("too_long", f"{shown(text)} has {len(text)} characters, at most {limit}")
        return (mask(text) if masked else text) or None

    return read


def vocabulary_reader(known: Iterable[str]) -> Reader:
    """A reader of one word out of a closed list."""
    words = {word: word for word in known}

    def read(word: object) -> str | None:
        if type(word) is str and word in words:
            return word
        text = as_text(word).strip()
        if not text:
            return None
        if text not in words:
            near = nearest(text, tuple(words))
            raise BadValue("unknown_word", f"{shown(text)} is not one of ours{near}")
        return text

    return read


@lru_cache(maxsize=4096)  # a renamed unit comes thousands of times, and difflib is slow
def nearest(text: str, known: tuple[str, ...]) -> str:
    """`; nearest: x`, or nothing when nothing is near."""
    folded = {word.casefold(): word for word in known}
    found = difflib.get_close_matches(text[:64].casefold(), folded, n=1)
    return f"; nearest: {folded[found[0]]}" if found else ""


def read_boolean(word: object) -> bool | None:
    """Yes or no in the spellings that sources use."""
    if isinstance(word, bool):
        return word
    text = as_text(word).strip().casefold()
    if not text:
        return None
    if text not in _BOOLEANS:
        raise BadValue("not_a_boolean", f"{shown(word)} is neither yes nor no")
    return _BOOLEANS[text]


def read_number(word: object) -> float | None:
    """A finite number; NaN, infinity and 1e309 are none."""
    if type(word) is not float:
        text = as_text(word).strip()
        if not text:
            return None
        try:
            word = float(text)
        except ValueError as error:
            raise BadValue("not_a_number", f"{shown(text)} is not a number") from error
    if not math.isfinite(word):
        raise BadValue("not_a_number", f"{word} is not a number")
    return word


def read_count(word: object) -> int | None:
    """A whole number from 0 to a million."""
    number = read_number(word)
    if number is None:
        return None
    if not number.is_integer():
        raise BadValue("not_a_number", f"{shown(word)} is not a whole number")
    if not 0 <= number <= 1_000_000:  # no case is returned more often; the column has 32 bits
        raise BadValue("out_of_range", f"{shown(word)} is not between 0 and 1,000,000")
    return int(number)


_URL = re.compile(r"https?://[^\s\"'<>\\]+\Z", re.IGNORECASE)


def read_url(word: object) -> str | None:
    """A web address; other schemes (javascript:) would be run by who clicks them."""
    text = as_text(word).strip()
    if not text:
        return None
    if len(text) > 2000:  # what browsers agree on
        raise BadValue("too_long", f"{shown(text)} has {len(text)} characters, at most 2000")
    if not _URL.match(text):
        raise BadValue("bad_url", f"{shown(text)} does not begin with http:// or https://")
    return text

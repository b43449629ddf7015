"""Telephone and identity numbers and e-mail addresses, made unreadable before anything is stored.

    138****5678 · 028-****1234 · 510***********1234 · z***@example.cn

Identity numbers of 18 digits must have a right check digit, so that case numbers survive; those of
15 (before 1999) a province and a birthday. What identifies the row itself (its key and version) is
left alone in the kept row, or it could not be replayed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from centre.domain.memo import per_identity
from centre.domain.sources import SourceConfig

# Full-width digits are one character each, so a match in the folded text fits the original.
_FOLD = str.maketrans("０１２３４５６７８９＋－（）＠．Ｘｘ\u3000\xa0", "0123456789+-()@.Xx  ")

_SEP = r"[ \-\u2010-\u2015·]{0,2}"
# 138…, in the groupings that people write, or every digit apart.
_MOBILE = (
    r"(?:(?:\+|00)?86" + _SEP + r")?"
    r"(?P<mobile>1[3-9](?:\d{9}"
    rf"|\d{_SEP}\d{{4}}{_SEP}\d{{4}}|\d{_SEP}\d{{3}}{_SEP}\d{{5}}|\d\d{_SEP}\d{{3}}{_SEP}\d{{4}}"
    rf"|\d\d{_SEP}\d{{4}}{_SEP}\d{{3}}|\d{{3}}{_SEP}\d{{3}}{_SEP}\d{{3}})"
    r"|1[ \-][3-9](?:[ \-]\d){9})"
)
_AREA = r"0[12]\d|0[3-9]\d\d"
_LANDLINE = (
    rf"(?:(?:\+|00)?86{_SEP})?(?:\((?P<bracketed>{_AREA})\)|(?P<area>{_AREA}))"
    rf"{_SEP}(?P<local>[2-9]\d{{6,7}}|[2-9]\d{{2,3}}{_SEP}\d{{4}})"
)
_BORN = r"[01]\d[0-3]\d"
_IDENTITY = (
    rf"(?P<identity>[1-8]\d{{5}}{_SEP}(?:18|19|20)\d\d{_SEP}{_BORN}{_SEP}\d{{3}}[\dXx]"
    rf"|[1-8]\d{{7}}{_BORN}\d{{3}})"
)
_HOST = r"[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}"
_EMAIL = rf"(?P<mail>[A-Za-z0-9][A-Za-z0-9._%+\-]{{0,63}})@(?P<host>{_HOST})"

_NUMBER = re.compile(rf"(?<!\d)(?<!\d\.)(?:{_IDENTITY}|{_MOBILE}|{_LANDLINE})(?![\dXx])")
_ADDRESS = re.compile(_EMAIL)
# Eleven digits nearly together, which times and coordinates have not: nine of ten texts stop here.
_SUSPECT = re.compile(r"(?<!\d)(?<!\d\.)\d(?:[ \-()（）－·\u2010-\u2015\u3000\xa0]{0,3}\d){10}")

_SHORTEST = 11  # digits of a mobile; of a landline with its area code too


def mask(text: str) -> str:
    """The text with numbers of persons made unreadable; what is around them stays as written."""
    if "@" in text or "＠" in text:
        text = _replace(_ADDRESS, text, _hide_address)
    if len(text) < _SHORTEST or not _SUSPECT.search(text):
        return text
    return _replace(_NUMBER, text, _hide_number)


def masked(raw: Mapping[str, Any], config: SourceConfig | None = None) -> dict[str, Any]:
    """A source's row as it may be kept: masked, and fit for JSON on every database.

    Columns of `config` that identify the row stay readable. NaN, infinity and times become text.
    """
    keep = _identifying(config) if config is not None else frozenset[str]()
    return {
        str(name): word if _is_harmless(word) else _kept(word, str(name), keep, 0)
        for name, word in raw.items()
    }


def _is_harmless(word: Any) -> bool:
    """Most words: nothing, or short and of letters and digits alone; no address or NUL is in it."""
    return word is None or (type(word) is str and len(word) < _SHORTEST and word.isalnum())


_IDENTIFYING = frozenset(("key", "linked_key", "source_version", "url", "value"))
# Times and coordinates need no exception: they never look like the numbers of persons.


@per_identity
def _identifying(config: SourceConfig) -> frozenset[str]:
    maps = ((name, one.column) for name, one in config.fields.items())
    return frozenset(column for name, column in maps if column and name in _IDENTIFYING)


_DEEPEST = 20  # levels of a row; rows of sources have two or three


def _kept(word: Any, path: str, keep: frozenset[str], depth: int) -> Any:
    if type(word) is str:
        return _storable(word if path in keep else mask(word))
    if word is None or isinstance(word, bool):
        return word
    if isinstance(word, int | float):
        return word if path in keep and _is_plain(word) else _number(word)
    return _kept_whole(word, path, keep, depth + 1)


def _kept_whole(word: Any, path: str, keep: frozenset[str], depth: int) -> Any:
    """What is neither text nor number: lists and objects of JSON, times of spreadsheets."""
    match word:
        case Mapping() | list() | tuple() if depth > _DEEPEST:
            return "…"
        case Mapping():
            inner = ((str(name), one) for name, one in word.items())
            return {name: _kept(one, f"{path}.{name}", keep, depth) for name, one in inner}
        case list() | tuple():
            return [_kept(one, path, keep, depth) for one in word]
        case datetime() | date():
            return word.isoformat()
    return _storable(mask(str(word)))


def _is_plain(number: float) -> bool:
    """Say whether JSON and both databases can hold it."""
    return math.isfinite(number) if isinstance(number, float) else abs(number) < 2**63


def _number(number: float) -> Any:
    """A number, as text when it cannot be kept as one or is a telephone number."""
    if not _is_plain(number):
        small = abs(number) < 10**40 or isinstance(number, float)  # str() of huge ones raises
        return str(number) if small else "a number of more than 40 digits"
    if abs(number) < 1e9:  # too few digits for a telephone
        return number
    plain = str(int(number)) if float(number).is_integer() else str(number)
    hidden = mask(plain)
    return number if hidden == plain else hidden


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL refuses NUL, UTF-8 lone surrogates


def _storable(text: str) -> str:
    return text if text.isprintable() else _UNSTORABLE.sub("\ufffd", text)


def _replace(pattern: re.Pattern[str], text: str, hide: Callable[[re.Match[str]], str]) -> str:
    """Replace what the pattern finds in the folded text, leaving the rest as it was written."""
    parts, done = [], 0
    for match in pattern.finditer(text if text.isascii() else text.translate(_FOLD)):
        parts += [text[done : match.start()], hide(match)]
        done = match.end()
    return "".join([*parts, text[done:]]) if done else text


def _hide_address(match: re.Match[str]) -> str:
    return f"{match['mail'][0]}***@{match['host']}"


def _hide_number(match: re.Match[str]) -> str:
    found: str = match[0]
    digits = re.sub(r"[^\dXx]", "", match["identity"] or match["mobile"] or match["local"])
    if match["identity"]:
        return (
            f"{digits[:3]}{'*' * (len(digits) - 7)}{digits[-4:]}" if _is_identity(digits) else found
        )
    if match["mobile"]:
        return f"{digits[:3]}****{digits[-4:]}"
    return f"{match['area'] or match['bracketed']}-****{digits[-4:]}"


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999


def _is_identity(digits: str) -> bool:
    """Check the birthday, and for 18 digits the check digit of GB 11643."""
    born = digits[6:14] if len(digits) == 18 else f"19{digits[6:12]}"
    try:
        date(int(born[:4]), int(born[4:6]), int(born[6:]))
    except ValueError:
        return False
    if len(digits) == 15:
        return True
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    return digits[17].upper() == "10X98765432"[total % 11]

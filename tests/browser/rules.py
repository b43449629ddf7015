"""By which rule a number needs no mark, and whether a reason given for one can be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from string import Formatter

from centre.metrics.registry import METRICS
from components.text import LANGS, texts
from tests.browser.seen import Seen

_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_DATES = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?|\d{1,2}:\d{2}(?::\d{2})?"
    r"|(?:\d{4}年)?\d{1,2}月\d{1,2}日|\d{1,2} (?:" + _MONTHS + r")\b(?: \d{4})?"
)
_TIME = re.compile(
    r"[:年月日天时分秒周]|工作日|\b(?:\d+ ?(?:d|h|s|min)|days?|hours?|minutes?|seconds?|"
    + _MONTHS
    + r")\b"
)
_COUNT = re.compile(r"(?<![\d.])\d{1,3}(?:,\d{3})*(?!\d|\.\d)|(?<![\d.])\d+(?!\d|\.\d)")
_CODE = re.compile(r"\b[0-9a-z]+-[0-9a-z]{8}\b")
_NUMBER = re.compile(r"\d[\d.,]*\d|\d")
REASONS = frozenset({"date", "code", "axis", "list", "id", "text"})


def unmarked(seen: Seen, names: Iterable[str]) -> list[str]:
    """Numbers that no mark, no name, no word of the locales and no date or time accounts for."""
    known = sorted({*_words(), *names}, key=len, reverse=True)
    left = [(one["where"], _without(one["text"], known)) for one in seen.bare]
    return [f'no figure and no reason: "{text}" in {where}' for where, text in left if text]


def bad_reasons(seen: Seen) -> list[str]:
    """Marks that cannot be right: unknown reasons, counts with decimals, times without a word."""
    return [
        f'"{one["text"][:60]}" is no {one["reason"]}, in {one["where"]}'
        for one in seen.plain
        if one["reason"] not in REASONS or not _CAN_BE.get(one["reason"], _any)(one)
    ] + [f'more than one mark in "{one["text"]}"' for one in seen.figures if one["nested"]]


def undrawn(seen: Seen) -> list[str]:
    """Drawings without a table, or without the words that take its place."""
    found = []
    for one in seen.drawings:
        numbers = re.findall(r"\d[\d.,]*", one["label"]) if one["twin"] == "words" else []
        if not one["twin"] or any(number not in one["around"] for number in numbers):
            found.append(f'no table beside the drawing {one["where"]}: "{one["label"][:40]}"')
    return found


def says_numbers(label: str) -> bool:
    """Whether the words of a drawing have numbers of their own."""
    return bool(_without(label, sorted(_words(), key=len, reverse=True)))


def untold(seen: Seen, tables: dict[str, str]) -> list[str]:
    """Numbers in drawings that are neither ticks nor in the drawing's table (href -> its text)."""
    found = []
    for one in seen.drawn:
        numbers = [] if one["tick"] else _NUMBER.findall(_DATES.sub("", one["text"]))
        shown = set(_NUMBER.findall(tables.get(one["twin"], "")))
        found += [
            f"{number} of a drawing is not in {one['twin']}"
            for number in numbers
            if number not in shown
        ]
    return found


def untitled(
    seen: Seen, tables: dict[str, str], names: Iterable[str], told: Callable[[str], Iterable[str]]
) -> list[str]:
    """Numbers of titles and labels that stand neither beside them, nor in their table.

    `told`: what else the interface says of a figure, its coverage.
    """
    known = sorted({*_words(), *names}, key=len, reverse=True)
    marked = " ".join(one["text"] for one in (*seen.figures, *seen.plain))
    found = []
    for one in seen.spoken:
        shown = set(_NUMBER.findall(" ".join((one["near"], marked, tables.get(one["twin"], "")))))
        shown.update(number for id_ in one["id"].split() for number in told(id_))
        words = _without(_CODE.sub(" ", one["text"]), known)
        lacking = [number for number in _NUMBER.findall(words) if number not in shown]
        found += [
            f'{number} of "{one["text"][:80]}" stands nowhere: {one["where"]}' for number in lacking
        ]
    return found


def _any(_one: object) -> bool:
    return True


def _is_count(one: dict[str, str]) -> bool:
    rest = _COUNT.sub("", _without(one["text"], sorted(_words(), key=len, reverse=True), keep=True))
    return not re.search(r"\d", rest)


_CAN_BE = {
    "date": lambda one: bool(_TIME.search(one["text"]) or _DATES.search(one["text"])),
    "list": _is_count,
    "axis": lambda one: one["scaled"],
}


def _without(text: str, known: Iterable[str], *, keep: bool = False) -> str:
    """The text without dates and known words; "" when no digit is left."""
    rest = _DATES.sub(" ", text)
    for one in known:
        rest = rest.replace(one, " ")
    return rest if keep or re.search(r"\d", rest) else ""


@cache
def _words() -> frozenset[str]:
    """The words of the locales that have digits of their own, and the names of metrics."""
    found = {
        _DATES.sub(" ", literal).strip()
        for lang in LANGS
        for key, text in texts(lang).items()
        if not key.startswith("scale.")  # the 0 of "{number}0 k" belongs to a number
        for literal, *_ in Formatter().parse(text)
    }
    found |= {one.name.of(lang) for one in METRICS.values() for lang in LANGS}
    return frozenset(one for one in found if re.search(r"\d", one) and re.search(r"[^\W\d_]", one))

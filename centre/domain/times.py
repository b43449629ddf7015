"""Words of a source -> instants in UTC; where a zone is missing, nothing is guessed.

A local time that comes twice (the night the clocks go back) is read as the first of the two, and
one that never came (the night they go forward) is bad.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from centre.domain.values import as_text, read_number, shown
from centre.domain.words import BadValue


class TimeReader(Protocol):
    """Reads one word; `fold` 1 takes the second of two equal local times."""

    def __call__(self, word: Any, fold: int = 0) -> datetime | None: ...


def time_reader(format_: str | None, zone: ZoneInfo | None) -> TimeReader:
    """A reader for "iso" (also None), "epoch", or a strptime pattern."""
    if format_ == "epoch":
        return _read_epoch
    parse = datetime.fromisoformat if format_ in (None, "iso") else compile_format(format_)

    def read(word: Any, fold: int = 0) -> datetime | None:
        local = _local(word, parse, format_ or "iso")
        return None if local is None else _to_utc(local, zone, fold, word)

    return read


def microseconds(instant: datetime) -> int:
    """Whole microseconds since 1970; exact, unlike timestamp()."""
    age = instant - _EPOCH
    return (age.days * 86_400 + age.seconds) * 1_000_000 + age.microseconds


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _local(word: Any, parse: Callable[[str], datetime], format_: str) -> datetime | None:
    """What the word says, naive or aware."""
    if type(word) is not str:
        if isinstance(word, datetime):
            return word
        if isinstance(word, date):
            return datetime.combine(word, time())
        word = as_text(word)
    text = word.strip()
    if not text:
        return None
    try:
        return parse(text)
    except (ValueError, OverflowError) as error:
        raise BadValue("bad_time", f'{shown(text)} is not a time like "{format_}"') from error


def _to_utc(local: datetime, zone: ZoneInfo | None, fold: int, word: object) -> datetime:
    try:
        if local.tzinfo is not None:
            return local if local.tzinfo is UTC else local.astimezone(UTC)
        if zone is None:
            raise BadValue(
                "no_zone", f"{shown(word)} has no time zone and the source declares none"
            )
        offset = _steady_offset(local.toordinal(), zone)
        if offset is not None:
            return (local - offset).replace(tzinfo=UTC)
        return _on_a_day_of_change(local.replace(tzinfo=zone, fold=fold), word)
    except OverflowError as error:
        raise BadValue("bad_time", f"{shown(word)} is beyond the years 1 to 9999") from error


@lru_cache(maxsize=50_000)
def _steady_offset(day: int, zone: ZoneInfo) -> timedelta | None:
    """The offset of a local day on which the clocks do not change, else None."""
    start = datetime.combine(date.fromordinal(day), time(), zone)
    if start.year in (1, 9999):  # no room to look at the neighbours
        return None
    offsets = {
        moment.replace(fold=fold).utcoffset()
        for moment in (start, start + timedelta(days=1))
        for fold in (0, 1)
    }
    return offsets.pop() if len(offsets) == 1 else None


def _on_a_day_of_change(local: datetime, word: object) -> datetime:
    instant = local.astimezone(UTC)
    if instant.astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
        zone = local.tzinfo
        raise BadValue("nonexistent_time", f"{shown(word)} does not exist in {zone}: clocks change")
    return instant


def _read_epoch(word: Any, fold: int = 0) -> datetime | None:
    """Seconds since 1970, or milliseconds where seconds would lie beyond the year 5000."""
    number = read_number(word)
    if number is None:
        return None
    seconds = number / 1000 if abs(number) > 1e11 else number  # 1e11 s = the year 5138
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError as error:
        raise BadValue("bad_time", f"{shown(word)} is not a time like 1569888000") from error


_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
_DIRECTIVES = {
    "Y": r"(\d{4})",
    "y": r"(\d{2})",
    "m": r"(\d{1,2})",
    "d": r"(\d{1,2})",
    "H": r"(\d{1,2})",
    "I": r"(\d{1,2})",
    "M": r"(\d{1,2})",
    "S": r"(\d{1,2})",
    "f": r"(\d{1,6})",
    "p": r"([AaPp][Mm]|上午|下午)",
    "b": r"([A-Za-z]{3})",
    "z": r"([+-]\d{2}:?\d{2}|Z)",
    # Other abbreviations are not unique (CST is Chicago's and China's), so they are bad.
    "Z": r"(UTC|GMT|Z)",
}


@lru_cache(maxsize=256)
def compile_format(format_: str) -> Callable[[str], datetime]:
    """A strptime pattern as a function, four times as fast and deaf to the host's locale and zone.

    `strptime` itself reads "%Z" by the host's own zone and then drops it. Raises ValueError for a
    directive other than %Y %y %m %d %H %I %M %S %f %p %b %z %Z %%.
    """
    letters: list[str] = []
    pattern = re.compile("".join(_regex(token, letters, format_) for token in _tokens(format_)))
    if not {"m", "b"} & set(letters) or "d" not in letters or not {"Y", "y"} & set(letters):
        raise ValueError(f'"{format_}" names no year, month and day')

    def parse(text: str) -> datetime:
        match = pattern.fullmatch(text)
        if match is None:
            raise ValueError(text)
        return _assemble(dict(zip(letters, match.groups(), strict=True)))

    return parse


def _tokens(format_: str) -> list[str]:
    return re.findall(r"%.?|\s+|[^%\s]+", format_)


def _regex(token: str, letters: list[str], format_: str) -> str:
    if token.isspace():
        return r"\s+"
    if not token.startswith("%"):
        return re.escape(token)
    letter = token[1:]
    if letter == "%":
        return "%"
    if letter not in _DIRECTIVES:
        raise ValueError(
            f'"{format_}": {token} is not known; use {" ".join("%" + d for d in _DIRECTIVES)}'
        )
    letters.append(letter)
    return _DIRECTIVES[letter]


def _assemble(part: dict[str, str]) -> datetime:
    micro = part.get("f")
    return datetime(
        int(part["Y"]) if "Y" in part else _century(int(part["y"])),
        int(part["m"]) if "m" in part else _MONTHS.get(part["b"].lower(), 0),
        int(part["d"]),
        int(part["H"]) if "H" in part else _twelve(part),
        int(part.get("M", 0)),
        int(part.get("S", 0)),
        int(micro.ljust(6, "0")) if micro else 0,
        tzinfo=_offset(part),
    )


def _century(year: int) -> int:
    return year + (1900 if year >= 69 else 2000)  # POSIX, as strptime does


def _twelve(part: dict[str, str]) -> int:
    if "I" not in part:
        return 0
    hour = int(part["I"])
    if not 1 <= hour <= 12:
        raise ValueError(f"hour {hour} of 12")
    return hour % 12 + (12 if part.get("p", "AM").lower() in ("pm", "下午") else 0)


def _offset(part: dict[str, str]) -> timezone | None:
    if "Z" in part or part.get("z") == "Z":
        return UTC
    text = part.get("z")
    if text is None:
        return None
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))

"""Words, numbers, ages and dates of the screen, in Chinese and English.

`t("zh", "lead.surge", unit="郫都区")` reads components/locales/zh.toml; a key that is not there
raises, and a test keeps the two files complete. Missing numbers are "—", never 0.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

LANGS = ("zh", "en")
DASH = "—"

_LOCALES = Path(__file__).parent / "locales"


def lang_of(text: str | None) -> str:
    """The language that a URL or a browser asks for; Chinese unless it is English."""
    return "en" if (text or "").lower().startswith("en") else "zh"


@lru_cache
def texts(lang: str) -> Mapping[str, str]:
    """Every text of a language by its dotted key."""
    tree = tomllib.loads((_LOCALES / f"{lang}.toml").read_text(encoding="utf-8"))
    return dict(_flat(tree, ""))


def _flat(tree: Mapping[str, Any], prefix: str) -> Iterable[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)


def t(lang: str, key: str, **words: object) -> str:
    """The text of `key`, its {names} replaced; KeyError for a key or word that is not there."""
    text = texts(lang)[key]
    return text.format(**words) if words else text


def has(lang: str, key: str) -> bool:
    """Whether there is such a text: for codes that come from outside."""
    return key in texts(lang)


def join(lang: str, names: Iterable[str]) -> str:
    """Names one after the other: 甲、乙 or A, B."""
    return t(lang, "mark.list").join(names)


def number(lang: str, value: float | None, digits: int = 0) -> str:
    """5,483 or 3.20; "—" for None."""
    return DASH if value is None else f"{value:,.{digits}f}"


_SCALES = {
    "zh": ((1e8, "scale.hundred_million"), (1e4, "scale.ten_thousand")),
    "en": ((1e6, "scale.million"), (1e3, "scale.thousand")),
}


def compact(lang: str, value: float | None, digits: int = 1) -> str:
    """2.3 万, 1.2 亿; 23.5 k, 1.2 M. Small numbers as they are."""
    if value is None:
        return DASH
    for size, key in _SCALES[lang]:
        # 万 only from 一万 on; English thousands only where a full number no longer reads easily
        if abs(value) >= max(size, 1e4):
            return t(lang, key, number=number(lang, value / size, digits))
    return number(lang, value)


def percent(lang: str, fraction: float | None, digits: int = 2) -> str:
    """83.94 % of a fraction; "—" for None."""
    return DASH if fraction is None else f"{fraction * 100:.{digits}f} %"


def signed(value: float, digits: int = 0) -> str:
    """+5.2 or −3 with a real minus sign."""
    text = f"{abs(value):,.{digits}f}"
    return f"{'+' if value >= 0 else '−'}{text}"


def age(lang: str, seconds: float | None) -> str:
    """How long: 40 秒, 42 分, 2 时 47 分, 3 天 4 时; the two largest parts."""
    if seconds is None:
        return DASH
    whole = max(0, int(seconds))
    return _age(lang, whole if whole < 60 else whole // 60 * 60)


@lru_cache(maxsize=4096)  # exports say it of a hundred thousand cases
def _age(lang: str, whole: int) -> str:
    for size, below, key, rest in _AGES:
        if whole >= size:
            small = whole % size // below
            return (
                t(lang, rest, big=whole // size, small=small)
                if small
                else t(lang, key, number=whole // size)
            )
    return t(lang, "age.seconds", number=whole)


_AGES = (
    (86_400, 3_600, "age.days", "age.days_hours"),
    (3_600, 60, "age.hours", "age.hours_minutes"),
    (60, 60, "age.minutes", "age.minutes"),
)


def day(lang: str, value: date) -> str:
    """6月16日, 16 Jun."""
    return t(lang, "date.day", month=value.month, day=value.day, name=_month(lang, value))


def full_day(lang: str, value: date) -> str:
    """2026年6月16日, 16 Jun 2026."""
    return t(
        lang,
        "date.full",
        year=value.year,
        month=value.month,
        day=value.day,
        name=_month(lang, value),
    )


def weekday(lang: str, value: date) -> str:
    """星期二, Tuesday."""
    return t(lang, "date.weekdays").split(" ")[value.weekday()]


def short_weekday(lang: str, value: date) -> str:
    """周二, Tue."""
    return t(lang, "date.short_weekdays").split(" ")[value.weekday()]


def _month(lang: str, value: date) -> str:
    return t(lang, "date.months").split(" ")[value.month - 1]


def clock(instant: datetime, zone: ZoneInfo) -> str:
    """14:05 in the city's zone."""
    return instant.astimezone(zone).strftime("%H:%M")


def moment(lang: str, instant: datetime, zone: ZoneInfo, today: date | None = None) -> str:
    """14:05 of today, else with its day: 6月15日 14:05; of another year with the year."""
    local = instant.astimezone(zone)
    if today is None or local.date() == today:
        return f"{local:%H:%M}"
    same = local.year == today.year
    return f"{(day if same else full_day)(lang, local.date())} {local:%H:%M}"

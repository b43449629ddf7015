"""Words, numbers, ages and dates, in both languages."""

from __future__ import annotations

import re
import string
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from centre.domain.words import REASONS
from components.text import (
    LANGS,
    age,
    compact,
    day,
    full_day,
    join,
    lang_of,
    moment,
    number,
    percent,
    signed,
    t,
    texts,
    weekday,
)


def _words(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert set(texts("zh")) == set(texts("en"))


@pytest.mark.parametrize("lang", LANGS)
def test_every_reason_for_refusing_a_row_has_words_and_no_other(lang: str) -> None:
    told = {key.removeprefix("reject.") for key in texts(lang) if key.startswith("reject.")}
    assert told == set(REASONS)


def test_no_text_is_empty_but_bounds_that_say_nothing() -> None:
    allowed = {"bound.exact"}
    empty = {key for lang in LANGS for key, text in texts(lang).items() if not text.strip()}
    assert empty <= allowed


def test_chinese_uses_full_width_punctuation_between_chinese_letters() -> None:
    half_width = re.compile(r"[\u4e00-\u9fff][,:;()?!]|[,:;()?!][\u4e00-\u9fff]")
    wrong = {key: text for key, text in texts("zh").items() if half_width.search(text)}
    assert wrong == {}


def test_english_has_no_chinese_letters() -> None:
    chinese = re.compile(r"[\u4e00-\u9fff，。：；（）]")
    found = {key for key, text in texts("en").items() if chinese.search(text)}
    assert found <= {"nav.other_language"}  # a language is offered in its own words


def test_a_key_that_is_not_there_raises() -> None:
    with pytest.raises(KeyError):
        t("zh", "lead.nothing_like_it")


def test_a_word_that_is_not_given_raises() -> None:
    with pytest.raises(KeyError):
        t("zh", "lead.surge", other="郫都区")


@pytest.mark.parametrize(
    ("lang", "value", "expected"),
    [
        ("zh", 2732, "2,732"),
        ("zh", 23_000, "2.3 万"),
        ("zh", 120_000_000, "1.2 亿"),
        ("en", 2732, "2,732"),
        ("en", 23_500, "23.5 k"),
        ("en", 1_200_000, "1.2 M"),
        ("zh", None, "—"),
        ("en", None, "—"),
    ],
)
def test_large_numbers_are_written_as_the_language_counts(
    lang: str, value: float | None, expected: str
) -> None:
    assert compact(lang, value) == expected


def test_a_rate_has_two_digits_and_missing_is_a_dash_never_zero() -> None:
    assert percent("zh", 0.8394) == "83.94 %"
    assert percent("zh", None) == "—"
    assert number("zh", None) == "—"
    assert number("zh", 0) == "0"


def test_a_sign_is_a_real_minus() -> None:
    assert (signed(5.24, 1), signed(-3, 0)) == ("+5.2", "−3")


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (40, "40 秒", "40 s"),
        (2520, "42 分", "42 min"),
        (10_020, "2 时 47 分", "2 h 47 min"),
        (7200, "2 时", "2 h"),
        (273_600, "3 天 4 时", "3 d 4 h"),
        (None, "—", "—"),
        (-5, "0 秒", "0 s"),
    ],
)
def test_ages_name_the_two_largest_parts(seconds: float | None, zh: str, en: str) -> None:
    assert (age("zh", seconds), age("en", seconds)) == (zh, en)


def test_dates_are_written_in_both_languages() -> None:
    june = date(2026, 6, 16)
    assert (day("zh", june), weekday("zh", june)) == ("6月16日", "星期二")
    assert (day("en", june), weekday("en", june)) == ("16 Jun", "Tuesday")
    assert full_day("zh", june) == "2026年6月16日"


def test_a_moment_of_another_day_carries_its_day() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    instant = datetime(2026, 6, 15, 6, 5, tzinfo=UTC)
    assert moment("zh", instant, zone, date(2026, 6, 15)) == "14:05"
    assert moment("zh", instant, zone, date(2026, 6, 16)) == "6月15日 14:05"
    assert moment("zh", instant, zone, date(2027, 1, 1)) == "2026年6月15日 14:05"


def test_names_are_joined_as_the_language_joins() -> None:
    assert (join("zh", ["甲", "乙"]), join("en", ["a", "b"])) == ("甲、乙", "a, b")


def test_an_unknown_language_is_chinese() -> None:
    assert [lang_of(one) for one in ("en", "en-GB", "zh", "fr", None, "")] == [
        "en",
        "en",
        "zh",
        "zh",
        "zh",
        "zh",
    ]

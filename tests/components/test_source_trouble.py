"""What a screen says of a source in trouble and of its columns, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from centre.live.html_text import html_text
from centre.snapshots.cells import SourceState
from components.desk.source_trouble import changes, condition, remedy

CONDITIONS = ("unavailable", "denied", "malformed", "refused", "fault")


def state(**rest: Any) -> SourceState:
    return SourceState(
        id="s",
        zh="来源",
        en="Source",
        unit=None,
        adapter="rest",
        state="live",
        synthetic=False,
        interval_seconds=60,
        contact="",
        **rest,
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("word", CONDITIONS)
def test_every_trouble_has_a_word_and_a_remedy(lang: str, word: str) -> None:
    one = state(condition=word, breaker="open")
    assert condition(lang, one)
    assert len(html_text(remedy(lang, one))) > len(html_text(remedy(lang, state(condition=word))))


def test_a_source_that_answers_is_in_no_trouble() -> None:
    assert condition("zh", state()) == ""


def test_each_change_of_a_column_is_a_sentence() -> None:
    one = state(drift="+road text\n-case: note\n~the amount digits mixed")
    said = html_text(changes("zh", one))
    for words in ("新增 road（文本）", "缺少 case: note", "the amount 由数字文本变为混合"):
        assert words in said
    assert "the amount was text of digits, now mixed" in html_text(changes("en", one))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_kind_of_column_has_a_name(lang: str) -> None:
    kinds = ("number", "boolean", "list", "object", "digits", "time", "text", "mixed", "blank")
    one = state(drift="\n".join(f"+a {kind}" for kind in kinds))
    assert html_text(changes(lang, one)).count("<li") == len(kinds)

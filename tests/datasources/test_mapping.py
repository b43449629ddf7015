"""What a field map makes of a row."""

from __future__ import annotations

from typing import Any

import pytest

from centre.domain.sources import FieldMap
from centre.domain.words import Problem
from datasources import mapping
from tests.domain.make import source


def values(row: dict[str, Any], **fields: FieldMap) -> dict[str, Any]:
    """The words of a row that has no problems."""
    words = mapping.apply(row, source(fields))
    assert words.problems == ()
    assert words.raw is row
    return dict(words.values)


def test_columns_get_our_names_and_words_stay_as_written() -> None:
    row = {"SRNumber": " 007 ", "Owner": None, "extra": 1}
    fields = {"key": FieldMap(column="SRNumber"), "handler": FieldMap(column="Owner")}
    assert values(row, **fields) == {"key": " 007 ", "handler": None}


def test_a_field_without_column_is_a_constant() -> None:
    assert values({}, kind=FieldMap(default="approval")) == {"kind": "approval"}


@pytest.mark.parametrize("blank", ["", "  ", None])
def test_a_default_stands_in_for_a_blank_but_not_for_a_missing_column(blank: str | None) -> None:
    field = FieldMap(column="c", default="phone")
    assert values({"c": blank}, channel=field) == {"channel": "phone"}
    assert values({"c": "app"}, channel=field) == {"channel": "app"}
    words = mapping.apply({"d": 1}, source({"channel": field}))
    assert "channel" not in words.values
    assert [problem.reason for problem in words.problems] == ["missing_column"]


def test_nested_columns_are_named_with_dots_unless_a_column_has_that_name() -> None:
    field = FieldMap(column="a.b.c")
    assert values({"a": {"b": {"c": 5}}}, key=field) == {"key": 5}
    assert values({"a.b.c": 6, "a": {"b": {"c": 5}}}, key=field) == {"key": 6}
    for row in ({"a": {"b": 1}}, {"a": None}, {"a": {"b": {}}}):
        words = mapping.apply(row, source({"key": field}))
        assert [problem.field for problem in words.problems] == ["key"]


@pytest.mark.parametrize(
    ("word", "code"),
    [("是", "yes"), (" PHONE ", "phone"), (1, "one"), (1.0, "one"), (True, "t"), ("", None)],
)
def test_codes_translate_whatever_the_type_and_case(word: Any, code: str | None) -> None:
    codes = {"是": "yes", "Phone": "phone", "1": "one", "true": "t"}
    assert values({"c": word}, channel=FieldMap(column="c", codes=codes)) == {"channel": code}


def test_a_blank_word_may_have_a_code_of_its_own() -> None:
    field = FieldMap(column="c", codes={"": "web"})
    assert values({"c": " "}, channel=field) == {"channel": "web"}
    assert values({"c": None}, channel=field) == {"channel": "web"}


def test_an_unknown_word_is_noted_with_the_nearest_known() -> None:
    field = FieldMap(column="c", codes={"telephone": "phone"})
    words = mapping.apply({"c": "telefone"}, source({"channel": field}))
    detail = '"telefone" of column "c" is not in the code table; nearest: telephone'
    assert words.problems == (Problem(field="channel", reason="unknown_code", detail=detail),)


def test_a_wide_row_does_not_flood_the_message() -> None:
    row = {f"column_{n}": n for n in range(5000)}
    words = mapping.apply(row, source({"key": FieldMap(column="id")}))
    assert words.problems[0].detail.endswith(" …")
    assert len(words.problems[0].detail) < 1000

"""The rows of a pushed body, and what is said of one that cannot be read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.pushed.body import UnknownKind, lines
from datasources.source import Malformed
from tests.faults.payloads import payloads

JSON, LINES, CSV = "application/json", "application/x-ndjson", "text/csv"


def read(body: str, kind: str, most: int = 100) -> list[tuple[int, Any]]:
    return [(one.number, one.row) for one in lines(body.encode(), kind, most)]


def test_each_object_of_an_array_knows_the_line_it_begins_on() -> None:
    body = '[\n {"a": 1},\n {"a":\n  2}, {"a": 3}\n]\n'
    assert read(body, JSON) == [(2, {"a": 1}), (3, {"a": 2}), (4, {"a": 3})]


def test_a_single_object_is_one_row_and_an_empty_array_none() -> None:
    assert read('{"a": 1}', JSON) == [(1, {"a": 1})]
    assert read(" [ ] ", JSON) == []


def test_json_lines_go_on_after_a_line_that_is_none() -> None:
    found = read('{"a": 1}\n\nnonsense\n{"a": 2}\n', LINES)
    assert found == [(1, {"a": 1}), (3, {"行号": 3, "无法解析": "nonsense"}), (4, {"a": 2})]


def test_rows_of_csv_are_named_by_the_header_and_keep_their_lines() -> None:
    body = '编号,内容\nA-1,"两\n行"\nA-2,好,多\nA-3,末\n'
    assert read(body, CSV) == [
        (2, {"编号": "A-1", "内容": "两\n行"}),
        (4, {"行号": 4, "单元格过多": ["A-2", "好", "多"]}),
        (5, {"编号": "A-3", "内容": "末"}),
    ]


def test_csv_in_gbk_is_read_when_it_says_so() -> None:
    body = "编号;内容\nA-1;路灯\n".encode("gb18030")
    (one,) = lines(body, "text/csv; charset=gb18030", 9)
    assert one.row == {"编号": "A-1", "内容": "路灯"}


@pytest.mark.parametrize(
    ("body", "kind", "says"),
    [
        (b'[\n{"a": 1},\n{"a" 2}]', JSON, "line 3: not JSON"),
        (b'[{"a": 1}\n{"a": 2}]', JSON, "line 2: after a row stands neither a comma"),
        (b'[{"a": 1}] x', JSON, "line 1: something stands after the end"),
        (b"<!doctype html>", JSON, "line 1: a JSON array begins with ["),
        (b"", JSON, "line 1: a JSON array begins with ["),
        (b'["a"', JSON, "line 1: after a row"),
        (b'[{"a": 1}]', LINES, "line 1: a JSON array; send it as application/json"),
        (b'a,b\n1,"x\n', CSV, "not CSV"),
        (b"a,a\n1,2\n", CSV, "two columns have the same name"),
        (b"a\nx\n\xff\n", CSV, "line 3: a byte that is not utf-8"),
        (b"a\nx\x00\n", CSV, "line 2: a NUL character"),
        (b"a", "text/csv; charset=klingon", 'there is no charset "klingon"'),
        (b"[" * 100_000, JSON, "line 1: a value that is no row"),
    ],
)
def test_a_body_that_cannot_be_read_says_where(body: bytes, kind: str, says: str) -> None:
    with pytest.raises(Malformed, match=says.replace("[", r"\[")):
        lines(body, kind, 100)


def test_what_json_cannot_hold_is_a_row_that_will_be_refused() -> None:
    found = read('[{"a": "\\ud800"}, 7, {"a": 99999999999999999999}, {"a": 1e999}]', JSON)
    assert [sorted(row) for _, row in found[:3]] == [["无法解析", "行号"]] * 3
    assert found[3][1] == {"a": "1e999"}


def test_more_rows_than_agreed_are_refused_before_they_are_all_read() -> None:
    with pytest.raises(Malformed, match="more than 3 rows"):
        read("[" + ",".join(["{}"] * 4) + "]", JSON, most=3)


def test_another_kind_of_body_is_refused_with_the_kinds_there_are() -> None:
    with pytest.raises(UnknownKind, match="application/json, application/x-ndjson, text/csv"):
        lines(b"", "multipart/form-data; boundary=x", 3)


@given(st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=5)), max_size=5))
def test_what_was_written_as_an_array_is_read_as_it_was(rows: list[dict[str, str]]) -> None:
    for indent in (None, 2):
        body = json.dumps(rows, indent=indent)
        assert [row for _, row in read(body, JSON)] == rows


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_nothing_that_is_sent_raises_anything_else(kind: str) -> None:
    for body in payloads(kind, 200):
        for content in (JSON, LINES, CSV):
            try:
                found = lines(body, content, 10_000)
            except Malformed as error:
                assert str(error).strip()
            else:
                json.dumps([one.row for one in found], allow_nan=False)

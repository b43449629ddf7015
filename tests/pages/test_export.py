"""The CSV file: for Excel, and harmless in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import httpx
import pytest

from components.desk.export import harmless, line

Send = Callable[..., httpx.Response]


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_compute_is_quoted(lead: str) -> None:
    assert harmless(f"{lead}1+1") == f"'{lead}1+1"


def test_other_cells_stay_as_they_are() -> None:
    assert [harmless(one) for one in ("", "a=1", "路灯")] == ["", "a=1", "路灯"]


def test_commas_quotes_and_lines_stay_in_their_cell() -> None:
    cells = ['a,"b"', "two\nlines", "plain"]
    assert next(csv.reader(io.StringIO(line(cells), newline=""))) == cells


def test_the_file_begins_with_a_bom_and_says_what_it_is(send: Send) -> None:
    answer = send("GET", "/export/cases.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert rows[0][-1] == "演示数据"
    assert rows[0][1].startswith("截至 ")
    assert rows[1][0] == "工单号"
    assert len(rows) == 2 + 14
    titles = {row[0]: row[1] for row in rows[2:]}
    assert titles["JJ-21"] == "'=1+1"


def test_the_file_has_the_filters_and_the_language_of_the_page(send: Send) -> None:
    answer = send("GET", "/export/cases.csv", params={"unit": "510105", "lang": "en"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert rows[1][0] == "Case"
    assert {row[2] for row in rows[2:]} == {"Qingyang"}


def test_an_unknown_filter_value_is_refused_with_its_name(send: Send) -> None:
    answer = send("GET", "/export/cases.csv", params={"unit": "510199"})
    assert answer.status_code == 400
    assert "unit" in answer.json()["error"]["message"]


def test_a_search_for_a_number_has_that_case_as_the_page_does(send: Send) -> None:
    answer = send("GET", "/export/cases.csv", params={"text": "JJ-21", "unit": "510105"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [row[0] for row in rows[2:]] == ["JJ-21"]

"""JSON lines and Excel."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from centre.domain.records import Case, Rejected
from centre.domain.sources import FieldMap
from datasources.file_drop import FileDrop
from datasources.source import Malformed
from tests.datasources.make import NOW, around, source
from tests.datasources.test_file_drop import FIELDS, ROWS, judged, place, read


def lines(*rows: object) -> str:
    return "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in rows)


def workbook(*rows: tuple[Any, ...], sheet: str = "Sheet") -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


TABLE = (tuple(ROWS[0]), *(tuple(row.values()) for row in ROWS))


def test_json_lines_are_read_and_a_column_left_out_is_blank(tmp_path: Path) -> None:
    short = {"编号": "A-3", "时间": "2026-06-01 10:00:00"}
    (tmp_path / "a.jsonl").write_text(lines(*ROWS, short))
    assert read(place(tmp_path, "a.jsonl")) == [*ROWS, {**short, "内容": None}]


def test_a_bad_line_is_one_refused_row(tmp_path: Path) -> None:
    bad = ('{"编号": "A-3", "时间', "[1, 2]", "null", "[" * 5000, "1" * 5000)
    (tmp_path / "a.jsonl").write_text(lines(ROWS[0], *bad, ROWS[1]))
    verdicts = judged(read(place(tmp_path, "a.jsonl")))
    kinds = [Case, *[Rejected] * len(bad), Case]
    assert [type(one) for one in verdicts] == kinds


def test_numbers_that_are_none_stay_words(tmp_path: Path) -> None:
    row = '{"编号": 1e309, "时间": NaN, "内容": [1e400, -Infinity]}'
    (tmp_path / "a.jsonl").write_text(lines(row))
    (found,) = read(place(tmp_path, "a.jsonl"))
    assert found == {"编号": "1e309", "时间": "NaN", "内容": ["1e400", "-Infinity"]}


def test_json_lines_without_a_mapped_column_are_refused_whole(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        lines(*({"id": n, "时间": "x", "内容": ""} for n in range(3)))
    )
    with pytest.raises(Malformed, match=r'a\.jsonl: column "编号" .* there are: id, 时间, 内容'):
        read(place(tmp_path, "a.jsonl"))


def test_a_json_array_is_refused_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(ROWS))
    with pytest.raises(Malformed, match="write one object a line"):
        read(place(tmp_path, "a.json"))


def test_a_nested_column_is_accepted(tmp_path: Path) -> None:
    fields = {"key": "a.id", "received_at": "a.at"}
    (tmp_path / "a.jsonl").write_text(lines({"a": {"id": 1, "at": "2026-06-01"}}))
    adapter = FileDrop(source("file_drop", {"path": "a.jsonl"}, fields=fields), around(tmp_path))
    assert read(adapter) == [{"a": {"id": 1, "at": "2026-06-01"}}]


@pytest.mark.parametrize("packed", [False, True])
def test_excel_is_read_whatever_it_is_packed_in(tmp_path: Path, packed: bool) -> None:
    content = workbook(*TABLE)
    name = "a.xlsx.gz" if packed else "a.xlsx"
    (tmp_path / name).write_bytes(gzip.compress(content) if packed else content)
    assert read(place(tmp_path, name)) == ROWS


def test_a_real_date_is_written_as_the_field_map_reads_it(tmp_path: Path) -> None:
    fields = {
        "key": FieldMap(column="编号"),
        "received_at": FieldMap(column="时间", format="%Y/%m/%d %H:%M"),
        "closed_at": FieldMap(column="办结"),
    }
    cells = (7, datetime(2026, 6, 1, 8, 30), date(2026, 6, 2))  # noqa: DTZ001 - cells have no zone
    (tmp_path / "a.xlsx").write_bytes(workbook(("编号", "时间", "办结"), cells))
    adapter = FileDrop(source("file_drop", {"path": "a.xlsx"}, fields=fields), around(tmp_path))
    (row,) = read(adapter)
    assert row == {"编号": 7, "时间": "2026/06/01 08:30", "办结": "2026-06-02T00:00:00"}


def test_empty_rows_above_and_between_are_passed_over(tmp_path: Path) -> None:
    rows = ((None, None, None), TABLE[0], TABLE[1], (None,), TABLE[2])
    (tmp_path / "a.xlsx").write_bytes(workbook(*rows))
    assert read(place(tmp_path, "a.xlsx")) == ROWS


def test_a_merged_title_above_the_header_is_refused_with_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook(("诉求台账", None, None), *TABLE))
    with pytest.raises(Malformed, match=r'column "编号" .* there are: 诉求台账'):
        read(place(tmp_path, "a.xlsx"))


def test_an_unknown_sheet_is_named_beside_those_that_exist(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook(*TABLE, sheet="六月"))
    assert read(place(tmp_path, "a.xlsx", sheet="六月")) == ROWS
    with pytest.raises(Malformed, match='no sheet "七月"; there are: 六月'):
        read(place(tmp_path, "a.xlsx", sheet="七月"))


def test_half_a_workbook_and_a_disguised_file_are_refused(tmp_path: Path) -> None:
    whole = workbook(*TABLE)
    for content in (
        whole[: len(whole) // 2],
        b"PK\x03\x04 nothing",
        b"<html>login</html>",
        _foreign(),
    ):
        (tmp_path / "a.xlsx").write_bytes(content)
        with pytest.raises(Malformed, match=r"a\.xlsx: not a whole Excel file"):
            read(place(tmp_path, "a.xlsx"))


def _foreign() -> bytes:
    """A sound zip file that is no workbook."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("readme.txt", "hello")
    return out.getvalue()


def test_a_workbook_that_unpacks_to_too_much_is_refused_unread(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"0" * 8 * 2**20)
    (tmp_path / "a.xlsx").write_bytes(out.getvalue())
    with pytest.raises(Malformed, match="holds more than 2 MB"):
        read(place(tmp_path, "a.xlsx", max_mb=2))


def test_a_watermark_comes_with_the_last_row_and_is_the_time_of_the_fetch(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(lines(*ROWS))
    first, last = place(tmp_path, "a.jsonl", batch_rows=1).fetch(None, NOW)
    assert (first.watermark, last.watermark) == (None, NOW)
    assert dict(FIELDS).keys() == {"key", "received_at", "title"}

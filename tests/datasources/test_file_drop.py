"""Files as people really send them: half, twice, in GBK, with a column renamed."""

from __future__ import annotations

import gzip
import os
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from centre.domain.parse import parse
from centre.domain.records import Case, Rejected
from datasources import mapping
from datasources.file_drop import FileDrop
from datasources.source import Batch, Denied, Malformed, Unavailable
from tests.datasources.make import NOW, around, chengdu, source

FIELDS = {"key": "编号", "received_at": "时间", "title": "内容"}
TEXT = "编号,时间,内容\nA-1,2026-06-01 08:00:00,路灯不亮\nA-2,2026-06-01 09:00:00,井盖缺失\n"
ROWS = [
    {"编号": "A-1", "时间": "2026-06-01 08:00:00", "内容": "路灯不亮"},
    {"编号": "A-2", "时间": "2026-06-01 09:00:00", "内容": "井盖缺失"},
]
LATER = NOW + timedelta(seconds=5)


def place(data: Path, name: str, **connection: Any) -> FileDrop:
    """A source that reads one file in place."""
    return FileDrop(source("file_drop", {"path": name, **connection}, fields=FIELDS), around(data))


def folder(data: Path, **connection: Any) -> FileDrop:
    """A source with a drop folder."""
    (data / "in").mkdir(exist_ok=True)
    return FileDrop(
        source("file_drop", {"folder": "in", **connection}, fields=FIELDS), around(data)
    )


def read(adapter: FileDrop, cursor: Mapping[str, Any] | None = None) -> list[Mapping[str, Any]]:
    """All rows, settled after each batch."""
    return [row for batch in batches(adapter, cursor) for row in batch.rows]


def batches(adapter: FileDrop, cursor: Mapping[str, Any] | None = None) -> list[Batch]:
    """All batches of two looks, settled one by one."""
    found = []
    for now in (NOW, LATER):
        for batch in adapter.fetch(cursor, now):
            adapter.settle(batch.cursor)
            cursor = batch.cursor
            found.append(batch)
    return found


def judged(rows: list[Mapping[str, Any]]) -> list[Case | Rejected]:
    """What parse says of rows."""
    config = source("file_drop", {"path": "x"}, fields=FIELDS)
    found = [
        parse(mapping.apply(row, config), config=config, city=chengdu(), now=NOW) for row in rows
    ]
    assert all(isinstance(one, Case | Rejected) for one in found)
    return found  # type: ignore[return-value]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_the_encoding_is_found_out(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes(TEXT.encode(encoding))
    assert read(place(tmp_path, "a.csv")) == ROWS


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(tmp_path: Path, delimiter: str) -> None:
    (tmp_path / "a.csv").write_text(TEXT.replace(",", delimiter))
    assert read(place(tmp_path, "a.csv")) == ROWS


def test_a_named_encoding_that_does_not_fit_refuses_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(TEXT.encode("gbk"))
    with pytest.raises(Malformed, match=r"a\.csv: byte 0x.. is not utf-8 .*save the whole file"):
        read(place(tmp_path, "a.csv", encoding="utf-8"))


def test_utf8_cut_within_a_character_is_not_taken_for_gbk(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(TEXT.encode()[:-2])
    with pytest.raises(Malformed, match="unexpected end of data"):
        read(place(tmp_path, "a.csv"))


def test_a_packed_file_is_read_and_half_of_it_refused(tmp_path: Path) -> None:
    packed = gzip.compress(TEXT.encode() * 50, mtime=0)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(TEXT.encode()))
    (tmp_path / "half.csv.gz").write_bytes(packed[: len(packed) // 2])
    (tmp_path / "broken.csv.gz").write_bytes(packed[:-6] + b"\0" * 6)
    assert read(place(tmp_path, "a.csv.gz")) == ROWS
    with pytest.raises(Malformed, match=r"half\.csv\.gz: ends in the middle"):
        read(place(tmp_path, "half.csv.gz"))
    with pytest.raises(Malformed, match=r"broken\.csv\.gz: broken \.gz"):
        read(place(tmp_path, "broken.csv.gz"))


def test_no_cut_of_a_packed_file_delivers_a_row(tmp_path: Path) -> None:
    packed = gzip.compress(TEXT.encode(), mtime=0)
    for cut in range(len(packed)):
        (tmp_path / "a.csv.gz").write_bytes(packed[:cut])
        with pytest.raises(Malformed):
            read(place(tmp_path, "a.csv.gz"))


def test_a_renamed_column_refuses_the_file_whole_and_keeps_the_cursor(tmp_path: Path) -> None:
    adapter = folder(tmp_path)
    (tmp_path / "in" / "a.csv").write_text(TEXT.replace("编号", "工单编号"))
    message = r'a\.csv: column "编号" .*renamed to "工单编号"\?.*there are: 工单编号, 时间, 内容'
    assert list(adapter.fetch(None, NOW)) == []
    with pytest.raises(Malformed, match=message):
        list(adapter.fetch(None, LATER))
    assert (tmp_path / "in" / "failed" / "a.csv").read_text().startswith("工单编号")
    assert "编号" in (tmp_path / "in" / "failed" / "a.csv.reason.txt").read_text()


def test_a_refused_file_does_not_block_the_next(tmp_path: Path) -> None:
    adapter = folder(tmp_path)
    for age, (name, content) in enumerate((("b.csv", TEXT), ("a.csv", "x,y\n1,2\n"))):
        file = tmp_path / "in" / name
        file.write_text(content)
        os.utime(file, (time.time() - age, time.time() - age))
    list(adapter.fetch(None, NOW))
    found = []
    with pytest.raises(Malformed, match=r"a\.csv"):
        found += list(_settled(adapter))
    assert sorted(one.name for one in (tmp_path / "in").rglob("*.csv")) == ["a.csv", "b.csv"]
    assert (tmp_path / "in" / "done" / "b.csv").exists()


def _settled(adapter: FileDrop) -> Any:
    for batch in adapter.fetch(None, LATER):
        adapter.settle(batch.cursor)
        yield batch


def test_a_file_that_is_still_written_waits(tmp_path: Path) -> None:
    adapter = folder(tmp_path)
    file = tmp_path / "in" / "a.csv"
    file.write_text(TEXT[:20])
    assert list(adapter.fetch(None, NOW)) == []
    file.write_text(TEXT)
    assert list(adapter.fetch(None, LATER)) == []
    (batch,) = adapter.fetch(None, LATER + timedelta(seconds=3))
    assert list(batch.rows) == ROWS


def test_names_of_unfinished_copies_are_left_alone(tmp_path: Path) -> None:
    adapter = folder(tmp_path)
    for name in (".a.csv", "~$a.xlsx", "a.csv.part", "a.tmp"):
        (tmp_path / "in" / name).write_text(TEXT)
    assert read(adapter) == []
    assert len(list((tmp_path / "in").iterdir())) == 4


def test_a_stored_file_lies_in_done_and_the_same_again_brings_no_row(tmp_path: Path) -> None:
    adapter = folder(tmp_path)
    (tmp_path / "in" / "a.csv").write_text(TEXT)
    first = batches(adapter)
    assert [row for one in first for row in one.rows] == ROWS
    (tmp_path / "in" / "a.csv").write_text(TEXT)
    assert read(adapter, first[-1].cursor) == []
    assert sorted(one.name for one in (tmp_path / "in" / "done").iterdir()) == ["2~a.csv", "a.csv"]


def test_a_crash_before_settling_neither_loses_nor_doubles(tmp_path: Path) -> None:
    adapter = folder(tmp_path)
    (tmp_path / "in" / "a.csv").write_text(TEXT)
    list(adapter.fetch(None, NOW))
    generator = adapter.fetch(None, LATER)
    batch = next(generator)
    del generator  # committed, and then the power went
    assert (tmp_path / "in" / "working" / "a.csv").exists()
    assert read(folder(tmp_path), batch.cursor) == []
    assert (tmp_path / "in" / "done" / "a.csv").exists()


def test_a_file_in_place_is_read_again_only_when_its_content_changes(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(TEXT)
    adapter = place(tmp_path, "a.csv")
    cursor = batches(adapter)[-1].cursor
    assert batches(adapter, cursor) == []
    os.utime(file, (1e9, 1e9))
    (touched,) = batches(adapter, cursor)
    assert touched.rows == ()
    file.write_text(TEXT + "A-3,2026-06-02 08:00:00,新增\n")
    assert len(read(adapter, touched.cursor)) == 3


def test_a_file_in_place_that_changed_a_moment_ago_waits(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(TEXT)
    os.utime(file, (NOW.timestamp() - 1, NOW.timestamp() - 1))
    assert list(place(tmp_path, "a.csv").fetch(None, NOW)) == []
    assert len(list(place(tmp_path, "a.csv").fetch(None, LATER))) == 1


def test_short_and_long_rows_are_refused_one_by_one(tmp_path: Path) -> None:
    extra = "A-3\nA-4,2026-06-01 10:00:00,a,b,c\nA-5,2026-06-01 10:00:00,好,,\n\n"
    (tmp_path / "a.csv").write_text(TEXT + extra)
    verdicts = judged(read(place(tmp_path, "a.csv")))
    assert [type(one).__name__ for one in verdicts] == [
        *("Case", "Case", "Rejected", "Rejected", "Case"),
    ]
    long = verdicts[3]
    assert isinstance(long, Rejected)
    assert long.raw["单元格过多"] == ["A-4", "2026-06-01 10:00:00", "a", "b", "c"]


def test_nul_bytes_and_quotes_with_breaks_do_not_stop_a_file(tmp_path: Path) -> None:
    extra = 'A\0-3,2026-06-01 10:00:00,"第一行\n第二行, ""引号"""\n'
    (tmp_path / "a.csv").write_text(TEXT + extra)
    case = judged(read(place(tmp_path, "a.csv")))[2]
    assert isinstance(case, Case)
    assert (case.key, case.title) == ("A-3", '第一行 第二行, "引号"')


def test_an_open_quote_refuses_the_file_before_any_row(tmp_path: Path) -> None:
    filler = "A-9,2026-06-01 10:00:00,x\n" * 8000  # beyond what one cell may hold
    (tmp_path / "a.csv").write_text(TEXT + 'A-3,2026-06-01 10:00:00,"open\n' + filler)
    with pytest.raises(Malformed, match="is a quote left open"):
        next(iter(place(tmp_path, "a.csv").fetch(None, NOW)))


def test_a_mapped_column_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TEXT.replace("内容", "编号"))
    with pytest.raises(Malformed, match=r'column "(编号|内容)"'):
        read(place(tmp_path, "a.csv"))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "empty"),
        ("a.pdf", b"%PDF", r'"\.pdf" is not read; give one of \.csv'),
        ("a.csv", bytes(range(256)) * 10, "."),
    ],
)
def test_what_is_no_table_is_refused_in_plain_words(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Malformed, match=message):
        read(place(tmp_path, name))


def test_a_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"0" * 8 * 2**20))
    with pytest.raises(Malformed, match=r"holds more than 2 MB; split it or raise max_mb"):
        read(place(tmp_path, "a.csv.gz", max_mb=2))


def test_without_data_or_file_the_remedy_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"a\.csv: cannot be opened"):
        read(place(tmp_path, "a.csv"))
    lonely = FileDrop(source("file_drop", {"path": "a.csv"}, fields=FIELDS), around(None))
    with pytest.raises(Denied, match="set DATA"):
        read(lonely)


@pytest.mark.parametrize(
    "connection", [{}, {"path": "a", "folder": "b"}, {"path": "a", "format": "xls"}]
)
def test_a_connection_that_cannot_be_meant_is_refused(connection: dict[str, str]) -> None:
    with pytest.raises(Malformed, match=r"wuhou\.toml: connection"):
        FileDrop(source("file_drop", connection, fields=FIELDS), around(None))

"""The operator's kit: guesses at a stranger's table, the draft of a file, what a check tells."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from centre.citypack.load import load_source
from centre.collector.trial import trial
from datasources.file_drop import FileDrop
from datasources.kit import codes
from datasources.kit.draft import Facts, draft
from datasources.kit.guess import guess
from datasources.kit.times import times
from datasources.sampling import Drafted, Drafting, Sampling
from datasources.source import Malformed
from datasources.sql.look import connection
from datasources.sql_view import SqlView
from tests.datasources.databases import fill
from tests.datasources.make import NOW, around, chengdu, source
from tests.datasources.unknown import COLUMNS, TABLE, rows

CHENGDU = ZoneInfo("Asia/Shanghai")
LOCAL_NOW = NOW.astimezone(CHENGDU).replace(tzinfo=None)


@pytest.fixture
def table(tmp_path: Path) -> str:
    """A database with the table that nobody has described."""
    url = f"sqlite:///{tmp_path / 'x.db'}"
    fill(url, rows(400, LOCAL_NOW), TABLE)
    return url


def look(url: str) -> Drafted:
    return SqlView.draft(url, {"table": "T_SQGD", "id": "xinjin"}, around())


def test_each_column_of_a_table_in_pinyin_is_found(table: str) -> None:
    found = {one.field: one.column for one in guess(look(table), chengdu())}
    assert found == {
        "key": "GDBH",
        "source_version": "GXSJ",
        "received_at": "DJSJ",
        "dispatched_at": "PDSJ",
        "replied_at": "HFSJ",
        "closed_at": "BJSJ",
        "unit": "QXMC",
        "street": "JDMC",
        "channel": "LYQD",
        "category": "SQLX",
        "nature": "WTXZ",
        "handler": "CBDW",
        "title": "SQBT",
        "lon": "JINGDU",
        "lat": "WEIDU",
        "satisfied": "MYD",
    }
    assert len(COLUMNS.split()) == 20


def test_columns_in_english_and_chinese_are_found_too() -> None:
    row = {
        "Ticket No": "T-1",
        "created_at": "2026-06-01T08:00:00+08:00",
        "closed": "",
        "来源渠道": "来电",
        "区县": "锦江区",
        "note": "x",
    }
    drafted = Drafted(connection={}, rows=[row], columns=tuple(row))
    found = {one.field: one.column for one in guess(drafted, chengdu())}
    assert found["key"] == "Ticket No"
    assert found["received_at"] == "created_at"
    assert found["channel"] == "来源渠道"
    assert found["unit"] == "区县"


def test_a_column_of_no_times_is_no_time_whatever_its_name() -> None:
    words = [{"编号": f"{n}", "登记时间": "张三"} for n in range(20)]
    drafted = Drafted(connection={}, rows=words, columns=("编号", "登记时间"))
    assert "received_at" not in {one.field for one in guess(drafted, chengdu())}


@pytest.mark.parametrize(
    ("word", "format_"),
    [
        ("2026-06-01 08:00:00", "iso"),
        ("2026-06-01T08:00:00Z", "iso"),
        ("2026/6/1 8:00:00", "%Y/%m/%d %H:%M:%S"),
        ("20260601080000", "%Y%m%d%H%M%S"),
        ("2026年6月1日 08:00", "%Y年%m月%d日 %H:%M"),
        (1780272000, "epoch"),
        ("1780272000000", "epoch"),
        ("06/01/2026 08:00:00 AM", "%m/%d/%Y %I:%M:%S %p"),
    ],
)
def test_the_format_of_times_is_found_out(word: object, format_: str) -> None:
    found = times([word] * 9 + ["", None], CHENGDU)
    assert found is not None
    assert found.format == format_


@pytest.mark.parametrize("words", [["A-1", "A-2"], [1, 2], ["13800138000"], [], [True], ["2026"]])
def test_what_is_no_time_is_taken_for_none(words: list[object]) -> None:
    assert times(words, CHENGDU) is None


def test_words_are_sure_near_or_unknown() -> None:
    found = codes.meant("category", ["噪声扰民", "噪声", "井盖", "噪声"], chengdu())
    by_word = {one.word: (one.code, one.is_sure, one.count) for one in found}
    assert by_word == {
        "噪声扰民": ("noise", True, 1),
        "噪声": ("noise", False, 2),
        "井盖": (None, False, 1),
    }


def test_the_draft_is_a_good_source_file_and_asks_what_it_does_not_know(
    table: str, tmp_path: Path
) -> None:
    facts = Facts(id="xinjin", adapter="sql_view", unit="510118")
    text = draft(look(table), facts, chengdu(), has_changes=True)
    file = tmp_path / "xinjin.toml"
    file.write_text(text, "utf-8")
    config = load_source(file, chengdu())
    assert config.connection["changed_at"] == "GXSJ"
    assert config.connection["key"] == "ID"
    assert config.fields["received_at"].format == "%Y/%m/%d %H:%M:%S"
    assert config.fields["category"].codes["噪声"] == "noise"
    assert '# "井盖" = ""' in text
    assert "# Not mapped: ID, SQNR, LXDH, BZ" in text
    assert [line for line in text.splitlines() if "? nearest" in line]


def test_a_password_never_stands_in_a_draft() -> None:
    found = connection("mariadb://reader:s3cret@10.1.2.3/x", {"id": "xin-jin"}, "t")
    assert found == {
        "url": "mariadb://reader@10.1.2.3/x",
        "password": {"env": "XIN_JIN_PASSWORD"},
        "table": "t",
    }
    drafted = Drafted(connection=found, rows=[], columns=())
    text = draft(drafted, Facts(id="xin-jin", adapter="sql_view"), chengdu(), has_changes=True)
    assert tomllib.loads(text)["connection"] == found


def test_without_a_table_the_tables_are_named(table: str) -> None:
    with pytest.raises(Malformed, match=r"say --table, one of: T_SQGD"):
        SqlView.draft(table, {}, around())


def test_a_file_is_drafted_and_read_in_the_same_way(tmp_path: Path) -> None:
    lines = "工单编号,登记时间,来源\nA-1,2026-06-16 08:00:00,来电\nA-2,2026-06-16 09:00:00,抖音\n"
    (tmp_path / "tickets.csv").write_text(lines, "gb18030")
    drafted = FileDrop.draft(str(tmp_path / "tickets.csv"), {}, around())
    text = draft(
        drafted,
        Facts(id="xinjin", adapter="file_drop", unit="510118"),
        chengdu(),
        has_changes=False,
    )
    file = tmp_path / "xinjin.toml"
    file.write_text(text, "utf-8")
    report = trial(load_source(file, chengdu()), chengdu(), around(), NOW)
    assert (report.rows, report.good, report.is_ready) == (2, 2, True)
    assert report.shown[0]["key"] == "A-1"


def test_looking_at_a_drop_folder_moves_no_file(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("编号,时间\nA-1,2026-06-16 08:00:00\n", "utf-8")
    config = source("file_drop", {"folder": str(tmp_path)}, fields={"key": "编号"})
    assert len(FileDrop(config, around()).sample(10)) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["1.csv"]


def test_a_check_tells_what_is_refused_unknown_blank_and_out_of_time(tmp_path: Path) -> None:
    lines = ["编号,时间,渠道,区划,标题"]
    lines += [f"A-{n},2026-06-16 23:0{n}:00,来电,510104,x" for n in range(4)]
    lines += ["B-1,2026-06-16 08:00:00,抖音,510104,", "B-2,2026-06-16 08:00:00,来电,锦江,"]
    (tmp_path / "t.csv").write_text("\n".join(lines), "utf-8")
    file = tmp_path / "try.toml"
    file.write_text(SOURCE, "utf-8")
    report = trial(load_source(file, chengdu()), chengdu(), around(tmp_path), NOW)
    assert not report.is_ready
    assert {(one.field, one.reason, one.rows) for one in report.refusals} == {
        ("received_at", "future", 4),
        ("channel", "unknown_code", 1),
        ("unit", "unknown_unit", 1),
    }
    unknown = {(one.field, one.word): one.nearest for one in report.unknown}
    assert unknown == {("channel", "抖音"): "new_media", ("unit", "锦江"): "510104"}
    assert {one.field: round(one.share, 2) for one in report.blanks}["title"] == 0.33
    assert report.ahead_seconds == timedelta(hours=8, minutes=3).total_seconds()
    assert report.newest == datetime(2026, 6, 16, 15, 3, tzinfo=UTC)
    assert any("is `zone` right?" in point for point in report.open)


def test_an_adapter_without_samples_is_tried_by_what_it_fetches_first() -> None:
    config = source("simulated", {"cases_per_day": 20}, fields={"key": "工单编号"})
    assert trial(config, chengdu(), around(), NOW).rows > 0


def test_databases_and_files_can_be_drafted_and_sampled() -> None:
    for one in (SqlView, FileDrop):
        assert issubclass(one, Drafting)
        assert issubclass(one, Sampling)


SOURCE = """
name = { zh = "试", en = "Try" }
adapter = "file_drop"
contact = "duty desk"
zone = "Asia/Shanghai"

[connection]
path = "t.csv"

[schedule]
every = "30 s"

[promise]
interval = "1 d"

[fields]
key = "编号"
unit = "区划"
title = "标题"
channel = { column = "渠道", codes = { "来电" = "phone" } }
received_at = { column = "时间", format = "%Y-%m-%d %H:%M:%S" }
"""

"""What a table goes through while it is read: late commits, blank times, clocks, limits, faults."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from datasources.sql.how import READ_AT
from tests.datasources.databases import START, drain, fill, keys, row, run, tickets, view
from tests.datasources.make import NOW, chengdu
from tests.servers import fresh_database


def test_the_newest_rows_come_first_and_each_once(url: str) -> None:
    fill(url, [row(n) for n in range(25)])
    batches = drain(view(url, {"batch_rows": 10}))
    assert keys(batches) == [f"A-{n:04d}" for n in reversed(range(25))]
    assert batches[0].watermark == NOW
    assert (batches[-1].filled, batches[-1].total) == (25, 25)


@pytest.mark.servers
def test_what_changes_and_what_is_new_follows(any_url: str) -> None:
    table = fill(any_url, [row(n) for n in range(25)])
    source = view(any_url, {"batch_rows": 10})
    cursor = drain(source)[-1].cursor
    later = START + timedelta(days=1)
    run(
        any_url,
        sa.insert(table).values(row(30, 更新时间=later)),
        sa.update(table).where(table.c.编号 == "A-0003").values(更新时间=later, 内容="修好了"),
    )
    batches = drain(source, cursor, NOW + timedelta(minutes=1))
    assert sorted(keys(batches)) == ["A-0003", "A-0030"]
    assert batches[-1].watermark == NOW + timedelta(minutes=1)
    assert drain(source, batches[-1].cursor, NOW + timedelta(minutes=1)) == []


@pytest.mark.servers
def test_a_row_that_is_committed_late_is_found_in_the_overlap(any_url: str) -> None:
    table = fill(any_url, [row(n) for n in range(25)])
    source = view(any_url, {"batch_rows": 10})
    cursor = drain(source)[-1].cursor
    late = row(99, 更新时间=row(24)["更新时间"] - timedelta(minutes=4, seconds=3))
    run(any_url, sa.insert(table).values(late))
    batches = drain(source, cursor, NOW + timedelta(minutes=1))
    assert keys(batches) == ["A-0099"]
    assert keys(drain(source, batches[-1].cursor, NOW + timedelta(minutes=2))) == []


def test_a_table_that_rests_is_not_looked_at_again_and_again(url: str) -> None:
    fill(url, [row(n) for n in range(5)])
    source = view(url)
    cursor = drain(source)[-1].cursor
    assert cursor["recent"]
    (still,) = drain(source, cursor, NOW + timedelta(minutes=11))
    assert (still.rows, still.cursor["recent"]) == ([], "")
    assert drain(source, still.cursor, NOW + timedelta(minutes=12)) == []


def test_a_rush_of_equal_times_is_read_whole_and_once(url: str) -> None:
    at = START + timedelta(hours=3)
    fill(url, [row(n, 更新时间=at) for n in range(35)])
    source = view(url, {"batch_rows": 10})
    batches = drain(source)
    assert sorted(keys(batches)) == [f"A-{n:04d}" for n in range(35)]
    assert keys(drain(source, batches[-1].cursor, NOW + timedelta(seconds=9))) == []


def test_a_rush_that_no_cursor_can_remember_keeps_the_cursor_short(url: str) -> None:
    step = timedelta(milliseconds=100)
    fill(url, [row(n, 更新时间=START + n * step) for n in range(3000)])
    batches = drain(view(url, {"batch_rows": 3000}))
    assert len(batches[-1].cursor["recent"]) == 2000 * 8
    assert len(set(keys(batches))) == 3000


def test_rows_without_a_time_of_change_are_filled_in(url: str) -> None:
    blank = [row(n, 更新时间=None) for n in range(40, 65)]
    fill(url, [*(row(n) for n in range(15)), *blank])
    batches = drain(view(url, {"batch_rows": 10}))
    assert len(keys(batches)) == len(set(keys(batches))) == 40


def test_of_several_times_of_change_the_first_that_is_there_counts(url: str) -> None:
    table = fill(url, [row(n, 更新时间=None) for n in range(5)])
    source = view(url, {"changed_at": ["更新时间", "登记时间"]})
    cursor = drain(source)[-1].cursor
    changed = (
        sa.update(table).where(table.c.编号 == "A-0001").values(更新时间=START + timedelta(days=2))
    )
    run(url, changed)
    assert keys(drain(source, cursor, NOW)) == ["A-0001"]


def test_a_wrong_clock_of_one_row_hides_no_other(url: str) -> None:
    wrong = datetime(2099, 1, 1)  # noqa: DTZ001
    table = fill(url, [*(row(n) for n in range(5)), row(7, 更新时间=wrong)])
    source = view(url)
    batches = drain(source)
    assert "A-0007" not in keys(batches)
    run(url, sa.insert(table).values(row(9, 更新时间=START + timedelta(days=3))))
    assert keys(drain(source, batches[-1].cursor, NOW)) == ["A-0009"]


@pytest.mark.servers
def test_a_time_that_python_has_none_of_is_a_word_and_stops_nothing(postgres_url: str) -> None:
    url = fresh_database(postgres_url)
    table = fill(url, [row(n) for n in range(5)])
    run(
        url,
        sa.text("INSERT INTO 工单 VALUES ('B', 'infinity', '2026-06-02', 'x')"),
        sa.text("INSERT INTO 工单 VALUES ('C', now(), 'infinity', 'y')"),
    )
    rows = {one["编号"]: one for batch in drain(view(url)) for one in batch.rows}
    assert rows["B"]["登记时间"] == "infinity"
    assert len(rows) == 6
    assert table.name == "工单"


def test_an_empty_table_is_waited_for(url: str) -> None:
    table = fill(url, [])
    source = view(url)
    cursor = drain(source)[-1].cursor
    assert drain(source, cursor) == []
    run(url, sa.insert(table).values(row(1)))
    assert keys(drain(source, cursor)) == ["A-0001"]


def test_a_sweep_brings_what_is_new_or_different_with_its_own_time(url: str) -> None:
    table = fill(url, [row(n) for n in range(25)])
    source = view(url, {"changed_at": None, "batch_rows": 10, "sweep": "1 h"})
    cursor = drain(source)[-1].cursor
    run(
        url,
        sa.update(table).where(table.c.编号 == "A-0003").values(内容="修好了"),
        sa.insert(table).values(row(50)),
    )
    assert drain(source, cursor, NOW + timedelta(minutes=59)) == []
    later = NOW + timedelta(hours=1)
    batches = drain(source, cursor, later)
    assert sorted(keys(batches)) == ["A-0003", "A-0050"]
    assert {one[READ_AT] for batch in batches for one in batch.rows} == {later.isoformat()}
    assert source.stands_still_when_quiet


def test_a_row_that_comes_back_between_two_sweeps_is_news(url: str) -> None:
    table = fill(url, [row(n) for n in range(3)])
    source = view(url, {"changed_at": None, "sweep": 1})
    first = drain(source)[-1].cursor
    run(url, sa.delete(table).where(table.c.编号 == "A-0001"))
    second = drain(source, first, NOW + timedelta(hours=1))[-1].cursor
    run(url, sa.insert(table).values(row(1)))
    assert keys(drain(source, second, NOW + timedelta(hours=2))) == ["A-0001"]


def test_a_table_that_is_given_a_time_of_change_begins_anew(url: str) -> None:
    fill(url, [row(n) for n in range(3)])
    cursor = drain(view(url, {"changed_at": None}))[-1].cursor
    assert len(keys(drain(view(url), cursor))) == 3


def test_outside_its_hours_a_source_is_left_alone_and_promises_nothing(url: str) -> None:
    fill(url, [row(1)])
    source = view(url, {"window": "22:00-06:00"})  # NOW is 15:00 in Chengdu
    assert drain(source) == []
    assert source.stands_still_when_quiet
    assert keys(drain(source, None, NOW + timedelta(hours=8))) == ["A-0001"]
    assert not source.stands_still_when_quiet


def test_a_copy_is_known_to_its_newest_change_and_no_further(url: str) -> None:
    fill(url, [row(n) for n in range(3)])
    source = view(url, {"complete": "newest"})
    (batch, *_) = drain(source)
    newest = row(2)["更新时间"].replace(tzinfo=chengdu().tz)
    assert batch.watermark == newest
    assert source.stands_still_when_quiet


def test_no_more_rows_a_second_than_allowed(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(url, [row(n) for n in range(20)])
    waited: list[float] = []
    monkeypatch.setattr("datasources.sql_view.time.sleep", waited.append)
    drain(view(url, {"rows_per_second": 5}))
    assert sum(waited) == pytest.approx(20 / 5)
    assert max(waited) <= 1


@pytest.mark.servers
@pytest.mark.parametrize(
    ("kind", "seven", "eight"),
    [
        (sa.String(40), " 7", "8"),
        (sa.CHAR(12), "7", "8"),
        (sa.Integer(), 7, 8),
        (sa.Numeric(12, 2), 7, 8),
    ],
    ids=lambda one: type(one).__name__,
)
def test_cases_are_found_by_number_however_the_table_writes_it(
    any_url: str, kind: sa.types.TypeEngine[Any], seven: object, eight: object
) -> None:
    rows = [row(0, 编号=seven), row(4000, 编号=eight)]
    fill(any_url, rows, tickets(key=kind))
    found = list(view(any_url).find(["7", "9", "'x"], NOW))
    assert [str(one["编号"]).strip() for one in found] == ["7"]
    assert [one["内容"] for one in found] == ["路灯不亮，第0盏"]


@pytest.mark.servers
def test_counts_are_those_of_the_table(any_url: str) -> None:
    fill(any_url, [row(n * 360) for n in range(12)])  # every six hours, from 08:00 on
    days = [date(2026, 6, day) for day in (1, 2, 3, 4, 5)]
    expected = {days[0]: 3, days[1]: 4, days[2]: 4, days[3]: 1}
    assert dict(view(any_url).counts(days)) == expected

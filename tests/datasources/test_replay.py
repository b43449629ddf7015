"""Replay: a file at once, or by a clock of its own, each row as it was known at that time."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from centre.citypack.load import load_city, load_sources
from centre.domain.parse import parse
from centre.domain.records import Rejected
from centre.domain.sources import FieldMap, SourceConfig
from datasources import mapping
from datasources.contract import DataSourceContract, Make, Outside
from datasources.file_drop import FileDrop
from datasources.replay import Replay
from datasources.source import DataSource, Malformed, Surroundings
from tests.datasources.make import NOW, around, chengdu, source

CONF = Path(__file__).resolve().parents[2] / "conf"
HEADER = "编号,时间,办结,满意"
ROWS = [
    f"A-{n},2026-06-01 08:{n:02d}:00,{f'2026-06-01 09:{n:02d}:00' if n % 2 else ''},是"
    for n in range(45)
]
FIELDS: Mapping[str, str | FieldMap] = {
    "key": "编号",
    "received_at": FieldMap(column="时间", format="%Y-%m-%d %H:%M:%S"),
    "closed_at": FieldMap(column="办结", format="%Y-%m-%d %H:%M:%S"),
    "satisfied": "满意",
}


def replay(folder: Path, name: str = "a.csv", **more: Any) -> Replay:
    """A play of a file of a folder."""
    return Replay(source("replay", {"path": name, **more}, fields=FIELDS), drill(folder))


def drill(folder: Path) -> Surroundings:
    """A city that lives by its newest event."""
    return dataclasses.replace(around(folder), city=dataclasses.replace(chengdu(), clock="latest"))


def recorded(folder: Path, name: str = "a.csv") -> Path:
    """The recording."""
    file = folder / name
    file.write_text("\n".join([HEADER, *ROWS]) + "\n", "utf-8")
    return file


class _Contract(DataSourceContract):
    more: Mapping[str, Any] = {}

    @pytest.fixture
    def outside(self, tmp_path: Path) -> Make:
        def make(name: str) -> Outside:
            file = recorded(tmp_path, f"{name}.csv")

            def made() -> Replay:
                return replay(tmp_path, file.name, batch_rows=10, **self.more)

            return Outside(source=made(), now=NOW, unreachable=file.unlink, restart=made)

        return make


class TestAtOnce(_Contract):
    more: Mapping[str, Any] = {"speed": "max"}


class TestPlayedToItsEnd(_Contract):
    more: Mapping[str, Any] = {"speed": "600x", "from": "2026-06-01T10:00:00", "to": "2026-06-02"}


class Audience:
    """What somebody knows who has followed the play."""

    def __init__(self, adapter: Replay) -> None:
        self.adapter, self.cursor = adapter, None
        self.cases: dict[str, Mapping[str, Any]] = {}
        self.watermark: datetime | None = None

    def look(self, now: datetime) -> int:
        """How many rows came."""
        came = 0
        for batch in self.adapter.fetch(self.cursor, now):
            self.cursor, came = batch.cursor, came + len(batch.rows)
            self.watermark = batch.watermark or self.watermark
            self.cases.update({row["编号"]: row for row in batch.rows})
        return came


def test_a_case_comes_open_and_then_closed_each_at_its_time(tmp_path: Path) -> None:
    recorded(tmp_path)
    seen = Audience(replay(tmp_path, speed="60x", **{"from": "2026-06-01T08:01:00"}))
    assert seen.look(NOW - timedelta(seconds=30)) == 2  # storing them takes a while
    assert seen.look(NOW) == 0
    assert (seen.cases["A-1"]["办结"], seen.cases["A-1"]["满意"]) == (None, None)
    assert seen.look(NOW + timedelta(seconds=1)) == 1
    assert list(seen.cases) == ["A-0", "A-1", "A-2"]
    seen.look(NOW + timedelta(seconds=59))  # 09:00: none is closed
    assert [key for key, row in seen.cases.items() if row["办结"]] == []
    seen.look(NOW + timedelta(seconds=60))  # 09:01
    assert [key for key, row in seen.cases.items() if row["办结"]] == ["A-1"]
    assert (seen.cases["A-1"]["办结"], seen.cases["A-1"]["满意"]) == ("2026-06-01 09:01:00", "是")
    assert seen.watermark == datetime(2026, 6, 1, 1, 1, tzinfo=UTC)


def test_a_play_ends_at_its_end_and_goes_on_after_a_restart(tmp_path: Path) -> None:
    recorded(tmp_path)
    more = {"speed": "600x", "from": "2026-06-01T08:00:00", "to": "2026-06-01T08:20:00"}
    seen = Audience(replay(tmp_path, **more))
    seen.look(NOW)
    seen.look(NOW)
    seen.adapter = replay(tmp_path, **more)
    seen.look(NOW + timedelta(hours=1))
    assert sorted(seen.cases) == sorted(f"A-{n}" for n in range(21))
    assert seen.look(NOW + timedelta(hours=2)) == 0


def test_another_recording_under_the_same_name_is_sent_anew(tmp_path: Path) -> None:
    file = recorded(tmp_path)
    seen = Audience(replay(tmp_path, speed="max"))
    assert seen.look(NOW) == 45
    file.write_text(f"{HEADER}\nB-1,2026-06-01 08:00:00,,\n", "utf-8")
    assert seen.look(NOW) == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"speed": "fast"}, r'connection\.speed: "fast"; write "max"'),
        ({"speed": "0x"}, r"connection\.speed"),
        ({"from": "yesterday"}, r"connection\.from: .*write a day or a time"),
        ({"from": "2026-06-02", "to": "2026-06-01"}, r"connection\.to: lies before from"),
    ],
)
def test_a_wrong_key_is_named_with_its_remedy(
    tmp_path: Path, more: dict[str, Any], words: str
) -> None:
    with pytest.raises(Malformed, match=words):
        replay(tmp_path, **more)


@pytest.mark.parametrize("more", [{}, {"speed": "600x"}])
def test_no_play_stands_among_figures_of_today(tmp_path: Path, more: dict[str, Any]) -> None:
    file = recorded(tmp_path)
    with pytest.raises(Malformed, match=r"connection\.speed: .*give the drill a city folder"):
        Replay(source("replay", {"path": file.name, **more}, fields=FIELDS), around(tmp_path))
    at_once = source("replay", {"path": file.name, "speed": "max"}, fields=FIELDS)
    (batch,) = Replay(at_once, around(tmp_path)).fetch(None, NOW)
    assert len(batch.rows) == len(ROWS)


def test_a_recording_that_is_too_long_for_memory_is_refused(tmp_path: Path) -> None:
    recorded(tmp_path)
    with pytest.raises(Malformed, match=r"a\.csv: more than 44 rows; cut it, or raise max_rows"):
        list(replay(tmp_path, max_rows=44).fetch(None, NOW))


def shipped(city: str) -> tuple[SourceConfig, Surroundings]:
    """The source of a shipped city of real data, and its surroundings."""
    pack = load_city(CONF / city)
    (config,), findings = load_sources(CONF / city, pack)
    assert findings == ()
    data = Path(__file__).resolve().parents[3] / "shared" / "data" / "real"
    return config, Surroundings(city=pack, data_dir=data, secrets={})


@pytest.mark.slow
def test_san_francisco_at_once_is_what_it_is_as_a_file(shared_data: Path) -> None:
    config, near = shipped("sanfrancisco")
    at_once = {"path": config.connection["path"], "speed": "max"}
    file = _records(FileDrop(config, near), config, near)
    play = _records(Replay(_with(config, at_once), near), config, near)
    assert len(file) == 10_000
    assert play == file


def _records(adapter: DataSource, config: SourceConfig, near: Surroundings) -> Counter[object]:
    """What parse makes of all rows, refused ones by their reason."""
    rows = (row for batch in adapter.fetch(None, NOW) for row in batch.rows)
    found = (
        parse(mapping.apply(row, config), config=config, city=near.city, now=NOW) for row in rows
    )
    return Counter(
        (one.key, one.field, one.reason) if isinstance(one, Rejected) else one for one in found
    )


def _moments() -> Iterator[datetime]:
    yield from (NOW + timedelta(seconds=second) for second in range(0, 13, 2))


@pytest.mark.slow
def test_los_angeles_lives_through_two_hours_in_twelve_seconds(shared_data: Path) -> None:
    config, near = shipped("losangeles")
    start = datetime(2017, 12, 31, 18, tzinfo=near.city.tz)
    more = {"speed": "600x", "from": "2017-12-31T18:00:00", "to": "2017-12-31T20:00:00"}
    connection = {"path": config.connection["path"], **more}
    whole = list(FileDrop(config, near).fetch(None, NOW))
    rows = {row["SRNumber"]: row for batch in whole for row in batch.rows}
    seen = _Angelenos(Replay(_with(config, connection), near))
    seen.look(NOW - timedelta(seconds=40))
    for moment in _moments():
        seen.look(moment)
        clock = start + (moment - NOW) * 600
        known = {key for key, row in rows.items() if _time(row["CreatedDate"], near) <= clock}
        closed = {
            key
            for key in known
            if rows[key]["ClosedDate"] and _time(rows[key]["ClosedDate"], near) <= clock
        }
        assert set(seen.cases) == known
        assert {key for key, row in seen.cases.items() if row["ClosedDate"]} == closed
    assert len(known) > 9_000


class _Angelenos(Audience):
    def look(self, now: datetime) -> int:
        for batch in self.adapter.fetch(self.cursor, now):
            self.cursor = batch.cursor
            self.cases.update({row["SRNumber"]: row for row in batch.rows})
        return len(self.cases)


def _time(text: str, near: Surroundings) -> datetime:
    return datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=near.city.tz)


def _with(config: SourceConfig, connection: Mapping[str, Any]) -> SourceConfig:
    return dataclasses.replace(config, connection=connection)

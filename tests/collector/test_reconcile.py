"""What a source counts is compared with what is stored and what was refused, day by day."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from typer.testing import CliRunner, Result

from centre.__main__ import app
from centre.collector.ground import ground, opened
from centre.collector.ingest import ingest
from centre.collector.reconcile import complete, reconcile
from centre.collector.service import utc_now
from centre.domain.sources import FieldMap, SourceConfig
from centre.store import tables
from centre.store.engine import reading, writing
from centre.store.reconciled import Day
from datasources.file_drop import FileDrop
from datasources.registry import build
from datasources.source import Counting, Surroundings
from tests.collector.pack import CHENGDU, pack
from tests.collector.scripted import Clock, config, settings
from tests.tiny import CITY

MONDAY, TUESDAY = date(2026, 6, 15), date(2026, 6, 16)
HEADER = "key,unit,received,source_version\n"
LINES = (
    "A1,north,2026-06-15T08:00,1",
    "A2,north,2026-06-15T23:59,1",
    "A2,north,2026-06-15T23:59,2",  # the same case once more
    "A3,nowhere,2026-06-15T09:00,1",  # refused: no such unit
    "A4,north,2026-06-16T00:00,1",
    "A4,nowhere,2026-06-16T00:00,2",  # a version of a stored case is refused: the case is one
    "A5,north,never,1",  # refused: of no day
)
SOURCE = """
adapter = "file_drop"
unit = "510107"
contact = "the test"
zone = "Asia/Shanghai"
[name]
zh = "武侯"
en = "Wuhou"
[connection]
folder = "in"
settle_seconds = 0.1
[schedule]
every = "30 s"
[promise]
interval = "1 d"
[fields]
key = "key"
source_version = "source_version"
[fields.received_at]
column = "received"
format = "iso"
"""


def files(**connection: str) -> SourceConfig:
    one = config(adapter="file_drop", unit=None, connection={"settle_seconds": 0.1, **connection})
    return replace(one, fields={**one.fields, "unit": FieldMap(column="unit")})


def put(file: Path, lines: Sequence[str]) -> None:
    file.parent.mkdir(exist_ok=True, parents=True)
    file.write_text(HEADER + "".join(f"{line}\n" for line in lines), "utf-8")


def compared(engine: Engine, one: SourceConfig, data: Path) -> tuple[Day, ...]:
    drop = FileDrop(one, Surroundings(city=CITY, data_dir=data, secrets={}))
    return reconcile(engine, drop, one, CITY, [MONDAY, TUESDAY])


@pytest.mark.parametrize("place", [{"path": "one.csv"}, {"folder": "in"}], ids=str)
def test_files_agree_with_what_was_read_of_them(tmp_path: Path, place: dict[str, str]) -> None:
    one = files(**place)
    put(tmp_path / ("one.csv" if "path" in place else "in/one.csv"), LINES)
    with opened(settings(tmp_path)) as engine:
        with ground(engine, CITY, [one], utc_now) as base:
            drop = FileDrop(one, Surroundings(city=CITY, data_dir=tmp_path, secrets={}))
            ingest(drop, base.claim(one), lambda _done, _total: None)
        assert compared(engine, one, tmp_path) == (
            Day(day=MONDAY, theirs=3, stored=2, refused=1),
            Day(day=TUESDAY, theirs=1, stored=1, refused=0),
        )
        with writing(engine) as conn:
            conn.execute(sa.delete(tables.case).where(tables.case.c.key == "A1"))
        assert [day.difference for day in compared(engine, one, tmp_path)] == [1, 0]


def test_a_simulated_centre_agrees_with_itself_on_every_day(tmp_path: Path) -> None:
    clock = Clock()
    start = clock().date() - timedelta(days=3)
    city, (one, *_) = pack(start)
    with opened(settings(tmp_path)) as engine:
        source = build(one, Surroundings(city=city, data_dir=None, secrets={}))
        with ground(engine, city, [one], clock) as base:
            ingest(source, base.claim(one), lambda _done, _total: None)
        assert isinstance(source, Counting)
        days = [start + timedelta(days=number) for number in range(-1, 3)]
        before, *lived = reconcile(engine, source, one, city, days)
        with reading(engine) as conn:
            assert complete(conn, one, city) == tuple(days[1:])  # of seven those it has named
    assert (before.theirs, before.stored) == (0, 0)
    assert all(day.theirs > 0 and day.difference == 0 for day in lived)


def test_the_command_prints_each_day_and_fails_when_one_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    conf = tmp_path / "chengdu"
    shutil.copytree(CHENGDU, conf)
    (conf / "sources.d" / "wuhou.toml").write_text(SOURCE, "utf-8")
    for name, value in {"CITY": conf, "DATA": tmp_path, "STATE": tmp_path / "state"}.items():
        monkeypatch.setenv(name, str(value))

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, list(words))

    asked = ("reconcile", "wuhou", "--from", "2026-06-15", "--to", "2026-06-16")
    assert run(*asked).output == "wuhou: no complete day to compare\n"
    put(tmp_path / "in" / "one.csv", [line.replace("north", "") for line in LINES[:2]])
    assert run("ingest", "wuhou").exit_code == 0
    done = run(*asked)
    assert done.output.splitlines() == [
        "wuhou  2026-06-15  theirs 2  ours 2 (2 stored, 0 refused)  the same",
        "wuhou  2026-06-16  theirs 0  ours 0 (0 stored, 0 refused)  the same",
    ]
    assert done.exit_code == 0
    put(tmp_path / "in" / "done" / "late.csv", LINES[4:5])
    failed = run(*asked)
    assert failed.output.splitlines()[1].endswith("differs by +1")
    assert failed.exit_code == 1
    assert "say a day as" in run("reconcile", "wuhou", "--from", "Monday").output

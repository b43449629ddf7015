"""docs/connect.md is run as it stands: its files, its console sessions, its tables."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from centre.__main__ import app
from centre.citypack.load import load_city, load_source
from centre.store import tables
from centre.store.engine import connect, reading
from datasources.registry import adapters, build
from tests.datasources.make import NOW, around
from tests.docs.blocks import DOCS, ROOT, Command, files, sessions

PAGE = "connect.md"
TICKETS = "drop/xinjin/2026-06-16.csv"
SOURCE = "conf/chengdu/sources.d/xinjin.toml"
MISTAKES = (
    ('"来电" = "phone"', '"来电" = "fone"'),
    ('\nunit = "510118"', '\nunit = "510181x"'),
    ("received_at = {", "recieved_at = {"),
    ("pattern = ", "pathern = "),
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of one's own with the files of the page; the export is GBK, as they are."""
    shutil.copytree(ROOT / "conf", tmp_path / "conf")
    for path, encoding in ((TICKETS, "gb18030"), (SOURCE, "utf-8")):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(files(PAGE)[path], encoding)
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "REDIS_URL", "WEB_CONCURRENCY", "CITY", "DATA", "STATE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CITY", "conf/chengdu")
    return tmp_path


def run(command: Command, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Do what is typed; the lines that it prints."""
    if command.words[:3] != ("python", "-m", "centre"):
        done = subprocess.run(command.words, check=True, capture_output=True, text=True)
        return done.stdout.splitlines()
    with monkeypatch.context() as patch:
        for name, value in command.env.items():
            patch.setenv(name, value)
        return CliRunner().invoke(app, list(command.words[3:])).output.splitlines()


def test_the_district_of_the_manual_is_connected_as_the_manual_says(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = sessions(PAGE)
    assert [one.words[3] for one in typed if one.words[0] == "python"] == [
        "check",
        "ingest",
        "rejects",
        "check",
        "replay",
    ]
    for command in typed:
        printed = run(command, monkeypatch)
        assert [line for line in command.shown if line not in printed] == [], printed
    engine = connect(f"sqlite:///{place / 'try' / 'chengdu.db'}")
    with reading(engine) as conn:
        rows = {row.key: row for row in conn.execute(sa.select(tables.case))}
    engine.dispose()
    assert sorted(rows) == ["XJ-0001", "XJ-0002", "XJ-0003", "XJ-0005"]
    assert {row.unit for row in rows.values()} == {"510118"}
    assert (rows["XJ-0003"].channel, rows["XJ-0002"].category) == ("new_media", "utilities")
    assert rows["XJ-0001"].title == "五津街道夜间施工，请致电138****8000"


def test_each_mistake_of_the_manual_reads_as_the_manual_says(place: Path) -> None:
    shown = files(PAGE)["mistakes"].splitlines()
    assert len(shown) == len(MISTAKES)
    for (right, wrong), line in zip(MISTAKES, shown, strict=True):
        text = files(PAGE)[SOURCE]
        assert right in text
        (place / SOURCE).write_text(text.replace(right, wrong, 1), "utf-8")
        done = CliRunner().invoke(app, ["check", "conf/chengdu"])
        assert line in done.output.splitlines()
        assert done.exit_code == 1


def test_the_simulated_source_of_the_manual_delivers(place: Path) -> None:
    file = place / SOURCE
    file.write_text(files(PAGE)["simulated"], "utf-8")
    config = load_source(file, load_city(place / "conf" / "chengdu"))
    batch = next(build(config, around()).fetch(None, NOW))
    assert {one.column for one in config.fields.values()} <= set(batch.rows[0])
    assert 40 < len(batch.rows) < 200  # till 15:00 of a Tuesday with 123 cases on a mean day


@pytest.mark.parametrize("adapter", ["file_drop", "simulated"])
def test_every_key_of_an_adapter_is_in_its_table(adapter: str) -> None:
    section = (DOCS / PAGE).read_text("utf-8").split(f"\n## {adapter}\n")[1].split("\n## ")[0]
    keys = re.findall(r"^\| `(\w+)` \|", section, re.M)
    assert sorted(keys) == sorted(adapters()[adapter].connection_keys)

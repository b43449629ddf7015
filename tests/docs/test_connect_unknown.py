"""A table that nobody has described: docs/connect.md leads from its address to the wall."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path
from threading import Event, Thread

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from centre.__main__ import app
from centre.citypack.load import load_city, load_source
from centre.collector.service import Collector
from centre.settings import Settings
from centre.snapshots.bus.memory import MemoryBus
from centre.snapshots.cells import Snapshot
from components.panels import PANELS
from tests.collector.scripted import Running
from tests.components.drawn import view_of
from tests.datasources.databases import fill, run
from tests.datasources.make import NOW, chengdu
from tests.datasources.unknown import TABLE, rows
from tests.docs.blocks import DOCS, ROOT, Command, commands
from tests.mariadb import fresh_mariadb

PAGE, SECRET = "connect.md", "a long word"
SHOWN = "mariadb://reader@10.12.3.4/tickets"
FILE = "conf/chengdu/sources.d/xinjin.toml"
LOCAL_NOW = NOW.astimezone(chengdu().tz).replace(tzinfo=None)
ROWS = rows(400, LOCAL_NOW)
_BLOCK = re.compile(r"^<!-- unknown: (\w+) -->\n```\w+\n(.*?)^```$", re.S | re.M)


@pytest.fixture
def url(mariadb_url: str) -> str:
    """The database of the page, as its reader sees it."""
    url = fresh_mariadb(mariadb_url)
    fill(url, ROWS, TABLE)
    run(
        url,
        sa.text("CREATE OR REPLACE USER reader IDENTIFIED BY :word").bindparams(word=SECRET),
        sa.text("GRANT SELECT ON T_SQGD TO reader"),
    )
    return url.replace("root@", "reader@")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout without the simulated source of the district, at the hour of the page."""
    shutil.copytree(ROOT / "conf", tmp_path / "conf")
    (tmp_path / "conf/chengdu/sources.d/510118.toml").unlink()
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "REDIS_URL", "WEB_CONCURRENCY", "CITY", "DATA", "STATE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CITY", "conf/chengdu")
    monkeypatch.setenv("XINJIN_PASSWORD", SECRET)
    monkeypatch.setattr("centre.commands.check.utc_now", lambda: NOW)
    return tmp_path


def blocks() -> dict[str, str]:
    """The marked blocks of the chapter."""
    return dict(_BLOCK.findall((DOCS / PAGE).read_text("utf-8")))


def call(command: Command, url: str) -> list[str]:
    """Do it on the database of the test; the lines that it prints."""
    words = [url if word == SHOWN else word for word in command.words[3:]]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return done.output.splitlines()


def edited(text: str) -> tuple[str, int]:
    """The draft with the edits of the page, and how many lines they change."""
    lines = blocks()["edits"].splitlines()
    pairs = list(zip(lines[::2], lines[1::2], strict=True))
    for old, new in pairs:
        assert (old[0], new[0]) == ("-", "+")
        assert text.count(f"\n{old[1:]}") == 1, old
        text = text.replace(f"\n{old[1:]}", f"\n{new[1:]}")
    return text, len(pairs)


@pytest.mark.servers
def test_a_table_of_twenty_columns_is_on_the_wall_after_a_few_edited_lines(
    place: Path, url: str
) -> None:
    (command,) = commands(blocks()["draft"])
    printed = call(command, url)
    assert [line for line in command.shown if line not in printed] == [], printed
    file = place / FILE
    text = file.read_text("utf-8")
    assert blocks()["drafted"] in text
    text, lines = edited(text)
    assert lines <= 10
    file.write_text(text, "utf-8")
    (command,) = commands(blocks()["check"])
    printed = call(command, url)
    assert [line for line in command.shown if line not in printed] == [], "\n".join(printed)
    snapshot = first_snapshot(place, file)
    assert snapshot.cell("appeal.received.count", "510118").num == received_today()
    for panel in ("where", "when"):  # the map and the hours of the wall
        drawn = str(PANELS[panel].render(snapshot, view_of(city=chengdu())))
        assert re.search(rf"新津区\D{{,200}}\b{received_today()}\b", drawn)


def received_today() -> int:
    """Counted by hand from the rows: good ones of the day."""
    today = f"{date(2026, 6, 16):%Y/%m/%d}"
    return sum(str(row["DJSJ"]).startswith(today) for row in ROWS)


def first_snapshot(place: Path, file: Path) -> Snapshot:
    """What a collector publishes of this source, once its table is read."""
    env = {"CITY": str(place / "conf/chengdu"), "STATE": str(place / "state")}
    settings, city = Settings.from_env(env), load_city(place / "conf/chengdu")
    bus, stop = MemoryBus(), Event()
    collector = Collector(
        settings, city, [load_source(file, city)], bus, clock=lambda: NOW, beat_seconds=0.1
    )
    thread = Thread(target=collector.run, args=(stop,), daemon=True)
    running = Running(
        collector=collector, bus=bus, url=settings.database_url, stop=stop, thread=thread
    )
    thread.start()
    try:
        return running.until(lambda one: one.source("510118").sent == len(ROWS), 60)
    finally:
        running.end()

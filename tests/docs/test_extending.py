"""What docs/extending.md shows is taken out of it, put into a copy of the tree, and used."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from centre.__main__ import app
from centre.citypack.load import load_city
from centre.collector.ground import ground
from centre.collector.tick import Publisher
from centre.collector.worker import Step
from centre.domain.places import City
from centre.domain.sources import SourceConfig
from centre.live.html_text import html_text
from centre.metrics.registry import METRICS, PARTS
from centre.snapshots.bus.memory import MemoryBus
from centre.snapshots.cells import Snapshot
from centre.store import cubes
from centre.store.engine import connect
from components.panels import PANELS
from components.view import View
from datasources.source import Batch
from tests import tiny
from tests.datasources.make import source
from tests.docs.blocks import ROOT, files
from tests.docs.tree import Tree
from tests.metrics.conftest import empty, fill

PAGE = "extending.md"
METRIC = "centre/metrics/families/applicants.py"
UNIT = "conf/chengdu/places.toml"
PANEL = "components/panels/busiest.py"
ADAPTER = "datasources/append_log.py"
SUITE = "test_append_log.py"

NOON = datetime(2026, 6, 17, 4, 0, tzinfo=UTC)  # in Chengdu
DESK = source("file_drop", {}, fields={"key": "n", "unit": "u", "received_at": "t"})

ASK = """
import json, sys
from datetime import date
from centre.domain.scope import EVERYTHING
from centre.metrics import evaluate
from centre.metrics.questions import Question
from centre.metrics.registry import METRICS, PARTS
from centre.store import cubes
from centre.store.engine import connect, reading
from tests import tiny

engine = connect(sys.argv[1])
filled = cubes.refill(engine, PARTS, tiny.ZONE)
question = Question(
    metric="appeal.enterprise_rate", start=tiny.at("06-15 00:00"), end=tiny.at("06-17 00:00")
)
with reading(engine) as conn:
    value = evaluate.value(conn, tiny.CITY, question, EVERYTHING, tiny.NOW)
    same = cubes.stored(conn) == cubes.recompute(conn, PARTS, tiny.ZONE)
print(json.dumps([METRICS[value.metric].name.en, sorted(filled), value.num, value.den, same]))
"""

SHOW = """
import asyncio, json, sys
from pathlib import Path
import httpx
from app import create_app
from centre.snapshots.bus.memory import MemoryBus
from tests.web import settings, snapshot
from centre.snapshots.cells import Address, Cell
from centre.domain.status import Freshness
from dataclasses import replace

counts = {"510104": 7, "510105": 1204, "510106": 31, "510107": 30, "510108": None}
cells = {Address("appeal.received.count", unit): Cell(num=count, freshness=Freshness.LIVE)
         for unit, count in counts.items()}
bus = MemoryBus()
bus.publish(replace(snapshot(1), cells=cells))
pages = Path(sys.argv[1]) / "pages"
pages.mkdir()
server = create_app(settings(pages.parent), bus=bus, pages=pages).server

async def ask():
    transport = httpx.ASGITransport(app=server)
    async with (server.router.lifespan_context(server),
                httpx.AsyncClient(transport=transport, base_url="http://test") as client):
        paths = ("/embed/busiest?lang=en", "/embed/busiest?lang=en&table=1",
                 "/api/v1/frames?slots=busiest::desk&lang=zh")
        while (await client.get(paths[2])).status_code == 503:
            await asyncio.sleep(0.01)
        return [(await client.get(path)).text for path in paths]

print(json.dumps(asyncio.run(ask())))
"""

LOG_SOURCE = """
name = { zh = "日志", en = "Log" }
adapter = "append_log"
contact = "duty desk"
connection = { path = "tickets.log" }
schedule = { every = "1 s" }
promise = { interval = "1 min" }

[fields]
key = "id"
unit = "district"
received_at = "at"
"""
LOG_PLACES = """
[city]
zh = "河镇市"
en = "Riverton"
title = { zh = "河镇市智慧治理中心", en = "Riverton Operations Centre" }
zone = "Asia/Shanghai"
calendar = "CN"

[[units]]
code = "old-town"
zh = "老城区"
en = "Old Town"
kind = "district"
"""


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def beside_tests(tree: Tree) -> dict[str, str]:
    """The environment in which a script on the tree also finds what tests share."""
    (tree.root.parent / "shared").mkdir()
    (tree.root.parent / "shared" / "tests").symlink_to(ROOT / "tests")
    return {"PYTHONPATH": f"{tree.root}:{tree.root.parent / 'shared'}"}


@pytest.mark.slow  # an interpreter of its own, which imports everything
def test_a_metric_of_one_file_is_filled_in_over_old_cases_and_answers(
    tree: Tree, tmp_path: Path
) -> None:
    engine = empty(tmp_path)  # written while nobody knew of the metric
    fill(engine)
    cubes.refill(engine, PARTS, tiny.ZONE)
    engine.dispose()
    tree.add(METRIC, files(PAGE)[METRIC])
    said = json.loads(tree.python("-c", ASK, engine.url, **beside_tests(tree)))
    new = ["appeal.of_enterprises", "appeal.applicant_stated"]
    # by hand, tests/tiny.py: N1 and N2 are of persons, S2 is of an enterprise
    assert said == ["Share of enterprises", sorted(new), 1, 3, True]
    assert tree.changed() == [METRIC]


def test_a_unit_of_one_table_is_checked_counted_and_on_the_wall(tree: Tree, tmp_path: Path) -> None:
    tree.append(UNIT, files(PAGE)[UNIT])
    folder = tree.root / "conf" / "chengdu"
    checked = CliRunner().invoke(app, ["check", str(folder)])
    assert "in order: 24 units (23 centres, 20 polygons)" in checked.output
    city = load_city(folder)
    row = {"n": "D-1", "u": "东部新区", "t": "2026-06-17T09:00:00+08:00"}
    seen = wall(city, replace(DESK, unit="5101db"), row, tmp_path)
    received, total = (seen.cell("appeal.received.count", one) for one in ("5101db", "city"))
    assert (received.value, received.withheld) == (1, False)
    # One of 23 is too little to be called the city: it is counted, and not shown.
    assert (total.value, total.withheld, total.present, total.expected) == (None, True, 1, 23)
    view = View(lang="zh", surface="wall", city=city, metrics=METRICS)
    drawn = html_text(PANELS["where"].render(seen, view))
    (row_of_it,) = (one for one in drawn.split("<tr") if "东部新区" in one)
    assert re.search("东部新区<.*?>1<", row_of_it)
    assert tree.changed() == [UNIT]


def wall(city: City, config: SourceConfig, row: dict[str, str], folder: Path) -> Snapshot:
    """What the wall shows after one source has delivered one row, as the collector makes it."""
    engine = connect(f"sqlite:///{folder / 'wall.db'}")
    with ground(engine, city, [config], lambda: NOON) as base:
        batch = Batch(rows=[row], cursor={}, watermark=NOON)
        base.claim(config).commit(batch, Step.LIVE, NOON)
        publisher = Publisher(
            engine=engine,
            writer=base.writer,
            city=city,
            configs=[config],
            bus=MemoryBus(),
            clock=lambda: NOON,
        )
        snapshot = publisher.make()
    engine.dispose()
    return snapshot


def read(page: str) -> str:
    """The texts of a page's main part, one after the other."""
    return re.sub(r"<[^>]+>", "", page.partition("<main>")[2].partition("</main>")[0])


@pytest.mark.slow  # interpreters of their own, which import everything
def test_a_panel_of_one_file_is_embedded_tabled_and_sent_to_pages(
    tree: Tree, tmp_path: Path
) -> None:
    tree.add(PANEL, files(PAGE)[PANEL])
    drawn, table, frames = json.loads(tree.python("-c", SHOW, tmp_path, **beside_tests(tree)))
    assert read(drawn).startswith("Most received todayQingyang 1,204Jinniu 31Wuhou 30")
    assert "Chenghua" not in drawn + table  # silent: no number, no rank
    assert "Jinjiang7" in read(table)
    assert json.loads(frames)["slots"]["busiest::desk"][0][0]["slot"] == "busiest"
    assert "青羊区" in frames
    assert tree.changed() == [PANEL]


@pytest.mark.slow  # interpreters of their own, which import everything
def test_an_adapter_of_one_file_passes_the_suite_and_delivers_into_the_store(
    tree: Tree, tmp_path: Path
) -> None:
    shown = files(PAGE)
    tree.add(ADAPTER, shown[ADAPTER])
    (tmp_path / SUITE).write_text(shown[SUITE], "utf-8")
    words = ("-m", "pytest", "-q", "-p", "no:cacheprovider", SUITE)
    suite = tree.python(*words, cwd=tmp_path, PYTEST_DISABLE_PLUGIN_AUTOLOAD=1)
    assert re.search(r"^\d{2,} passed", suite, re.M), suite
    city = city_with_a_log(tmp_path)
    told = tree.python("-m", "centre", "ingest", CITY=city, DATA=tmp_path, STATE=tmp_path / "state")
    assert "log: sent 4 = stored 2 + duplicate 0 + rejected 2" in told
    assert tree.changed() == [ADAPTER]


def city_with_a_log(folder: Path) -> Path:
    """A city whose one source is a log: two good lines, no unit of ours, no JSON, half a line."""
    good = {"at": "2026-06-16T08:00:00+08:00", "district": "老城区"}
    lines = [
        json.dumps({"id": "A-1", **good}),
        json.dumps({"id": "A-2", **good}),
        json.dumps({"id": "A-3", **good, "district": "别处"}),
        "no JSON",
    ]
    (folder / "tickets.log").write_text("\n".join(lines) + '\n{"id": "A-5", ', "utf-8")
    city = folder / "riverton"
    (city / "sources.d").mkdir(parents=True)
    (city / "places.toml").write_text(LOG_PLACES, "utf-8")
    (city / "sources.d" / "log.toml").write_text(LOG_SOURCE, "utf-8")
    return city


@pytest.mark.parametrize("path", [METRIC, PANEL, ADAPTER])
def test_what_is_shown_keeps_the_rules_of_this_house(path: str) -> None:
    command = [sys.executable, "-m", "ruff"]
    for words in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [*command, *words, "--stdin-filename", str(ROOT / path), "-"],
            input=files(PAGE)[path],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"

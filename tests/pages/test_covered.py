"""Whoever is missing: no surface shows a total without saying so, in the bytes that it serves.

Wall, desk, portal panel, interface and file of one moment, for random sets of silent centres.
"""

from __future__ import annotations

import asyncio
import csv
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from io import StringIO
from itertools import count
from typing import Any

import httpx
import pytest
from dash import Dash
from dash._pages import PAGE_REGISTRY
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app import create_app
from centre.alerts.find import find
from centre.domain.places import CITY
from centre.live.runtime import runtime
from centre.metrics.facts import Facts
from centre.metrics.registry import METRICS
from centre.snapshots.bus.memory import MemoryBus
from centre.snapshots.cells import Cell, Snapshot
from centre.snapshots.naming import named
from centre.store.engine import reading
from tests import web, whole_city
from tests.pages.reading import text
from tests.whole_city import CENTRES, CITY_OF, RECEIVED, UNITS, board

MUNICIPAL = "510100"  # in every total, not among the 22 centres
COUNTS = (RECEIVED, "appeal.closed.count", "appeal.backlog.count", "appeal.dispatched.count")
RATES = ("appeal.on_time_rate", "appeal.satisfaction_rate")
PAGES = ("/wall", "/", "/district", "/metric", f"/metric/{RECEIVED}")
EMBEDS = (f"headline?key={RECEIVED}", "where?lang=zh", "where?table=1", "received_today?lang=zh")
VERSIONS = {metric.id: metric.version for metric in METRICS.values()}

silences = st.sets(st.sampled_from(UNITS), min_size=1, max_size=len(UNITS) - 1)
Get = Callable[[str], Awaitable[httpx.Response]]


@dataclass(frozen=True)
class Screens:
    """The application, and all that a board of the city can be made of."""

    app: Dash
    bus: MemoryBus
    facts: Facts
    seqs: Iterator[int]

    def show(self, silent: set[str]) -> Snapshot:
        """Let these be silent."""
        made = whole_city.snapshot(board(self.facts, silent), silent)
        plain = replace(made, seq=next(self.seqs), alerts=find(made, CITY_OF, METRICS))
        seen = named(plain, None, VERSIONS)
        self.bus.publish(seen)
        return seen

    def ask(self, seq: int, asking: Callable[[Get], Awaitable[None]]) -> None:
        """Ask the routes once they have this moment."""

        async def speak() -> None:
            async with web.client(self.app) as speaking:
                while runtime().snapshot().seq != seq or runtime().hub.snapshot is None:
                    await asyncio.sleep(0)
                await asking(lambda path: _answer(speaking, path))

        asyncio.run(speak())


async def _answer(speaking: httpx.AsyncClient, path: str) -> httpx.Response:
    found = await speaking.get(path) if path.startswith(_ROUTES) else await _page(speaking, path)
    assert found.status_code == 200, (path, found.text)
    return found


_ROUTES = ("/api", "/embed", "/export", "/table")


async def _page(speaking: httpx.AsyncClient, path: str) -> httpx.Response:
    """What a browser asks when it comes to a page."""
    place, told = "_pages_location", "_pages_content.children..._pages_store.data"
    inputs = [
        {"id": place, "property": "pathname", "value": path},
        {"id": place, "property": "search", "value": ""},
    ]
    outputs = [
        {"id": "_pages_content", "property": "children"},
        {"id": "_pages_store", "property": "data"},
    ]
    body = {
        "output": f"..{told}..",
        "outputs": outputs,
        "inputs": inputs,
        "changedPropIds": [f"{place}.pathname"],
        "state": [],
    }
    return await speaking.post("/_dash-update-component", json=body)


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screens]:
    PAGE_REGISTRY.clear()
    bus = MemoryBus()
    app = create_app(web.settings(tmp_path_factory.mktemp("everywhere")), bus=bus)
    whole_city.deliver(runtime().engine)
    with reading(runtime().engine) as conn:
        yield Screens(app=app, bus=bus, facts=whole_city.known(conn), seqs=count(1000))
    runtime().engine.dispose()


@pytest.mark.slow
@given(silent=silences)
@example(silent={MUNICIPAL})
@example(silent=set(CENTRES[:2]))
@settings(max_examples=4, deadline=None)
def test_no_page_and_no_panel_shows_a_total_without_its_coverage(
    screens: Screens, silent: set[str]
) -> None:
    seen = screens.show(silent)

    async def asking(get: Get) -> None:
        for path in PAGES:
            page = (await get(path)).json()["response"]["_pages_content"]["children"]
            for name, part in parts(page):
                told(seen, (path, name), [*marked(part)], text(part))
        for panel in EMBEDS:
            page = _Page()
            page.feed((await get(f"/embed/{panel}")).text)
            told(seen, ("embed", panel), page.ids, " ".join(page.words))

    screens.ask(seen.seq, asking)


def told(seen: Snapshot, where: tuple[str, str], ids: list[str], words: str) -> None:
    """A part of a screen that has a total of the city says who is in it."""
    shown = re.sub(r"\s+", "", words)
    cells = {cell.figure: cell for at, cell in seen.cells.items() if at.unit == CITY}
    for cell in (cells[id_] for id_ in ids if id_ in cells):
        if cell.missing:
            assert any(one in shown for one in _said(cell)), (*where, cell, shown)


def _said(cell: Cell) -> list[str]:
    """How a part says it: 20/22, by name, or that it shows no number."""
    names = [CITY_OF.unit_name(code, "zh") for code in cell.missing]
    fraction = [f"{cell.present}/{cell.expected}"] if cell.present < cell.expected else []
    return [
        *fraction,
        *(f"缺{name}" for name in names),
        *(["暂不显示", "不显示"] if cell.withheld else []),
    ]


def parts(tree: Any) -> Iterator[tuple[str, Any]]:
    """The live parts of a page, each of which may be looked at alone, and what is beside them."""
    found: list[tuple[str, Any]] = []
    rest = _without(tree, found)
    yield from found
    yield "beside", rest


def _without(tree: Any, found: list[tuple[str, Any]]) -> Any:
    if isinstance(tree, list):
        return [_without(one, found) for one in tree]
    if not isinstance(tree, dict) or "props" not in tree:
        return tree
    props, id_ = tree["props"], tree["props"].get("id")
    if isinstance(id_, dict) and "slot" in id_ and not id_.get("part"):
        found.append((f"{id_['slot']}:{id_['key']}", tree))
        return None
    return {**tree, "props": {**props, "children": _without(props.get("children"), found)}}


def marked(tree: Any) -> Iterator[str]:
    """The codes of all values of a tree."""
    if isinstance(tree, list):
        for one in tree:
            yield from marked(one)
    if isinstance(tree, dict):
        props = tree.get("props", {})
        if props.get("data-figure") and not props.get("data-how"):
            yield props["data-figure"]
        yield from marked(props.get("children"))


class _Page(HTMLParser):
    """The codes of all values of a document, and its words."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if said.get("data-figure") and not said.get("data-how"):
            self.ids.append(str(said["data-figure"]))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.slow
@given(silent=silences, further=st.sampled_from(UNITS), metric=st.sampled_from(COUNTS + RATES))
@example(silent={MUNICIPAL}, further=CENTRES[0], metric=RECEIVED)
@settings(max_examples=8, deadline=None)
def test_interface_and_file_say_what_the_screens_say_and_one_more_missing_changes_no_other(
    screens: Screens, silent: set[str], further: str, metric: str
) -> None:
    answers: list[dict[str, Any]] = []
    for gone in (silent - {further}, silent | {further}):
        seen = screens.show(gone)
        cell = seen.cell(metric)

        async def asking(get: Get, cell: Cell = cell) -> None:
            found = (await get(f"/api/v1/metrics/{metric}/value?by=unit")).json()
            there = found["coverage"]
            assert (there["present"], there["expected"]) == (cell.present, cell.expected)
            assert (there["missing"], found["withheld"]) == ([*cell.missing], cell.withheld)
            assert there["usual_share"] == pytest.approx(cell.usual_share)
            assert (found["num"], found["den"]) == (cell.num, cell.den)
            file = (await get(f"/export/metric.csv?metric={metric}&by=unit")).text
            whole = [*csv.reader(StringIO(file))][2]
            names = "、".join(CITY_OF.unit_name(code, "zh") for code in cell.missing)
            assert whole[4:7] == [str(cell.present), str(cell.expected), names]
            assert (whole[1] == "") == (cell.num is None)
            answers.append(found)

        screens.ask(seen.seq, asking)
    before, after = ({one["key"]: one for one in each["groups"]} for each in answers)
    for unit in before.keys() - {further}:
        assert before[unit] == after[unit], unit

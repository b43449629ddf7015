"""Pages as they were known: at= in the URL, the line that says so, links that stay in the past."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from dash import Dash
from dash._pages import PAGE_REGISTRY

from app import create_app
from centre.collector.archivist import Archivist
from centre.collector.tick import Publisher
from centre.collector.writer import Writer
from centre.domain.records import Case
from centre.live.runtime import runtime
from centre.metrics.registry import PARTS
from centre.settings import ARCHIVE
from centre.snapshots.bus.memory import MemoryBus
from centre.snapshots.cells import Snapshot
from centre.store import sources
from centre.store.delivery import Delivery
from centre.store.write import write
from tests.pages.reading import sent, text
from tests.pages.test_server import layout_of
from tests.web import client, settings

MORNING = datetime(2026, 6, 17, 2, 0, tzinfo=UTC)  # 10:00 in Chengdu
UNIT = "510104"


def case(number: int, **words: Any) -> Case:
    """Received so many minutes before ten."""
    said: dict[str, Any] = {
        "source": UNIT,
        "key": f"JJ-{number}",
        "source_version": 1,
        "unit": UNIT,
        "received_at": MORNING - timedelta(minutes=number),
        "title": f"路灯 {number} 不亮",
    }
    return Case(**said | words)


class City:
    """A store that is written by hand and published by hand; the clock stands where it is put."""

    def __init__(self, folder: Path) -> None:
        PAGE_REGISTRY.clear()
        self.bus, self.now, self.writer = MemoryBus(), MORNING, Writer()
        self.app: Dash = create_app(settings(folder), bus=self.bus)
        run = runtime()
        self.epochs = {one.id: sources.claim(run.engine, one.id) for one in run.sources}
        self.publisher = Publisher(
            engine=run.engine,
            writer=self.writer,
            city=run.city,
            configs=run.sources,
            bus=self.bus,
            clock=lambda: self.now,
            archive=Archivist(run.engine, self.writer, ARCHIVE).archive,
        )

    def know(self, *cases: Case) -> Snapshot:
        """Write what one centre knows, while the others say that they know nothing new; publish."""
        for id_ in self.epochs:
            self._say(id_, cases if id_ == UNIT else ())
        self.publisher.tick(changed=True, troubles={})
        found = self.bus.latest()
        assert found is not None
        return found

    def _say(self, source: str, cases: Sequence[Case]) -> None:
        run = runtime()
        delivery = Delivery(
            source=source,
            epoch=self.epochs[source],
            records=cases,
            rows=[{"id": one.key} for one in cases],
            cursor=None,
            fetched_at=self.now,
            watermark=self.now,
            days=(self.now.date().isoformat(),),
            units=(source,) if source in run.city.by_code else (),
        )
        write(run.engine, delivery, PARTS, run.city.tz)

    def end(self) -> None:
        self.writer.close()
        runtime().engine.dispose()


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    made = City(tmp_path_factory.mktemp("past"))
    yield made
    made.end()


@pytest.fixture(scope="module")
def then(city: City) -> Snapshot:
    """Three cases were known; later two more of the same morning came, one was changed."""
    known = city.know(case(1), case(2, due_at=MORNING + timedelta(days=1)), case(3))
    city.now += timedelta(minutes=30)
    lapsed = case(5, due_at=MORNING - timedelta(minutes=2))
    city.know(case(4), lapsed, replace(case(1), source_version=2, title="路灯已修好"))
    return known


Show = Callable[..., Any]


@pytest.fixture
def show(city: City, then: Snapshot) -> Show:
    """What is drawn in a page, as the browser is sent it."""

    async def speak(method: str, path: str, **words: Any) -> httpx.Response:
        async with client(city.app) as speaking:
            return await speaking.request(method, path, **words)

    def shown(path: str, search: str = "") -> Any:
        def send(method: str, path: str, **words: Any) -> httpx.Response:
            return asyncio.run(speak(method, path, **words))

        answer = layout_of(send, path, search)
        assert answer.status_code == 200, answer.text
        return answer.json()["response"]["_pages_content"]["children"]

    return shown


def hrefs(tree: Any) -> list[str]:
    """Every address that a page leads to, but the one back to now."""
    if isinstance(tree, list):
        if len(tree) == 3 and isinstance(tree[1], dict) and isinstance(tree[2], list):
            return _address(tree[1]) + hrefs(tree[2])
        return [one for part in tree for one in hrefs(part)]
    if not isinstance(tree, dict):
        return []
    props = tree.get("props", {})
    return _address(props) + hrefs(props.get("nodes")) + hrefs(props.get("children"))


def _address(props: dict[str, Any]) -> list[str]:
    here = props.get("href")
    return [here] if isinstance(here, str) and "data-present" not in props else []


PAGES = ("/", "/district", f"/district/{UNIT}", "/cases", f"/case/{UNIT}:JJ-1", "/sources")


@pytest.mark.parametrize("path", [*PAGES, "/metric", "/metric/appeal.received.count"])
def test_a_page_of_the_past_says_as_known_when_and_leads_back_and_on_in_the_past(
    show: Show, then: Snapshot, path: str
) -> None:
    tree = show(path, f"?at={then.seq}")
    words = text(tree)
    assert "截至 2026年6月17日 10:00:00 时的所知" in words
    assert "回到现在" in words
    assert "暂时无法显示" not in words
    links = [one for one in hrefs(tree) if one.startswith(("/", "?")) and not one.startswith("//")]
    assert len(links) > 5
    assert {parse_qs(urlsplit(one).query)["at"][0] for one in links} == {str(then.seq)}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_now_says_nothing_of_the_past_and_is_live(show: Show, path: str) -> None:
    tree = show(path)
    assert "时的所知" not in text(tree)
    assert all("at=" not in urlsplit(one).query for one in hrefs(tree))
    assert b'"data-slot"' in sent(tree)
    assert b'"data-past-slot"' not in sent(tree)


def test_the_past_stands_still(show: Show, then: Snapshot) -> None:
    tree = sent(show("/", f"?at={then.seq}"))
    assert b'"data-slot"' not in tree
    assert b'"data-past-slot"' in tree


def test_figures_of_then_stand_beside_those_of_now_where_later_data_changed_them(
    show: Show, then: Snapshot
) -> None:
    assert "当时 3 件，现在 5 件" in text(show("/", f"?at={then.seq}"))
    assert "当时 3 件，现在 5 件" in text(show(f"/district/{UNIT}", f"?at={then.seq}"))
    assert "then 3 items, now 5 items" in text(show("/wall", f"?at={then.seq}&lang=en"))
    assert not re.search(r"当时 [\d—]", text(show("/district/510105", f"?at={then.seq}")))
    assert not re.search(r"当时 [\d—]", text(show("/")))


def test_open_cases_shares_and_the_sentence_of_then_say_too_what_they_are_now(
    show: Show, then: Snapshot
) -> None:
    wall = text(show("/wall", f"?at={then.seq}"))
    assert wall.count("当时 3，现在 5") >= 2  # open cases, and the largest category or channel
    assert wall.count("当时 3 件，现在 5 件") >= 2  # the card, and the sentence above
    assert "当时 3，现在 5" in text(show("/", f"?at={then.seq}"))
    assert text(show(f"/district/{UNIT}", f"?at={then.seq}")).count("当时 3，现在 5") >= 2
    assert not re.search(r"当时 [\d—]", text(show("/wall")))


def test_what_was_overdue_then_stands_beside_what_is_known_of_it_now(
    show: Show, then: Snapshot
) -> None:
    assert "当时 0，现在 1" in text(show("/district", f"?at={then.seq}"))
    assert "当时 0" not in text(show("/district"))


def test_the_hours_of_then_are_told_in_their_table(city: City, then: Snapshot) -> None:
    async def speak(search: str) -> str:
        async with client(city.app) as speaking:
            return (await speaking.get(f"/table/received_today?lang=zh{search}")).text

    assert "当时 3，现在 5" in asyncio.run(speak(f"&key={UNIT}&at={then.seq}"))
    assert "当时 3，现在 5" in asyncio.run(speak(f"&at={then.seq}"))
    assert "当时" not in asyncio.run(speak(""))


def test_a_case_is_shown_as_it_was_known(show: Show, then: Snapshot) -> None:
    path = f"/case/{UNIT}:JJ-1"
    assert "路灯 1 不亮" in text(show(path, f"?at={then.seq}"))
    assert "路灯已修好" not in text(show(path, f"?at={then.seq}"))
    assert "路灯已修好" in text(show(path))
    assert "这一版的原始行没有保留" in text(show(path, f"?at={then.seq}"))
    assert "没有保留" not in text(show(path))
    assert "没有这个页面" in text(show(f"/case/{UNIT}:JJ-5", f"?at={then.seq}"))


def test_the_wall_shows_the_moment_and_plays_a_stretch(
    show: Show, city: City, then: Snapshot
) -> None:
    last = city.bus.latest()
    assert last is not None
    still = show("/wall", f"?at={then.seq}")
    assert "时的所知" in text(still)
    film = sent(show("/wall", f"?from={then.seq}&to={last.seq}&speed=30"))
    for said in (f'"data-first":"{then.seq}"', f'"data-last":"{last.seq}"', '"data-speed":"30"'):
        assert said.encode() in film
    assert b'"data-past-slot":"headlines::wall"' in film


@pytest.mark.parametrize(
    ("at", "told"),
    [("1", "存档始于 2026年6月17日"), ("99999", "尚未到来"), ("x", "存档始于"), ("-4", "存档始于")],
)
def test_a_moment_that_cannot_be_shown_says_why(show: Show, at: str, told: str) -> None:
    for path in ("/", "/wall", "/cases"):
        words = text(show(path, f"?at={at}"))
        assert told in words
        assert "回到现在" in words


@pytest.mark.parametrize(
    ("when", "back", "leads"),
    [
        (
            "2026-06-17T10:00",
            "/district/510104?sort=-open",
            "/district/510104?sort=-open&at={then}",
        ),
        ("2026-06-17T10:29:59", "/?at=7", "/?at={then}"),
        ("2026-06-17T09:59", "/cases", "/cases?at=0"),
        ("yesterday", "/", "/?at=0"),
        ("0001-01-01T00:00", "/", "/?at=0"),
        ("2026-06-17T10:00", "https://example.org/x", "/?at={then}"),
        ("2026-06-17T10:00", "//example.org", "/?at={then}"),
        ("2026-06-17T10:00", "/\\example.org", "/?at={then}"),
    ],
)
def test_a_local_time_is_resolved_once_to_a_change_number(
    city: City, then: Snapshot, when: str, back: str, leads: str
) -> None:
    assert _then(city, when=when, back=back) == leads.format(then=then.seq)


def test_two_local_times_are_a_film_on_the_wall(city: City, then: Snapshot) -> None:
    last = city.bus.latest()
    assert last is not None
    leads = _then(city, when="2026-06-17T10:00", until="2026-06-17T18:00", back="/")
    assert leads == f"/wall?from={then.seq}&to={last.seq}&speed=60"


def _then(city: City, **words: str) -> str:
    async def speak() -> httpx.Response:
        async with client(city.app) as speaking:
            return await speaking.get("/then", params=words)

    answer = asyncio.run(speak())
    assert answer.status_code == 303
    return answer.headers["location"]

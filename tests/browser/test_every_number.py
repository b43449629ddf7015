"""Every number of every page is a figure that the interface confirms, or says why it is none.

The crawler visits all pages in both languages, with real ids, and the table of every drawing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from centre.citypack.load import load_city, load_sources
from centre.domain.places import City, Name
from tests.browser.addresses import addresses
from tests.browser.answers import Answers
from tests.browser.chromium import watched
from tests.browser.rules import bad_reasons, says_numbers, undrawn, unmarked, untold
from tests.browser.seen import Seen, seen
from tests.browser.serve import Centre, running, small_chengdu, wait_until_filled

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.crawl]

LANGS = ("zh", "en")
FIGURES = 6
"""Pages of single figures looked at in each language: of different kinds of questions."""


@dataclass
class Crawler:
    """Looks at one address after the other; remembers the tables it has read."""

    centre: Centre
    page: Page
    city: City
    sources: tuple[Name, ...]
    answers: Answers
    tables: dict[str, str] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)  # kind of question -> an id

    def look(self, address: str, lang: str) -> list[str]:
        """What is wrong with the numbers of a page and of the tables of its drawings."""
        now = self.open(f"{address}{'&' if '?' in address else '?'}lang={lang}")
        full = {one["twin"] for one in now.drawings if says_numbers(one["label"])}
        hrefs = {one["twin"] for one in (*now.drawings, *now.drawn)} - {"", "words"}
        found = [one for href in sorted(hrefs) for one in self._table(href, now.seq, href in full)]
        return [*self.problems(now), *found, *untold(now, self.tables)]

    def open(self, address: str) -> Seen:
        """Go to an address and read its numbers once it stands still."""
        self.page.goto(f"{self.centre.url}{address}")
        self.page.wait_for_selector("main *", timeout=30_000)
        self.page.wait_for_selector(".skeleton", state="detached", timeout=30_000)
        self.page.wait_for_selector("body[data-seq]", timeout=30_000)
        now = seen(self.page)
        for one in now.figures:
            self.figures.setdefault(
                f"{one['how']} {re.sub(r'[^a-z]', '', one['where'])[-12:]}", one["id"].split()[0]
            )
        return now

    def problems(self, now: Seen) -> list[str]:
        """All that is wrong with what a page shows, its tables aside."""
        names = {one.name.of(lang) for one in self.city.units for lang in LANGS}
        codes = (name for many in self.city.codes.values() for name in many.values())
        names |= {name.of(lang) for name in (*codes, *self.sources) for lang in LANGS}
        return [
            *unmarked(now, names),
            *bad_reasons(now),
            *undrawn(now),
            *self.answers.wrong(now),
        ]

    def _table(self, href: str, seq: int, is_full: bool) -> list[str]:
        """The table of a drawing has numbers where the drawing has any, and each is right.

        It is asked for as of the page's own seq: while it is fetched, numbers may move.
        """
        now = self.open(f"{href}{'&' if '?' in href else '?'}at={seq}")
        self.tables[href] = now.cells
        empty = ["it has no figure"] if is_full and not now.figures else []
        return [f"{href}: {problem}" for problem in (*empty, *self.problems(now))]


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Centre, Path]]:
    """A filled Chengdu whose sources have no news for half an hour: its numbers can be read."""
    folder: Path = tmp_path_factory.mktemp("quiet")
    pack = small_chengdu(folder, each=25)
    for file in (pack / "sources.d").glob("*.toml"):
        text = re.sub(r"(?m)^interval\s*=.*$", 'interval = "30 min"', file.read_text("utf-8"))
        file.write_text(text, "utf-8")
    with running(folder, CITY=str(pack)) as centre:
        wait_until_filled(centre)
        yield centre, pack


@pytest.fixture
def crawler(browser: Browser, quiet: tuple[Centre, Path]) -> Iterator[Crawler]:
    """A crawler in a window wide enough for both scenes of the wall."""
    centre, pack = quiet
    city = load_city(pack)
    sources, _ = load_sources(pack, city)
    with watched(browser, 3840, 1080) as window:
        answers = Answers(centre.url, city)
        yield Crawler(centre, window.page, city, tuple(one.name for one in sources), answers)
        assert (window.errors, window.strangers) == ([], [])


def test_every_number_of_every_page_is_a_figure_that_holds_or_says_why_it_is_none(
    crawler: Crawler, tmp_path: Path
) -> None:
    found: dict[str, list[str]] = {}
    for address in addresses(crawler.centre, tmp_path):
        for lang in LANGS:
            if problems := crawler.look(address, lang):
                found[f"{address} {lang}"] = problems
    for id_ in list(crawler.figures.values())[:: max(1, len(crawler.figures) // FIGURES)]:
        for lang in LANGS:
            if problems := crawler.look(f"/figure/{id_}", lang):
                found[f"/figure/{id_} {lang}"] = problems
    assert found == {}
    assert crawler.answers.count > 1_000
    assert len(crawler.tables) > 10


def test_a_number_without_a_mark_is_found(crawler: Crawler) -> None:
    before = crawler.problems(crawler.open("/"))
    crawler.page.evaluate(
        "document.querySelector('main').append(Object.assign("
        "document.createElement('p'), { textContent: '另有 4,711 件' }))"
    )
    found = set(crawler.problems(seen(crawler.page))) - set(before)
    assert [one for one in found if "4,711" in one] != []


def test_a_wrong_number_is_found_on_a_page_and_in_a_table(crawler: Crawler) -> None:
    for address in ("/", "/table/received_today?lang=zh"):
        before = crawler.problems(crawler.open(address))
        wrong = crawler.page.evaluate(
            "() => { const one = [...document.querySelectorAll('main [data-figure]')].find("
            "(el) => /^[1-9][0-9]*$/.test(el.textContent)); one.textContent = "
            "String(Number(one.textContent) + 1); return one.textContent; }"
        )
        found = set(crawler.problems(seen(crawler.page))) - set(before)
        assert [one for one in found if f'"{wrong}" should be' in one] != [], address


def test_a_number_of_a_drawing_that_its_table_lacks_is_found(crawler: Crawler) -> None:
    crawler.look("/wall", "zh")
    crawler.page.goto(f"{crawler.centre.url}/wall?lang=zh")
    crawler.page.wait_for_selector("[data-drawn] svg text")
    crawler.page.wait_for_selector("body[data-seq]")
    crawler.page.evaluate(
        "document.querySelector('[data-drawn] svg text:not([data-plain])').textContent = '98,765'"
    )
    assert any("98,765" in one for one in untold(seen(crawler.page), crawler.tables))

"""Looks at pages one after the other, and says what is wrong with their numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, TimeoutError

from centre.citypack.load import load_city, load_sources
from centre.domain.places import City, Name
from tests.browser.answers import Answers
from tests.browser.chromium import watched
from tests.browser.rules import bad_reasons, says_numbers, undrawn, unmarked, untitled, untold
from tests.browser.seen import Seen, seen
from tests.browser.serve import Centre

LANGS = ("zh", "en")
PATIENCE = 90_000  # ms, for a page of a busy machine


@dataclass
class Crawler:
    """Remembers the tables it has read, and an id of each kind of figure it has met."""

    centre: Centre
    page: Page
    city: City
    sources: tuple[Name, ...]
    answers: Answers
    tables: dict[str, str] = field(default_factory=dict)  # its address -> the text of its cells
    figures: dict[str, str] = field(default_factory=dict)  # kind of question -> an id
    _read: set[tuple[str, int]] = field(default_factory=set)

    def look(self, address: str, lang: str) -> list[str]:
        """What is wrong with the numbers of a page and of the tables of its drawings."""
        now = self.open(f"{address}{'&' if '?' in address else '?'}lang={lang}")
        full = {one["twin"] for one in now.drawings if says_numbers(one["label"])}
        hrefs = {one["twin"] for one in (*now.drawings, *now.drawn)} - {"", "words"}
        found = [one for href in sorted(hrefs) for one in self._table(href, now.seq, href in full)]
        return [
            *self.problems(now),
            *found,
            *untold(now, self.tables),
            *untitled(now, self.tables, self._names(), self.answers.coverage),
        ]

    def walk(self, visits: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
        """What is wrong, by address and language."""
        found = {f"{address} {lang}": self._come(address, lang) for address, lang in visits}
        return {address: problems for address, problems in found.items() if problems}

    def _come(self, address: str, lang: str) -> list[str]:
        """A page that is never drawn is one problem; the walk goes on."""
        try:
            return self.look(address, lang)
        except TimeoutError as error:
            return [f"it is never drawn: {error}"]

    def open(self, address: str) -> Seen:
        """Go to an address and read its numbers once it stands still."""
        self.page.goto(f"{self.centre.url}{address}")
        self.page.wait_for_selector("main *", timeout=PATIENCE)
        for waited in (".skeleton", ".plot:not(:has(svg))"):
            self.page.wait_for_selector(waited, state="detached", timeout=PATIENCE)
        self.page.wait_for_selector("body[data-seq]", timeout=PATIENCE)
        now = seen(self.page)
        for one in now.figures:
            kind = f"{one['how']} {re.sub(r'[^a-z]', '', one['where'])[-12:]}"
            self.figures.setdefault(kind, one["id"].split()[0])
        return now

    def problems(self, now: Seen) -> list[str]:
        """All that is wrong with what a page shows, its tables aside."""
        return [
            *unmarked(now, self._names()),
            *bad_reasons(now),
            *undrawn(now),
            *self.answers.wrong(now),
        ]

    def _names(self) -> set[str]:
        names = {one.name.of(lang) for one in self.city.units for lang in LANGS}
        codes = (name for many in self.city.codes.values() for name in many.values())
        return names | {name.of(lang) for name in (*codes, *self.sources) for lang in LANGS}

    def _table(self, href: str, seq: int, is_full: bool) -> list[str]:
        """The table of a drawing has numbers where the drawing has any, and each is right.

        It is asked for as of the page's own seq: while it is fetched, numbers may move.
        """
        if (href, seq) in self._read:
            return []
        self._read.add((href, seq))
        now = self.open(f"{href}{'&' if '?' in href else '?'}at={seq}")
        self.tables[href] = now.cells
        empty = ["it has no figure"] if is_full and not now.figures else []
        return [f"{href}: {problem}" for problem in (*empty, *self.problems(now))]


@contextmanager
def crawling(browser: Browser, centre: Centre, pack: Path) -> Iterator[Crawler]:
    """A crawler in a window wide enough for both scenes of the wall; no page may complain."""
    city = load_city(pack)
    sources, _ = load_sources(pack, city)
    names = tuple(one.name for one in sources)
    with watched(browser, 3840, 1080) as window:
        yield Crawler(centre, window.page, city, names, Answers(centre.url, city))
        assert (window.errors, window.strangers) == ([], [])

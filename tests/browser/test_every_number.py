"""Every number of every page is a figure that the interface confirms, or says why it is none.

`make test` walks some addresses of each page in both languages, here in a calm city, in
test_trouble.py in one that is not; `make crawl` walks them all. Each reads the tables of the
drawings that it meets.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.addresses import addresses
from tests.browser.crawler import LANGS, Crawler, crawling
from tests.browser.rules import untitled, untold
from tests.browser.seen import seen
from tests.browser.serve import promise, running, small_chengdu, wait_until_filled

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIGURES = 6
"""Pages of single figures looked at in each language: of different kinds of questions."""
ALONE = 40
"""One of so many figures is asked for alone as well."""


@pytest.fixture(scope="module")
def crawler(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, filled: Path
) -> Iterator[Crawler]:
    """In a Chengdu whose sources have no news for half an hour: its numbers can be read."""
    folder: Path = tmp_path_factory.mktemp("quiet")
    pack = small_chengdu(folder)
    promise(pack, "30 min")
    with (
        running(folder, filled, CITY=str(pack)) as centre,
        crawling(browser, centre, pack) as crawler,
    ):
        wait_until_filled(centre)
        yield crawler


def figure_pages(crawler: Crawler) -> list[str]:
    """Some of those of the figures met so far."""
    ids = list(crawler.figures.values())
    return [f"/figure/{one}" for one in ids[:: max(1, len(ids) // FIGURES)][:FIGURES]]


def test_the_numbers_of_each_page_are_figures_that_hold_or_say_why_they_are_none(
    crawler: Crawler, tmp_path: Path
) -> None:
    visits = []
    for number, (page, known) in enumerate(addresses(crawler.centre, tmp_path).items()):
        is_page = not page.startswith(("/embed/", "/table/"))
        visits += [(one, lang) for one in known[:1] for lang in (LANGS if is_page else LANGS[:1])]
        visits += [(one, LANGS[number % 2]) for one in known[-1:] if len(known) > 1]
    found = crawler.walk(visits)
    found |= crawler.walk([(one, LANGS[n % 2]) for n, one in enumerate(figure_pages(crawler))])
    assert found == {}
    assert crawler.answers.count > 1_000
    assert len(crawler.tables) > 10
    assert crawler.answers.differing(ALONE) == []


@pytest.mark.crawl
def test_every_number_of_every_page_is_a_figure_that_holds_or_says_why_it_is_none(
    crawler: Crawler, tmp_path: Path
) -> None:
    known = [one for many in addresses(crawler.centre, tmp_path).values() for one in many]
    found = crawler.walk([(one, lang) for one in known for lang in LANGS])
    found |= crawler.walk([(one, lang) for one in figure_pages(crawler) for lang in LANGS])
    assert found == {}


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
    crawler.open("/wall?lang=zh")
    crawler.page.evaluate(
        "document.querySelector('[data-drawn] svg text:not([data-plain])').textContent = '98,765'"
    )
    assert any("98,765" in one for one in untold(seen(crawler.page), crawler.tables))


def test_a_number_of_a_title_that_stands_nowhere_is_found(crawler: Crawler) -> None:
    crawler.open("/")
    crawler.page.evaluate("document.querySelector('main [data-figure]').title = '共 87,654 件'")
    now = seen(crawler.page)
    found = untitled(now, crawler.tables, (), crawler.answers.coverage)
    assert any("87,654" in one for one in found)

"""A metric's page by any of its definitions."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from centre.domain.scope import EVERYTHING
from centre.metrics.registry import METRICS
from centre.snapshots.cells import Snapshot
from components.desk import metric
from components.desk.drill import Drill
from components.view import View
from tests import tiny
from tests.metrics.conftest import tiny_conn
from tests.pages.reading import sent, text

__all__ = ["tiny_conn"]

RATE = METRICS["appeal.satisfaction_rate"]
SNAPSHOT = Snapshot(seq=9, published_at=tiny.NOW, city_now=tiny.NOW, clock="now")
VIEW = View(lang="zh", surface="desk", city=tiny.CITY, metrics=METRICS)


def page(conn: Connection, version: int | None, by: str = "unit") -> tuple[str, str]:
    """The words of the page, and the page as it is sent."""
    drill = Drill(metric=RATE, by=by, version=version)
    found = metric.find(conn, VIEW, SNAPSHOT, EVERYTHING, drill=drill)
    shown = metric.page(SNAPSHOT, VIEW, found)
    return text(shown), sent(shown).decode()


@pytest.mark.parametrize(("version", "shown"), [(None, "72.73"), (2, "72.73"), (1, "50.00")])
def test_the_page_shows_the_figure_by_the_definition_that_is_asked_for(
    tiny_conn: Connection, version: int | None, shown: str
) -> None:
    words, _ = page(tiny_conn, version)
    assert shown in words.replace(" ", "")


def test_the_page_offers_all_definitions_with_their_time_and_names_the_one_in_use(
    tiny_conn: Connection,
) -> None:
    words, html = page(tiny_conn, None)
    assert "第 2 版，自 2019-01-01 起 现用" in " ".join(words.split())
    assert "第 1 版，2018-01-01 至 2018-12-31" in words
    assert "/metric/appeal.satisfaction_rate?version=1&by=unit" in html


def test_the_page_of_another_definition_says_which_was_in_force(tiny_conn: Connection) -> None:
    assert "此时段当时所用为第 2 版口径，此数按第 1 版计算" in page(tiny_conn, 1)[0]
    assert "此时段当时所用" not in page(tiny_conn, 2)[0]


def test_meaning_formula_and_line_are_of_the_definition_that_is_asked_for(
    tiny_conn: Connection,
) -> None:
    words, html = page(tiny_conn, 1)
    assert RATE.earlier[0].definition.zh in words and RATE.definition.zh not in words
    assert "appeal.evaluated" in words
    assert "0.75" in html  # 16 June by the evaluated, 3 of 4; by the closed it is 5 of 6
    assert "?version=1&by=day" in html  # its numbers as a table


def test_breakdowns_keep_the_definition(tiny_conn: Connection) -> None:
    words, html = page(tiny_conn, 1, "channel")
    assert "/metric/appeal.satisfaction_rate?version=1&by=category" in html
    assert "unit=north&version=1" in page(tiny_conn, 1)[1]
    assert "12345电话" in words

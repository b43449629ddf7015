"""The link to the cases behind a figure finds as many as the figure says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import Connection

from centre.domain.scope import EVERYTHING
from centre.metrics.evaluate import value
from centre.metrics.questions import Question
from centre.metrics.registry import METRICS
from centre.metrics.window import window
from centre.store import queries
from centre.store.engine import reading
from components.desk import links
from components.desk.filters import query, read
from tests import tiny
from tests.metrics.conftest import empty, fill
from tests.samples import chengdu

ZONE = chengdu().tz
SUNDAY = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


def said(id_: str, unit: str = "city") -> dict[str, str]:
    link = links.behind(METRICS[id_], SUNDAY, ZONE, unit)
    return dict(parse_qsl(urlsplit(link or "").query))


def test_a_count_leads_to_the_cases_of_today() -> None:
    assert said("appeal.received.count", "510107") == {
        "unit": "510107",
        "kind": "appeal",
        "from": "2026-11-22",
    }


def test_a_rate_leads_to_its_thirty_days_by_its_own_time() -> None:
    assert said("appeal.on_time_rate") == {
        "kind": "appeal",
        "anchor": "due_at",
        "status": "not_on_time",
        "from": "2026-10-23",
        "to": "2026-11-22",
    }


def test_a_backlog_is_of_all_time() -> None:
    assert said("appeal.backlog.count") == {"kind": "appeal", "status": "open"}


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """The tiny city."""
    engine = empty(Path(tmp_path_factory.mktemp("behind")))
    fill(engine)
    with reading(engine) as conn:
        yield conn
    engine.dispose()


def listed(conn: Connection, id_: str) -> int:
    """How many cases the page of the link lists."""
    link = links.behind(METRICS[id_], tiny.NOW, tiny.ZONE) or ""
    filters, slips = read(dict(parse_qsl(urlsplit(link).query)), tiny.CITY, "en")
    assert slips == ()
    return queries.slice(conn, query(filters, tiny.CITY, tiny.NOW), EVERYTHING).total


def amounts(conn: Connection, id_: str) -> tuple[float | None, float | None]:
    """Numerator and denominator, as the page of the metric says them."""
    start, end = window(METRICS[id_], tiny.NOW, tiny.ZONE)
    found = value(conn, tiny.CITY, Question(metric=id_, start=start, end=end), EVERYTHING, tiny.NOW)
    return found.num, found.den


def test_behind_an_on_time_rate_are_all_that_were_not_on_time(conn: Connection) -> None:
    num, den = amounts(conn, "appeal.on_time_rate")
    assert num is not None
    assert den is not None
    assert listed(conn, "appeal.on_time_rate") == den - num > 0


@pytest.mark.parametrize(
    "id_", ["appeal.received.count", "appeal.backlog.count", "appeal.dispatched.count"]
)
def test_behind_a_count_are_as_many_as_it_says(conn: Connection, id_: str) -> None:
    assert listed(conn, id_) == amounts(conn, id_)[0]

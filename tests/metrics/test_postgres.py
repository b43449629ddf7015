"""Another database tells the same numbers."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from centre.metrics.breakdown import offered
from centre.metrics.registry import METRICS
from tests.metrics.boards import RIVER_DOWN, make
from tests.metrics.test_evaluate import ask

pytestmark = pytest.mark.servers


def test_the_board_is_the_same_on_postgresql(
    tiny_conn: Connection, tiny_on_postgres: Connection
) -> None:
    assert make(tiny_on_postgres, RIVER_DOWN) == make(tiny_conn, RIVER_DOWN)


@pytest.mark.parametrize("metric", sorted(METRICS))
def test_every_breakdown_is_the_same_on_postgresql(
    tiny_conn: Connection, tiny_on_postgres: Connection, metric: str
) -> None:
    for by in offered(METRICS[metric]):
        for start, end in (("06-15 00:00", "06-17 00:00"), ("06-15 08:15", "06-16 17:30")):
            there = ask(tiny_on_postgres, metric, start, end, by=by)
            assert there == ask(tiny_conn, metric, start, end, by=by)

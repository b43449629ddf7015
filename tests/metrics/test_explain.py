"""A metric's formula can be read, and its SQL can be run."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.dialects import postgresql

from centre.metrics.explain import sql, words
from centre.metrics.metric import Metric, Shape
from centre.metrics.registry import METRICS


def test_a_rate_is_said_to_be_added_before_it_is_divided() -> None:
    metric = METRICS["appeal.on_time_rate"]
    assert words(metric, "en") == (
        "sum of appeal.due_in_time (at due_at) ÷ sum of appeal.due (at due_at)"
        " (added first, divided last)"
    )
    assert words(metric, "zh").startswith("appeal.due_in_time（按 due_at 计） 的合计 ÷ ")


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda one: one.id)
def test_every_metric_has_words_and_sql_without_holes(metric: Metric) -> None:
    for lang in ("zh", "en"):
        assert "None" not in words(metric, lang)
        assert "{" not in words(metric, lang)
    assert (sql(metric) == {}) == (metric.shape is Shape.GAUGE)
    for statement in sql(metric, postgresql.dialect()).values():
        assert "%(" not in statement


def test_the_sql_gives_the_numbers_it_explains(tiny_conn: Connection) -> None:
    found = dict(tiny_conn.execute(text(sql(METRICS["appeal.on_time_rate"])["num"])).all())
    # of all time: N1 and N6, S1 and S2, R1 and R2
    assert found == {"north": 2, "south": 2, "river": 2}

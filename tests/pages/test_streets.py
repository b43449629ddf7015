"""The streets of a unit that is silent are unknown, and not at 0."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from centre.domain.status import Freshness
from centre.metrics.forecast import Forecast
from centre.metrics.questions import Coverage, Group, Value
from centre.metrics.registry import METRICS
from components.desk.district import STREET_METRICS, Found, district
from components.panels import PANELS
from components.view import View
from tests.pages.reading import text
from tests.samples import chengdu, sample_snapshot

UNIT, NOW = "510129", datetime(2026, 6, 16, 6, tzinfo=UTC)
STREET = Group(key="s-1", num=8.0, den=10.0, value=0.8)


def answered(metric: str, num: float | None, *groups: Group) -> Value:
    return Value(
        metric=metric,
        unit=UNIT,
        start=NOW,
        end=NOW,
        num=num,
        den=None,
        value=num,
        freshness=Freshness.LIVE,
        as_of=None,
        coverage=Coverage(present=0, expected=1),
        groups=groups,
    )


def row(today: float | None) -> str:
    """The row of the one street, by the number of cases of the unit today."""
    received, backlog, *rates = STREET_METRICS
    found = Found(
        now=NOW,
        seq=7,
        bands=(),
        ahead=Forecast(days=(), basis=0),
        streets={
            received: answered(received, today),
            backlog: answered(backlog, today),
            **{one: answered(one, 8.0, STREET) for one in rates},
        },
    )
    view: Any = View(lang="zh", surface="desk", city=chengdu(), metrics=METRICS)
    page = district(sample_snapshot(chengdu(), "live"), view, PANELS, code=UNIT, found=found)
    return text(page).split(" s-1 ")[1][:22]


def test_a_silent_unit_has_dashes_and_a_unit_without_cases_has_noughts() -> None:
    assert row(None).startswith("— — 80.00 %")
    assert row(0.0).startswith("0 0 80.00 %")

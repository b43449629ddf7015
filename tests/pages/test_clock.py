"""What is said of the clock of one case."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from components.desk.clock import limit, stage
from tests.pages.conftest import case
from tests.samples import chengdu

ZONE = ZoneInfo("Asia/Shanghai")
FRIDAY, SUNDAY = (
    datetime(2026, 11, 20, 23, 59, 36, tzinfo=ZONE),
    datetime(2026, 11, 22, 22, tzinfo=ZONE),
)


def said(due_at: datetime, now: datetime, lang: str = "zh") -> str:
    return limit(case(1, due_at=due_at), now, chengdu(), lang).words


def test_over_a_week_end_the_wall_clock_says_how_late_it_is() -> None:
    assert said(FRIDAY, SUNDAY) == "超期 1 天 22 时"


def test_longer_ones_are_in_working_days() -> None:
    assert said(FRIDAY, datetime(2026, 11, 25, 12, tzinfo=ZONE)) == "超期 2.5 个工作日"


@pytest.mark.parametrize(("lang", "word"), [("zh", "（暂定）"), ("en", "(provisional)")])
def test_a_due_time_of_a_year_without_announced_holidays_is_provisional(
    lang: str, word: str
) -> None:
    assert word in said(datetime(2027, 1, 4, 9, tzinfo=ZONE), SUNDAY, lang)
    assert word not in said(datetime(2026, 12, 31, 9, tzinfo=ZONE), SUNDAY, lang)


def test_a_case_closed_later_has_not_come_so_far_yet() -> None:
    one = case(1, dispatched_at=FRIDAY, closed_at=SUNDAY)
    between = datetime(2026, 11, 21, 12, tzinfo=ZONE)
    assert (stage(one, between), stage(one, SUNDAY)) == ("dispatched", "closed")

"""What is said of the clock of one case."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from centre.domain.due import DueRule, due_at, timetable_of
from centre.domain.records import Case, Pause
from centre.domain.standing import standing
from centre.metrics.registry import METRICS
from components.desk.clock import limit, stage
from components.desk.pauses import card
from components.desk.steps import steps
from components.view import View
from tests.pages.conftest import case
from tests.pages.reading import text
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


MONDAY = datetime(2026, 11, 16, 9, tzinfo=ZONE)
SUSPENDED = Pause(reason="suspended", start=MONDAY + timedelta(days=2))
HEARD = Pause(
    reason="third_party", start=MONDAY + timedelta(days=2), end=MONDAY + timedelta(days=3)
)


def paused(*pauses: Pause, **words: Any) -> Case:
    """A case dispatched on Monday and due by the city's rule of ten working days."""
    city = chengdu()
    rule = city.due_rule("appeal", MONDAY)
    assert rule is not None
    table = timetable_of(rule, city.calendar, city.tz)
    due = due_at(rule, table, MONDAY, pauses, words.get("closed_at"))
    return case(1, received_at=MONDAY, dispatched_at=MONDAY, due_at=due, pauses=pauses, **words)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", "停表（挂起），剩 8.0 个工作日"),
        ("en", "clock stopped (suspended), 8.0 working days left"),
    ],
)
def test_a_stopped_clock_says_what_stopped_it_and_what_is_left(lang: str, words: str) -> None:
    one = paused(SUSPENDED)
    assert one.due_at is None
    now = MONDAY + timedelta(days=10)
    assert limit(one, now, chengdu(), lang).words == words
    assert limit(one, MONDAY + timedelta(days=30), chengdu(), lang).words == words


def test_two_pauses_at_once_are_both_named_and_counted_once() -> None:
    one = paused(SUSPENDED, HEARD)
    now = MONDAY + timedelta(days=2, hours=1)
    assert limit(one, now, chengdu(), "zh").words == "停表（挂起、第三方办理），剩 8.0 个工作日"
    stand = standing(one, chengdu(), MONDAY + timedelta(days=4))
    assert stand.run is not None
    assert stand.run.stopped == timedelta(days=2)


def test_a_pause_that_is_over_leaves_the_clock_running_towards_a_later_time() -> None:
    one = paused(HEARD)
    now = MONDAY + timedelta(days=4)
    assert limit(one, now, chengdu(), "zh").words == "剩 7.0 个工作日"
    assert not standing(one, chengdu(), now).is_stopped


def test_a_pause_after_the_time_was_up_does_not_hide_that_it_was() -> None:
    late = Pause(reason="suspended", start=MONDAY + timedelta(days=21))
    said_of = limit(paused(late), MONDAY + timedelta(days=22), chengdu(), "zh").words
    assert said_of.startswith("超期")


def test_a_due_time_of_the_source_is_not_moved_by_a_pause() -> None:
    one = replace(paused(SUSPENDED), due_at=MONDAY + timedelta(days=7))
    assert standing(one, chengdu(), MONDAY).is_own
    assert limit(one, MONDAY + timedelta(days=4), chengdu(), "zh").words == "剩 1.0 个工作日"


def test_calendar_rules_are_spoken_of_by_the_wall_clock_and_never_provisional() -> None:
    rule = DueRule(kind="appeal", clock="calendar_hours", length=48)
    city = replace(chengdu(), due_rules={"appeal": (rule,)})
    start = datetime(2027, 1, 4, 9, tzinfo=ZONE)
    one = case(1, received_at=start, dispatched_at=start, due_at=start + timedelta(hours=48))
    assert limit(one, start + timedelta(hours=20), city, "zh").words == "剩 1 天 4 时"


def test_the_page_of_a_case_shows_its_pauses_and_its_clock() -> None:
    one = paused(HEARD, SUSPENDED)
    view = View(city=chengdu(), metrics=METRICS)
    now = MONDAY + timedelta(days=9)
    line, clock = text(steps(view, one, now)), text(card(view, one, now))
    assert "第三方办理 2026年11月18日 09:00 至 2026年11月19日 09:00 停表" in line
    assert "挂起 2026年11月18日 09:00 至 尚未结束 停表" in line
    assert "自派单起 10 个工作日" in clock
    assert "停表中：挂起，自 2026年11月18日 09:00 起" in clock
    assert "已用 2.0 个工作日" in clock
    assert "停表合计 5.0 个工作日" in clock
    assert "剩余 8.0 个工作日" in clock

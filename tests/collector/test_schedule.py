"""Who is asked when, told by a clock of the test's own."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from centre.collector.schedule import (
    BACK_OFF_CAP_SECONDS,
    RETRY_AFTER_CAP_SECONDS,
    Schedule,
    back_off,
)

START = 1_000.0


def longest(_low: float, high: float) -> float:
    """The jitter at its worst."""
    return high


def schedule(uniform: Callable[[float, float], float] = longest, **every: float) -> Schedule:
    return Schedule(every, START, uniform)


def polls(plan: Schedule, seconds: int, answers: bool = True) -> dict[int, tuple[str, ...]]:
    """Second -> who was asked, each answering at once."""
    asked = {}
    for second in range(seconds):
        asked[second] = plan.due(START + second)
        for source in asked[second]:
            plan.ended(source, START + second, failed=not answers)
    return {second: who for second, who in asked.items() if who}


def test_everyone_is_asked_at_the_start_and_each_second_after() -> None:
    assert polls(schedule(a=1, b=1), 4) == dict.fromkeys(range(4), ("a", "b"))


def test_slow_sources_are_spread_over_their_interval() -> None:
    plan = schedule(**{f"source{n}": 60 for n in range(20)})
    after_start = {second: who for second, who in polls(plan, 61).items() if second}
    assert sum(map(len, after_start.values())) == 20
    assert max(map(len, after_start.values())) < 6


def test_a_source_that_still_runs_misses_its_turn_and_is_counted() -> None:
    plan = schedule(a=1)
    assert plan.due(START) == ("a",)
    assert plan.due(START + 1) == plan.due(START + 2) == ()
    plan.ended("a", START + 2.5, failed=False)
    assert plan.due(START + 3) == ("a",)
    assert plan.skipped("a") == 2


def test_a_failing_source_is_asked_less_and_less_and_recovers_at_once() -> None:
    plan = schedule(a=1)
    assert list(polls(plan, 40, answers=False)) == [0, 2, 6, 14, 23, 32]
    plan.want(["a"], START + 40)
    assert plan.due(START + 40) == ("a",)
    plan.ended("a", START + 40, failed=False)
    assert plan.due(START + 41) == ("a",)


def test_run_now_does_not_wait_for_the_back_off() -> None:
    plan = schedule(a=1)
    polls(plan, 20, answers=False)
    assert plan.due(START + 20) == ()
    plan.want(["a"], START + 20)
    assert plan.due(START + 20) == ("a",)


def test_a_source_that_asks_for_rest_gets_it_up_to_an_hour() -> None:
    plan = schedule(a=1)
    plan.due(START)
    assert plan.ended("a", START, failed=True, at_least=120) == 120
    assert plan.due(START + 119) == ()
    assert plan.due(START + 120) == ("a",)
    assert plan.ended("a", START + 120, failed=True, at_least=1e9) == RETRY_AFTER_CAP_SECONDS


def test_behind_an_open_breaker_a_source_is_asked_within_its_interval_and_8_seconds() -> None:
    for lowest in (True, False):
        plan = schedule(lambda low, high, take=lowest: low if take else high, a=60)
        plan.due(START)
        waited = plan.ended("a", START, failed=True, is_open=True)
        assert waited == (34 if lowest else 68)


def test_a_source_that_was_down_when_the_collector_stopped_is_not_asked_at_the_start() -> None:
    plan = schedule(a=1, b=1)
    plan.rest("a", START, 5)
    assert plan.due(START) == ("b",)
    assert plan.due(START + 5)[0] == "a"


def test_a_paused_source_rests_until_it_is_let_go() -> None:
    plan = schedule(a=1)
    plan.pause(["a"])
    assert polls(plan, 5) == {}
    plan.pause([])
    assert plan.due(START + 5) == ("a",)


def test_a_late_beat_does_not_shift_the_grid() -> None:
    plan = schedule(a=1)
    for moment in (0.0, 1.4, 2.05):
        assert plan.due(START + moment) == ("a",)
        plan.ended("a", START + moment, failed=False)


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_a_back_off_is_never_longer_than_its_cap(failures: int, share: float) -> None:
    waited = back_off(failures, lambda low, high: low + share * (high - low))
    assert 0 <= waited <= BACK_OFF_CAP_SECONDS

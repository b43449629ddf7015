"""What one step of a fetch may take."""

from __future__ import annotations

import pytest

from centre.domain.sources import Limits
from datasources.budget import Budget
from datasources.source import Malformed, Unavailable


class Seconds:
    """Monotonic seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_time_runs_down_over_all_waits_of_a_step_and_is_whole_again_with_the_next() -> None:
    clock = Seconds()
    budget = Budget(Limits(deadline_seconds=10), clock)
    budget.begin()
    clock.now += 7
    assert budget.left() == 3
    clock.now += 3
    with pytest.raises(Unavailable, match="no answer within 10 s"):
        budget.left()
    budget.begin()
    assert budget.left() == 10


def test_before_it_is_begun_nobody_waits() -> None:
    clock = Seconds()
    budget = Budget(Limits(deadline_seconds=10), clock)
    clock.now += 1000
    assert budget.left() == 10


def test_bytes_are_counted_over_all_pieces_of_a_step() -> None:
    budget = Budget(Limits(most_bytes=2**20))
    budget.begin()
    for _ in range(4):
        budget.take(2**18)
    with pytest.raises(Malformed, match=r"more than 1 MiB; ask for less at once, or raise limits"):
        budget.take(1)
    budget.begin()
    budget.take(2**20)

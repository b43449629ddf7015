"""The two judgements that every screen shares, as tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from centre.domain.status import Freshness, Verdict, freshness, verdict, worst

NOW = datetime(2026, 6, 16, 4, 0, tzinfo=UTC)

# interval and age in seconds; late > 1.5 intervals, stale > max(3 intervals, 60 s),
# down > max(10 intervals, 15 min). The limits themselves still belong to the better word.
TABLE = """
    interval      age   expect
          10        0   live
          10       15   live
          10     15.1   late
          10       60   late
          10     60.1   stale
          10      900   stale
          10    900.1   down
          30       45   live
          30       46   late
          30       90   late
          30       91   stale
          30      901   down
          60       90   live
          60      180   late
          60      181   stale
          60      900   stale
          60      901   down
         300      450   live
         300      451   late
         300      900   late
         300      901   stale
         300     3000   stale
         300     3001   down
       86400   129600   live
       86400   259200   late
       86400   864000   stale
       86400   864001   down
          60      -30   live
"""


@pytest.mark.parametrize("line", TABLE.strip().splitlines()[1:])
def test_an_age_has_one_word(line: str) -> None:
    interval, age, expect = line.split()
    as_of = NOW - timedelta(seconds=float(age))
    assert freshness(as_of, NOW, float(interval)) == Freshness(expect)


def test_what_never_was_is_missing() -> None:
    assert freshness(None, NOW, 60) == Freshness.MISSING


def test_an_age_only_ever_gets_worse() -> None:
    order = list(Freshness)
    seen = [freshness(NOW - timedelta(seconds=s), NOW, 60) for s in range(0, 2000, 7)]
    assert seen == sorted(seen, key=order.index)
    assert set(seen) == set(order[:4])


def test_the_worst_state_wins_and_none_is_missing() -> None:
    assert worst([Freshness.LIVE, Freshness.STALE, Freshness.LATE]) == Freshness.STALE
    assert worst([]) == Freshness.MISSING


def moment(hours: float | None) -> datetime | None:
    """An instant some hours from now; None stays None."""
    return None if hours is None else NOW + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("due", "closed", "expect"),
    [
        (None, None, Verdict.NONE),
        (None, -1, Verdict.NONE),
        (-1, -2, Verdict.ON_TIME),
        (-1, -1, Verdict.ON_TIME),  # closed exactly at its due time
        (-2, -1, Verdict.LATE),
        (2, -1, Verdict.ON_TIME),
        (2, None, Verdict.OPEN),
        (0, None, Verdict.OPEN),  # due this very moment
        (-1, None, Verdict.OVERDUE),
        (-1, 1, Verdict.OVERDUE),  # its closing has not happened yet
        (2, 1, Verdict.OPEN),
        (-1, 0, Verdict.LATE),
    ],
)
def test_a_case_has_one_verdict(due: float | None, closed: float | None, expect: Verdict) -> None:
    assert verdict(moment(due), moment(closed), NOW) == expect

"""The quality of deliveries over 30 days: punctual, complete, corrected, revised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centre.domain.scope import EVERYTHING, Scope
from centre.metrics.quality import quality
from centre.metrics.quality_lines import NAMES, Amount, Line, Quality
from centre.metrics.registry import PARTS
from centre.snapshots.cells import SourceState
from centre.store import changes, reconciled, sources
from centre.store.delivery import Delivery
from centre.store.engine import reading, writing
from centre.store.write import write
from tests.metrics.conftest import empty
from tests.samples import chengdu

CITY = chengdu()
UNIT, HOUR = "510104", 3600.0
MORNING = datetime(2026, 6, 17, 10, tzinfo=CITY.tz)
TODAY = MORNING.date()


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


class Told:
    """A store with one source that promises an hour."""

    def __init__(self, folder: Path) -> None:
        self.engine = empty(folder)
        self.epoch = sources.claim(self.engine, UNIT)

    def poll(
        self, at: datetime, days: tuple[str, ...] = (), *, until: datetime | None = None
    ) -> None:
        """It answers with all until then, or until an earlier time."""
        delivery = Delivery(
            source=UNIT,
            epoch=self.epoch,
            records=(),
            rows=(),
            cursor={},
            fetched_at=at,
            watermark=until or at,
            days=days,
            units=(UNIT,),
            promised_seconds=HOUR,
        )
        write(self.engine, delivery, PARTS, CITY.tz)

    def quality(
        self, now: datetime, scope: Scope = EVERYTHING, *, at: int | None = None
    ) -> Quality:
        """As /quality reads it."""
        with reading(self.engine) as conn:
            row = next(one for one in sources.states(conn) if one.id == UNIT)
            state = replace(STATE, as_of=row.watermark, succeeded_at=row.succeeded_at)
            return quality(conn, CITY, (state,), scope, now, at=at)


STATE = SourceState(
    id=UNIT,
    zh="锦江区",
    en="Jinjiang",
    unit=UNIT,
    adapter="simulated",
    state="live",
    synthetic=True,
    interval_seconds=HOUR,
    contact="",
)


@pytest.fixture
def told(tmp_path: Path) -> Told:
    return Told(tmp_path)


@pytest.fixture
def fresh(tmp_path: Path) -> Callable[[], Told]:
    """A new one for each example."""
    numbers = count()

    def made() -> Told:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        return Told(folder)

    return made


def on(line: Line, day: date) -> float | None:
    return next(one.punctual for one in line.days if one.day == day)


def test_late_time_counts_whether_the_source_has_come_back_or_not(told: Told) -> None:
    told.poll(MORNING - hours(5))
    told.poll(MORNING - hours(2))  # 1.5 h of 3 were late
    (line,) = told.quality(MORNING).sources  # and 0.5 h until now

    assert on(line, TODAY) == pytest.approx(1 - 2 / 10)
    assert line.punctual == pytest.approx(1 - 2 / 10)


@pytest.mark.slow
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 12), st.booleans()), max_size=8))
def test_what_was_said_of_a_moment_is_said_of_it_for_ever(
    fresh: Callable[[], Told], steps: list[tuple[int, int, bool]]
) -> None:
    """Whether it was late then is judged by the clock of then, however it came back since."""
    told, now, said = fresh(), MORNING, {}
    told.poll(now)
    for passed, behind, answers in steps:
        now += hours(passed / 2)
        if answers:
            told.poll(now, until=now - hours(behind))
        with writing(told.engine) as conn:
            seq = changes.next_change(conn, "publish", None, now)
        said[seq] = now, _sums(told.quality(now))
        assert _sums(told.quality(now, at=seq)) == said[seq][1]
    assert {seq: (at, _sums(told.quality(at, at=seq))) for seq, (at, _) in said.items()} == said


def _sums(found: Quality) -> list[tuple[str, Amount]]:
    lines = (*found.sources, *found.units)
    return [(name, _whole(one.amount(name))) for one in lines for name in NAMES]


def _whole(amount: Amount) -> Amount:
    num, den = amount
    return num if num is None else round(num, 3), den if den is None else round(den, 3)


def test_of_days_before_the_ledger_began_nobody_says_how_punctual_they_were(told: Told) -> None:
    told.poll(MORNING - hours(5))
    told.poll(MORNING)
    (line,) = told.quality(MORNING).sources

    assert on(line, TODAY - timedelta(days=1)) is None
    assert line.count("rejected") == 0


def test_a_day_that_was_not_delivered_to_its_end_is_missing(told: Told) -> None:
    told.poll(MORNING - hours(1), days=("2026-06-13", "2026-06-14", "2026-06-16"))
    found = told.quality(MORNING)
    (line,), unit = found.sources, next(one for one in found.units if one.id == UNIT)

    assert line.complete == unit.complete == (3, 4)  # without today, and since the first


def test_a_unit_that_nobody_has_heard_of_is_not_judged(told: Told) -> None:
    told.poll(MORNING)
    other = next(one for one in told.quality(MORNING).units if one.id == "510105")

    assert (other.complete, other.punctual, other.count("rejected")) == ((0, 0), None, None)


def test_units_out_of_the_scope_are_left_out(told: Told) -> None:
    told.poll(MORNING)
    found = told.quality(MORNING, Scope(units=frozenset({UNIT})))

    assert [one.id for one in found.units] == [UNIT]


def test_days_that_differ_from_their_source_are_counted(tmp_path: Path) -> None:
    told = Told(tmp_path)
    same = reconciled.Day(day=TODAY - timedelta(days=2), theirs=4, stored=3, refused=1)
    short = replace(same, day=TODAY - timedelta(days=1), theirs=6)
    with writing(told.engine) as conn:
        reconciled.keep(conn, UNIT, [same, short], MORNING)
    (line,) = told.quality(MORNING).sources
    assert line.alike == (1, 2)
    assert [one.compared.difference for one in line.days if one.compared] == [0, 2]


def test_a_unit_of_one_source_has_its_punctuality_and_counts_one_of_two_has_none(
    told: Told,
) -> None:
    told.poll(MORNING - hours(5), days=("2026-06-16",))
    told.poll(MORNING)
    found = told.quality(MORNING)
    (line,) = found.sources
    unit = next(one for one in found.units if one.id == UNIT)

    assert unit.punctual == line.punctual is not None
    assert [unit.count(name) for name in ("corrected", "duplicate", "rejected")] == [0, 0, 0]
    assert unit.days[-2].is_complete

    with reading(told.engine) as conn:
        two = (STATE, replace(STATE, id="other"))
        found = quality(conn, CITY, two, EVERYTHING, MORNING)
    shared = next(one for one in found.units if one.id == UNIT)
    assert (shared.punctual, shared.count("rejected")) == (None, None)

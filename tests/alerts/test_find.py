"""What is found in a snapshot, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from centre.alerts.find import find
from centre.domain.places import Name, Target
from centre.domain.status import Freshness
from centre.metrics.registry import METRICS
from centre.snapshots.cells import Address, Alert, Cell, Snapshot
from tests import tiny
from tests.metrics.boards import state

RECEIVED = "appeal.received.count"


def live(num: float | None, den: float | None = None, state: Freshness = Freshness.LIVE) -> Cell:
    return Cell(num=num, den=den, freshness=state, present=1, expected=1)


CALM = Snapshot(
    seq=1,
    published_at=tiny.NOW,
    city_now=tiny.NOW,
    clock="now",
    sources=(state("north", "live"), state("south", "live"), state("river", "live")),
    cells={
        Address(RECEIVED, "north"): live(29),
        Address(RECEIVED, "north", "usual"): live(10),
        Address(RECEIVED, "south"): live(44),
        Address(RECEIVED, "south", "usual"): live(30),
        Address("appeal.on_time_rate", "city"): live(95, 100),
    },
    filled_days=35,
    total_days=35,
)


def with_cells(snapshot: Snapshot, cells: dict[Address, Cell]) -> Snapshot:
    return replace(snapshot, cells={**snapshot.cells, **cells})


def kinds(found: tuple[Alert, ...]) -> list[tuple[str, str]]:
    return [(one.kind, one.unit) for one in found]


def test_a_calm_day_has_no_alert() -> None:
    assert find(CALM, tiny.CITY, METRICS) == ()


def test_a_silent_source_is_named_with_the_time_it_was_last_heard() -> None:
    snapshot = replace(CALM, sources=(state("north", "down", 42), state("south", "late", 3)))
    assert find(snapshot, tiny.CITY, METRICS) == (
        Alert(
            kind="source_down",
            unit="north",
            source="north-desk",
            since=tiny.NOW - timedelta(minutes=42),
        ),
    )


def test_the_source_that_is_silent_for_longest_leads() -> None:
    snapshot = replace(
        CALM,
        sources=(
            state("north", "down", 20),
            state("south", "missing", None),
            state("river", "down", 90),
        ),
    )
    assert [one.unit for one in find(snapshot, tiny.CITY, METRICS)] == ["south", "river", "north"]


def test_a_paused_source_is_no_alert() -> None:
    snapshot = replace(CALM, sources=(state("north", "paused", 90),))
    assert find(snapshot, tiny.CITY, METRICS) == ()


def test_a_target_is_missed_only_below_it_and_by_the_relative_most_first() -> None:
    city = replace(
        tiny.CITY,
        targets={
            one: Target(metric=one, value=limit, note=Name(zh="试", en="trial"))
            for one, limit in (("appeal.on_time_rate", 0.95), ("appeal.overdue_rate", 0.01))
        },
    )
    cells = {
        Address("appeal.on_time_rate", "city"): live(90, 100),
        Address("appeal.overdue_rate", "city"): live(2, 100),
    }
    found = find(with_cells(CALM, cells), city, METRICS)
    assert [one.metric for one in found] == ["appeal.overdue_rate", "appeal.on_time_rate"]
    assert (found[1].value, found[1].limit) == (0.9, 0.95)


def test_a_rate_that_is_missing_misses_no_target() -> None:
    cells = {Address("appeal.on_time_rate", "city"): Cell(num=None)}
    assert find(with_cells(CALM, cells), tiny.CITY, METRICS) == ()


def test_a_surge_needs_thirty_cases_and_half_as_many_again_as_usual() -> None:
    cells = {
        Address(RECEIVED, "north"): live(30),
        Address(RECEIVED, "south"): live(45),
        Address(RECEIVED, "river"): live(500),  # without a usual nothing can be compared
    }
    found = find(with_cells(CALM, cells), tiny.CITY, METRICS)
    assert [(one.unit, one.value, one.limit) for one in found] == [
        ("north", 30, 10),
        ("south", 45, 30),
    ]


def test_a_unit_whose_source_is_stale_cannot_surge() -> None:
    cells = {Address(RECEIVED, "north"): live(300, state=Freshness.STALE)}
    assert find(with_cells(CALM, cells), tiny.CITY, METRICS) == ()


def test_sources_come_before_targets_and_targets_before_surges() -> None:
    snapshot = with_cells(
        replace(CALM, sources=(state("river", "down", 42),)),
        {
            Address("appeal.on_time_rate", "city"): live(50, 100),
            Address(RECEIVED, "north"): live(300),
        },
    )
    assert kinds(find(snapshot, tiny.CITY, METRICS)) == [
        ("source_down", "river"),
        ("target_missed", "city"),
        ("surge", "north"),
    ]


def test_while_history_is_filled_in_only_a_source_that_fell_silent_counts() -> None:
    snapshot = with_cells(
        replace(
            CALM,
            filled_days=12,
            sources=(state("river", "down", 42), state("south", "missing", None)),
        ),
        {
            Address("appeal.on_time_rate", "city"): live(50, 100),
            Address(RECEIVED, "north"): live(300),
        },
    )
    assert kinds(find(snapshot, tiny.CITY, METRICS)) == [("source_down", "river")]


def test_finished_data_has_no_silent_source() -> None:
    snapshot = replace(CALM, clock="latest", sources=(state("river", "down", 42),))
    assert find(snapshot, tiny.CITY, METRICS) == ()

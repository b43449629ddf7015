"""A number that has not moved keeps its figure id; one that has gets the id of its moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given

from centre.snapshots.cells import Address, Cell, Due, Share, Snapshot
from centre.snapshots.figures import cell_query, figure_code, figure_id
from centre.snapshots.naming import named
from tests.snapshots.strategies import snapshots

NOON = datetime(2026, 6, 16, 4, tzinfo=UTC)
PLACE = Address("appeal.received.count", "510104")
VERSIONS = {"appeal.received.count": 1}


def of(seq: int, num: float, overdue: int = 3, usual: float = 7.2) -> Snapshot:
    return Snapshot(
        seq=seq,
        published_at=NOON,
        city_now=NOON,
        clock="now",
        cells={PLACE: Cell(num=num)},
        dues={"510104": Due(open=9, lapses_today=1, overdue=overdue)},
        shares={("channel", "510104"): (Share(key="phone", today=2.0, usual=usual),)},
    )


def test_what_stands_still_keeps_its_moment() -> None:
    first = named(of(5, 10), None, VERSIONS)
    later = named(of(6, 10, usual=7.4), first, VERSIONS)
    assert later.cells[PLACE].figure == figure_id(cell_query(PLACE), 1, 5)
    assert later.dues["510104"].seq == 5
    assert later.shares["channel", "510104"][0].seq == 5


def test_what_moves_is_of_its_own_moment() -> None:
    first = named(of(5, 10), None, VERSIONS)
    later = named(of(6, 11, overdue=4, usual=7.6), first, VERSIONS)
    assert figure_code(later.cells[PLACE].figure).seq == 6
    assert later.dues["510104"].seq == 6
    assert later.shares["channel", "510104"][0].seq == 6


@pytest.mark.slow
@given(snapshots, snapshots)
def test_naming_changes_no_number(a: Snapshot, b: Snapshot) -> None:
    versions = {address.metric: 1 for address in (*a.cells, *b.cells)}
    made = named(b, named(a, None, versions), versions)
    bare = {at: replace(one, figure="") for at, one in made.cells.items()}
    assert bare == {at: replace(one, figure="") for at, one in b.cells.items()}
    assert [replace(one, seq=0) for one in made.series.values()] == [
        replace(one, seq=0) for one in b.series.values()
    ]

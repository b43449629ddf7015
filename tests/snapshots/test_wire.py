"""A snapshot arrives as it was sent, whole or as what changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from hypothesis import given, settings

from centre.snapshots import columns, wire
from centre.snapshots.cells import Address, Cell, Series, Snapshot
from tests.snapshots.strategies import snapshots

NOON = datetime(2026, 6, 16, 4, tzinfo=UTC)


def full_chengdu(seq: int = 700_000) -> Snapshot:
    """As many cells and series as the city has: 22 metrics, 24 scopes, three windows, 30 days."""
    places = [(f"appeal.metric_{m}.count", f"5101{u:02}") for m in range(22) for u in range(24)]
    cells = {
        Address(metric, unit, window): Cell(
            num=float(n * 7 % 9_000),
            den=float(n * 11 % 9_973),
            as_of=NOON + timedelta(seconds=int(unit)),
            present=1,
            expected=1,
            figure=f"{seq:x}-{n:06x}",
        )
        for n, (metric, unit) in enumerate(places)
        for window in ("now", "week", "usual")
    }
    days = tuple(float(d * 37 % 400) for d in range(30))
    series = {place: Series(first=NOON.date(), num=days, den=days) for place in places}
    return Snapshot(
        seq=seq, published_at=NOON, city_now=NOON, clock="now", cells=cells, series=series
    )


@given(snapshots)
@settings(max_examples=40, deadline=None)
def test_what_is_decoded_is_what_was_encoded(snapshot: Snapshot) -> None:
    assert wire.decode(wire.encode(snapshot)) == snapshot


@given(snapshots, snapshots)
@settings(max_examples=60, deadline=None)
def test_applying_the_difference_gives_the_other_snapshot(a: Snapshot, b: Snapshot) -> None:
    delta = wire.decode_delta(wire.encode_delta(wire.diff(a, b)))
    assert wire.apply(a, delta) == b


def test_a_delta_for_another_snapshot_is_refused() -> None:
    a, b = full_chengdu(1), full_chengdu(2)
    with pytest.raises(wire.WrongBase, match="from seq 1, the snapshot is 2"):
        wire.apply(b, wire.diff(a, b))


def test_a_second_in_which_only_the_clocks_move_is_one_pair_a_unit() -> None:
    a = full_chengdu()
    later = {
        address: replace(cell, as_of=cell.as_of + timedelta(seconds=1))
        for address, cell in a.cells.items()
        if cell.as_of is not None
    }
    delta = wire.diff(a, replace(a, seq=a.seq + 1, cells=later))
    assert (len(delta.changed.cells), len(delta.moved)) == (0, 24)
    assert len(wire.encode_delta(delta)) < 4_000


def test_the_snapshot_of_a_whole_city_stays_under_400_kilobytes() -> None:
    snapshot = full_chengdu()
    assert len(snapshot.cells) == 1_584
    assert len(wire.encode(snapshot)) < 400_000


FIRST_WORDS = {
    "cells": "metric unit window num den as_of freshness present expected missing "
    "usual_share withheld revised figure",
    "": "seq clock filled_days total_days fill_unit synthetic published_at city_now "
    "cells series hours shares dues sources alerts",
}
"""What the first archiving build wrote: kept for 400 days, and read by every later build."""


def test_what_the_first_build_archived_can_still_be_read() -> None:
    snapshot = full_chengdu()
    raw = columns.of_snapshot(snapshot)
    first = {name: raw[name] for name in FIRST_WORDS[""].split()}
    first["cells"] = {name: raw["cells"][name] for name in FIRST_WORDS["cells"].split()}
    first["series"] = [row[:8] for row in raw["series"]]  # without breaks and versions
    read = wire.decode(orjson.dumps(first))
    assert {at: cell.num for at, cell in read.cells.items()} == {
        at: cell.num for at, cell in snapshot.cells.items()
    }
    assert [one.values for one in read.series.values()] == [
        one.values for one in snapshot.series.values()
    ]

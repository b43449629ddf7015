"""Every adapter survives every fault of the wire, and its neighbour does not notice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.lines import Careless, serving
from tests.faults.matrix import INTERVALS, run
from tests.faults.proxy import FAULTS
from tests.faults.table import PROPERTY
from tests.faults.world import World, worlds

pytestmark = pytest.mark.slow  # most worlds are real servers
ON_A_WIRE = [one for one in worlds() if "all" not in one.no_faults]


@pytest.mark.parametrize("world", ON_A_WIRE, ids=lambda one: one.name)
def test_a_source_behind_each_fault_is_told_as_down_and_comes_back_whole(
    world: World, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    cells = run(world, tmp_path)
    for cell in cells:
        # One ask may begin while the fault is being set.
        cell.expect((cell.asks or 0) <= INTERVALS + 1, f"noticed by ask {cell.asks} only")
        record_property(PROPERTY, f"{cell.adapter:12} {cell.fault:11} {cell.line()}")
    for fault, reason in world.no_faults.items():
        record_property(PROPERTY, f"{world.name:12} {fault:11} cannot be: {reason}")
    assert [f"{cell.fault}: {cell.line()}" for cell in cells if cell.wrong] == []


def test_an_adapter_without_deadline_or_length_is_caught(tmp_path: Path) -> None:
    """The negative control: if it were green, the table would prove nothing."""
    careless = World(name="careless", open=serving, adapter=Careless, deadline_seconds=0.5)
    cells = run(careless, tmp_path, ("drip", "truncated"), notice_seconds=5)
    assert {cell.fault for cell in cells if cell.wrong} == {"drip", "truncated"}


def test_the_rig_has_eight_faults() -> None:
    assert len(set(FAULTS)) == 8

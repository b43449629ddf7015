"""Whatever changes in the form of rows is seen, and nothing that is unreadable is stored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.drifts import DRIFTS, run
from tests.faults.table import PROPERTY
from tests.faults.world import World, worlds

pytestmark = pytest.mark.slow  # most worlds are real servers
WITH_ROWS = [one for one in worlds() if "all" not in one.no_drifts]


@pytest.mark.parametrize("world", WITH_ROWS, ids=lambda one: one.name)
def test_rows_of_another_form_are_kept_whole_or_refused_by_name(
    world: World, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    cells = run(world, tmp_path)
    for cell in cells:
        record_property(PROPERTY, f"{cell.adapter:12} {cell.fault:16} {cell.line()}")
    for name, reason in world.no_drifts.items():
        record_property(PROPERTY, f"{world.name:12} {name:16} cannot be: {reason}")
    assert [f"{cell.fault}: {cell.line()}" for cell in cells if cell.wrong] == []


def test_there_are_twelve_drifts() -> None:
    assert len(DRIFTS) == 12

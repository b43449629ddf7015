"""Collectors that are killed at any moment lose, double and mistake nothing; two at once neither.

Both negative controls, a cursor that is written before or after what it stands for, must be caught
by the same kills: a harness that cannot turn red proves nothing.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.collector.kills import Toll, Write, cursor_first, cursor_last, grounds
from tests.faults.table import PROPERTY
from tests.servers import fresh_database

pytestmark = [pytest.mark.slow, pytest.mark.servers]

ON_SQLITE, ON_POSTGRES, RIVALS = 200, 60, 10
LANDED = 0.95
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made there
WHOLE_EVERY = 20  # rounds after which all cubes are counted anew


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """In memory where that can be: kills lose no written page, only a power cut does."""
    if not MEMORY.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="rongzhi-kills-") as made:
        yield Path(made)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, folder: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{folder / 'kills.db'}"
    return fresh_database(request.getfixturevalue("postgres_url"))


def test_no_kill_loses_doubles_or_mistakes_a_row(
    url: str, folder: Path, record_property: Callable[[str, object], None]
) -> None:
    toll, chance = Toll(), random.Random(11)
    kills = ON_SQLITE if url.startswith("sqlite") else ON_POSTGRES
    with grounds(url, folder) as ground:
        for number in range(kills):
            ground.round(toll, chance)
            if number % WHOLE_EVERY == 0:
                ground.check(toll, is_whole=True)
    words = f"{toll.landed} of {toll.killed} landed, {len(toll.violations)} violations"
    record_property(
        PROPERTY, f"kills on {url.split(':', maxsplit=1)[0]}: {words}, {toll.reached[-1]} batches"
    )
    assert toll.violations == []
    assert toll.landed >= LANDED * toll.killed
    assert toll.reached == sorted(toll.reached)
    assert len(set(toll.reached)) > kills * LANDED, "the committed position moved with every kill"


@pytest.mark.parametrize("broken", [cursor_first, cursor_last])
def test_a_cursor_beside_its_rows_is_caught(broken: Write, folder: Path) -> None:
    toll, chance = Toll(), random.Random(3)
    with grounds(f"sqlite:///{folder / 'kills.db'}", folder, broken) as ground:
        while not toll.violations:
            ground.round(toll, chance)
            assert toll.killed < ON_SQLITE, "no kill fell between the two: the harness is blind"


def test_of_two_collectors_at_once_one_is_fenced_out_and_nothing_is_mistaken(
    url: str, folder: Path, record_property: Callable[[str, object], None]
) -> None:
    toll, chance = Toll(), random.Random(5)
    with grounds(url, folder) as ground:
        for _ in range(RIVALS):
            ground.round(toll, chance, rivals=2)
        ground.check(toll, is_whole=True)
    words = f"{toll.landed} killed, {toll.fenced} fenced out, {len(toll.violations)} violations"
    record_property(PROPERTY, f"rivals on {url.split(':', maxsplit=1)[0]}: {words}")
    assert toll.violations == []
    assert toll.landed + toll.fenced == toll.killed == 2 * RIVALS

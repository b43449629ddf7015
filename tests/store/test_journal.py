"""The journal on its own: whatever its blocks, from any change on it says what moved since."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from centre.store import journal, migrations
from centre.store.engine import connect, writing

PARTS, DIMS, EVER = ("p", "q"), ("", "handler"), (0, 10**6)


def _moves(chance: Random) -> dict:
    return {
        (chance.choice(PARTS), chance.choice(DIMS), chance.randint(1, 3), "u", "k"): float(
            chance.choice((-1, 1, 2))
        )
        for _ in range(chance.randint(0, 4))
    }


@pytest.mark.parametrize(("rows", "fold"), [(1, 2), (3, 2), (10, 4), (500, 16)])
def test_from_any_change_on_blocks_add_up_to_what_moved(tmp_path: Path, monkeypatch, rows, fold):
    monkeypatch.setattr(journal, "ROWS", rows)
    monkeypatch.setattr(journal, "FOLD", fold)
    engine, chance = connect(f"sqlite:///{tmp_path / 'x.db'}"), Random(rows)
    migrations.upgrade(engine)
    noted: list[tuple[int, dict]] = []
    with writing(engine) as conn:
        for change in range(1, 60):
            for _ in range(chance.choice((1, 1, 2))):  # a change may be written in portions
                cells = _moves(chance)
                journal.note(conn, cells, change, len(cells))
                noted.append((change, cells))
            if change == 30:
                journal.seal(conn)
        for lowest in range(1, 61):
            first = journal.first_block(conn, lowest) or 61
            for dim in DIMS:
                found = journal.since(conn, PARTS, (dim, EVER), first)
                told = Counter()
                for change, cells in noted:
                    if change >= first:
                        told.update({cell: n for cell, n in cells.items() if cell[1] == dim})
                assert {k: n for k, n in found.items() if n} == {k: n for k, n in told.items() if n}
    engine.dispose()


def test_no_block_holds_what_lies_on_both_sides_of_a_seal(tmp_path: Path):
    engine = connect(f"sqlite:///{tmp_path / 'x.db'}")
    migrations.upgrade(engine)
    cells = {("p", "", 1, "u", ""): 1.0}
    with writing(engine) as conn:
        for change in (1, 2):
            journal.note(conn, cells, change, 1)
        journal.seal(conn)
        for change in (3, 4):
            journal.note(conn, cells, change, 1)
        assert journal.first_block(conn, 3) == 3
        assert conn.scalar(select(func.count()).select_from(journal.block)) == 5
    engine.dispose()

"""What the cubes' totals moved, in blocks of changes: the past without looking at every record.

    change 1 … 40 | 41 … 97 | 98 … now        a block ends when it has seen about 500 records
    moved: part, block, day, unit ──> the sum of the differences that its changes made

Whoever goes back to change 60 takes away the blocks from 98 on, and looks only at the records that
changed between 60 and 98. Only totals are kept: dimensions would be as large as the cubes each day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    Integer,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.sql.expression import ClauseElement

from centre.store import bulk
from centre.store.measure import Cells
from centre.store.tables import cube_part, metadata

ROWS = 500
"""Records of a block: half of them, read twice, are what going back costs at most on average."""

moved = Table(
    "moved",
    metadata,
    Column("part", String(64), primary_key=True),
    Column("block", BigInteger, primary_key=True, autoincrement=False),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("unit", String(32), primary_key=True),
    Column("amount", Float, nullable=False),
    sqlite_with_rowid=False,
)

block = Table(
    "block",
    metadata,
    Column("block", BigInteger, primary_key=True, autoincrement=False),  # its first change
    Column("rows", Integer, nullable=False),  # records stored in it so far
)


class Moved(NamedTuple):
    """What a part's total of one day of a unit was moved by."""

    part: str
    day: int
    unit: str
    amount: float


def note(conn: Connection, cells: Cells, change: int, rows: int) -> None:
    """Add the differences of a change that stored so many records to the running block."""
    totals = [(one, amount) for one, amount in cells.items() if one[1] == ""]
    number = _running(conn, change, rows)
    values = [(part, number, day, unit, n) for (part, _, day, unit, _), n in totals]
    bulk.run(conn, _add(conn.dialect.name), values)


def _running(conn: Connection, change: int, rows: int) -> int:
    newest = conn.execute(select(block).order_by(block.c.block.desc()).limit(1)).one_or_none()
    if newest is None or newest.rows + rows > ROWS:
        return begin(conn, change, rows)
    same = block.c.block == newest.block
    conn.execute(update(block).where(same).values(rows=block.c.rows + rows))
    return int(newest.block)


def begin(conn: Connection, change: int, rows: int = 0) -> int:
    """Begin a block with this change."""
    conn.execute(insert(block).values(block=change, rows=rows))
    return change


@lru_cache(maxsize=2)
def _add(dialect: str) -> ClauseElement:
    statement = bulk.upsert(moved, dialect)
    return statement.on_conflict_do_update(
        index_elements=list(moved.primary_key.columns),
        set_={"amount": moved.c.amount + statement.excluded.amount},
    )


def forget(conn: Connection, part: str) -> None:
    """Drop what is noted of a part whose cubes are counted anew, for it was of other SQL."""
    conn.execute(delete(moved).where(moved.c.part == part))


def first_blocks(conn: Connection, parts: Sequence[str], at: int) -> Mapping[str, int | None]:
    """Part -> the first whole block after a change, from which on the part is noted; None: none."""
    since = dict(
        conn.execute(
            select(cube_part.c.part, cube_part.c.since).where(cube_part.c.part.in_(sorted(parts)))
        ).all()
    )
    found: dict[int, int | None] = {}
    for lowest in {max(at + 1, since.get(part, 0)) for part in parts}:
        found[lowest] = conn.scalar(select(func.min(block.c.block)).where(block.c.block >= lowest))
    return {part: found[max(at + 1, since.get(part, 0))] for part in parts}


def since(conn: Connection, parts: Sequence[str], first: int) -> list[Moved]:
    """What some parts were moved by, from a block on."""
    what = (moved.c.part, moved.c.day, moved.c.unit)
    statement = select(*what, func.sum(moved.c.amount)).group_by(*what)
    mine = statement.where(moved.c.part.in_(sorted(parts)), moved.c.block >= first)
    return [Moved(*row) for row in conn.execute(mine)]

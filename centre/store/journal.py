"""What the cubes moved, in blocks of changes: the past without looking at every record.

    level 0   each change                        0 0 0        what is not in a level 1 yet
    level 1   about 125 records of changes       1 1 1 1 1 1 1 1
    level 2   about 2,000                        2       2
    level 3   about 32,000                       3

Whoever goes back takes away the fewest blocks that hold all since then, and looks only at the
records that changed between then and the first of them. What those of level 0 hold is dropped with
the block of level 1 that they end up in. A block stands as one row for each dimension.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from centre.store.cellpack import Moves, Span, pack, unpack
from centre.store.measure import Cells
from centre.store.tables import cube_part, metadata

ROWS = 125
"""Records of a block of level 1: half of them, read twice, is what going back costs on average."""

FOLD = 16
"""How many times as many a block of the next level holds."""

TOP = 3

moved = Table(
    "moved",
    metadata,
    Column("dim", String(16), primary_key=True),  # "" = total, as in the cubes
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("cells", LargeBinary, nullable=False),  # centre.store.cellpack
)

block = Table(
    "block",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("first", BigInteger, primary_key=True, autoincrement=False),  # its first change
    Column("rows", Integer, nullable=False),  # records stored by its changes
    Column("within", BigInteger),  # the first of the block of the next level that has it in it
)
Index("block_first", block.c.first, block.c.within)

Block = Row[int, int, int, int | None]
Place = tuple[int, int]
"""(level, first) of a block."""


def note(conn: Connection, cells: Cells, change: int, rows: int) -> None:
    """Keep the differences of a change that stored so many records."""
    if not cells and not rows:
        return
    known = conn.execute(select(block).where(block.c.first == change)).first()
    if known is not None:  # a change that is written in portions
        _merge(conn, known, _by_dim(cells), rows)
        return
    _fold_what_is_full(conn)  # only now, for before the next change no change is whole
    _put(conn, (0, change), _by_dim(cells), rows)


def seal(conn: Connection) -> None:
    """Let no block hold changes from before and from after this one."""
    for level in range(TOP):
        _fold(conn, level, _open(conn, level))


def noted(conn: Connection) -> Mapping[str, int]:
    """Part -> the change since which it is noted."""
    return dict(conn.execute(select(cube_part.c.part, cube_part.c.since)).all())


def first_block(conn: Connection, lowest: int) -> int | None:
    """The first whole block from a change on; None: there is none yet."""
    found: int | None = conn.scalar(select(func.min(block.c.first)).where(_cover(lowest)))
    return found


def since(conn: Connection, parts: Collection[str], where: tuple[str, Span], first: int) -> Cells:
    """What some parts were moved by, in one dimension and on some days, from a block on."""
    dim, span = where
    same = and_(moved.c.level == block.c.level, moved.c.first == block.c.first)
    statement = select(moved.c.cells).join(block, same).where(moved.c.dim == dim, _cover(first))
    sums = _sum(conn.scalars(statement).all(), set(parts), span)
    return {
        (part, dim, day, unit, key): amount
        for part, moves in sums.items()
        for (day, unit, key), amount in moves.items()
    }


def _cover(lowest: int) -> ColumnElement[bool]:
    """The fewest blocks that hold all changes from `lowest` on, but those of one that is cut."""
    within = block.c.within
    return and_(block.c.first >= lowest, or_(within.is_(None), within < lowest))


def _by_dim(cells: Cells) -> dict[str, Moves]:
    dims: dict[str, Moves] = defaultdict(lambda: defaultdict(dict))
    for (part, dim, day, unit, key), amount in cells.items():
        dims[dim][part][day, unit, key] = amount
    return dims


def _put(conn: Connection, place: Place, dims: Mapping[str, Moves], rows: int) -> None:
    level, first = place
    conn.execute(insert(block).values(level=level, first=first, rows=rows))
    packed = [
        {"dim": dim, "level": level, "first": first, "cells": pack(moves)}
        for dim, moves in dims.items()
    ]
    if packed:
        conn.execute(insert(moved), packed)


def _merge(conn: Connection, known: Block, dims: Mapping[str, Moves], rows: int) -> None:
    """Add to a block that has begun with the same change."""
    mine = and_(moved.c.level == known.level, moved.c.first == known.first)
    every = {dim: [pack(moves)] for dim, moves in dims.items()}
    for dim, data in conn.execute(select(moved.c.dim, moved.c.cells).where(mine)):
        every.setdefault(dim, []).append(data)
    conn.execute(delete(moved).where(mine))
    conn.execute(delete(block).where(block.c.level == known.level, block.c.first == known.first))
    sums = {dim: _sum(some) for dim, some in every.items()}
    _put(conn, (known.level, known.first), sums, known.rows + rows)


def _fold_what_is_full(conn: Connection) -> None:
    enough = ROWS
    for level in range(TOP):
        some = _open(conn, level)
        if sum(one.rows for one in some) < enough:
            return
        _fold(conn, level, some)
        enough *= FOLD


def _open(conn: Connection, level: int) -> Sequence[Block]:
    """The blocks of a level that no higher one holds yet."""
    mine = select(block).where(block.c.level == level, block.c.within.is_(None))
    return conn.execute(mine.order_by(block.c.first)).all()


def _fold(conn: Connection, level: int, some: Sequence[Block]) -> None:
    """Make one block of the next level of some."""
    if not some:
        return
    first = some[0].first
    mine = and_(moved.c.level == level, moved.c.first >= first)
    blocks = and_(block.c.level == level, block.c.first >= first)
    dims: dict[str, list[bytes]] = defaultdict(list)
    for dim, data in conn.execute(select(moved.c.dim, moved.c.cells).where(mine)):
        dims[dim].append(data)
    if level == 0:
        conn.execute(delete(moved).where(mine))
        conn.execute(delete(block).where(blocks))
    else:
        conn.execute(update(block).where(blocks).values(within=first))
    folded = [
        {"dim": dim, "level": level + 1, "first": first, "cells": _together(every)}
        for dim, every in dims.items()
    ]
    rows = sum(one.rows for one in some)
    conn.execute(insert(block).values(level=level + 1, first=first, rows=rows))
    if folded:
        conn.execute(insert(moved), folded)


def _together(every: Sequence[bytes]) -> bytes:
    return every[0] if len(every) == 1 else pack(_sum(every))


def _sum(
    every: Iterable[bytes], parts: Collection[str] | None = None, span: Span | None = None
) -> Moves:
    """The cells of several blocks added up; only of some parts and days, None: of all."""
    sums: Moves = defaultdict(dict)
    for data in every:
        for part, cell, amount in unpack(data, parts, span):
            own = sums[part]
            own[cell] = own.get(cell, 0.0) + amount
    return sums

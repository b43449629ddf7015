"""Cube rows: kept up to date by differences, refilled when a part is new or its SQL changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, literal_column, select
from sqlalchemy.sql.expression import ClauseElement

from centre.store import bulk, changes, journal
from centre.store.engine import writing
from centre.store.measure import NOTHING, Cells, Tally, definition, plans
from centre.store.parts import Part
from centre.store.tables import cube, cube_part, reading, touched

Progress = Callable[[int, int], None]
"""Told (rows done, rows in all) while a refill goes on."""

_PAGE = 5_000  # rows between two reports of progress
_MOST_CELLS = 200_000  # about 60 MB of Python objects, then they are written


def add(
    conn: Connection, cells: Cells, change: int, parts: Sequence[Part], *, rows: int = 1
) -> None:
    """Add the differences that some `rows` made; a cell that comes to nothing is removed."""
    _put(conn, cells, change, parts)
    journal.note(conn, cells, change, rows)


def _put(conn: Connection, cells: Cells, change: int, parts: Sequence[Part]) -> None:
    _touch(conn, cells, change)
    rows = [(*cell, amount) for cell, amount in cells.items()]
    bulk.run(conn, _add(conn.dialect.name), rows)
    signed = {part.id for part in parts if part.anchor.table is reading}
    # Only a reading may be below 0: elsewhere nothing is left only where something was taken.
    emptied = [cell for cell, amount in cells.items() if amount < 0 or cell[0] in signed]
    bulk.run(conn, _remove(), emptied)


def _touch(conn: Connection, cells: Cells, change: int) -> None:
    moved = {(day, unit) for _, _, day, unit, _ in cells}
    bulk.run(conn, _newest(conn.dialect.name), [(*one, change) for one in moved])


@lru_cache(maxsize=2)
def _newest(dialect: str) -> ClauseElement:
    statement = bulk.upsert(touched, dialect)
    return statement.on_conflict_do_update(
        index_elements=list(touched.primary_key.columns),
        set_={"change": statement.excluded.change},
    )


@lru_cache(maxsize=2)
def _add(dialect: str) -> ClauseElement:
    statement = bulk.upsert(cube, dialect)
    return statement.on_conflict_do_update(
        index_elements=list(cube.primary_key.columns),
        set_={"amount": cube.c.amount + statement.excluded.amount},
    )


@lru_cache(maxsize=1)
def _remove() -> ClauseElement:
    statement = delete(cube)
    for column in cube.primary_key.columns:
        statement = statement.where(column == bindparam(f"p_{column.name}"))
    return statement.where(func.abs(cube.c.amount) < literal_column(str(NOTHING)))


def refill(
    engine: Engine, parts: Sequence[Part], zone: ZoneInfo, progress: Progress | None = None
) -> tuple[str, ...]:
    """Bring the cubes of new and changed parts up to date; returns their ids.

    `parts` are all there are: the cubes of any other part are dropped, because writes no longer
    keep them. One writing transaction: writers wait, a stop in between leaves the old cubes.
    """
    with writing(engine) as conn:
        changes.lock(conn)
        wanted = {part.id: definition(part, zone) for part in parts}
        known = {row.part: row.definition for row in conn.execute(select(cube_part))}
        _forget(conn, [part for part in known if known[part] != wanted.get(part)])
        stale = [part for part in parts if known.get(part.id) != wanted[part.id]]
        if stale:
            change = _fill(conn, stale, zone, progress)
            rows = [{"part": part.id, "definition": wanted[part.id]} for part in stale]
            conn.execute(insert(cube_part).values(since=change), rows)
    return tuple(part.id for part in stale)


def _forget(conn: Connection, parts: Sequence[str]) -> None:
    for part in parts:
        conn.execute(delete(cube).where(cube.c.part == part))
        conn.execute(delete(cube_part).where(cube_part.c.part == part))


def _fill(
    conn: Connection, parts: Sequence[Part], zone: ZoneInfo, progress: Progress | None
) -> int:
    change = changes.next_change(conn, "refill", None, datetime.now(UTC))
    journal.seal(conn)  # what it notes of these parts counts from here on
    for part in parts:  # writes may have begun a part that was never filled
        conn.execute(delete(cube).where(cube.c.part == part.id))
    for cells in _counted(conn, parts, zone, progress, most=_MOST_CELLS):
        _put(conn, cells, change, parts)
    return change


def _counted(
    conn: Connection,
    parts: Sequence[Part],
    zone: ZoneInfo,
    progress: Progress | None = None,
    most: int | None = None,
) -> Iterator[Cells]:
    """Count every row of every table that the parts read, in portions of about `most` cells."""
    done, total, tally = 0, _rows(conn, parts) if progress else 0, Tally(zone)
    for plan in plans(parts):
        result = conn.execute(plan.statement, execution_options={"yield_per": _PAGE})
        for page in result.partitions():
            tally.add(plan, page)
            done += len(page)
            if progress:
                progress(done, total)
            if most is not None and len(tally) > most:
                yield tally.cells()
                tally = Tally(zone)
    yield tally.cells()


def _rows(conn: Connection, parts: Sequence[Part]) -> int:
    counts = (select(func.count()).select_from(plan.table) for plan in plans(parts))
    return sum(conn.scalar(count) or 0 for count in counts)


def recompute(conn: Connection, parts: Sequence[Part], zone: ZoneInfo) -> Cells:
    """The cube rows as they should be, counted from the records; all of them in memory."""
    (cells,) = _counted(conn, parts, zone)
    return cells


def stored(conn: Connection) -> Cells:
    """The cube rows as they are; all of them in memory."""
    return {tuple(row[:5]): row.amount for row in conn.execute(select(cube))}

"""Sums over the records of a slice that no cube has: a street and a category, a channel of a unit.

Cost: the records of the period that the filters leave, by the index of their anchor or unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from centre.domain.scope import Scope
from centre.store.history import as_of
from centre.store.measure import bucket
from centre.store.parts import COLUMNS, Part
from centre.store.past import Past, change_of, tidy
from centre.store.queries.scoping import allowed
from centre.store.types import micros

_QUARTER = 900_000_000  # microseconds, as measure.bucket counts

Span = tuple[datetime | None, datetime]
"""[start, end); start None: from the beginning."""


class Slot(NamedTuple):
    """Whose, on which day (ordinal, local), of which value of the dimension ("": not said)."""

    part: str
    unit: str
    day: int
    key: str


def filtered(
    conn: Connection,
    parts: Sequence[Part],
    within: Mapping[str, str],
    span: Span,
    *,
    scope: Scope,
    zone: ZoneInfo,
    by: str | None = None,
    past: Past | None = None,
) -> dict[Slot, float]:
    """What some parts amount to where every column of `within` has its value; "" is not said.

    `by` is a column of the parts' table, or "hour"; without it every key is "".
    """
    sums: dict[Slot, float] = defaultdict(float)
    for part in parts:
        statement = _statement(part, within, span, scope=scope, by=by)
        for unit, quarter, key, amount in conn.execute(as_of(statement, change_of(past))):
            day, (_, hour) = bucket(quarter, zone)
            sums[Slot(part.id, unit, day, hour if by == "hour" else key)] += amount
    return {slot: tidy(amount, past) for slot, amount in sums.items()}


def _statement(
    part: Part, within: Mapping[str, str], span: Span, *, scope: Scope, by: str | None
) -> Select[Any]:
    table, (start, end) = part.anchor.table, span
    quarter = micros(part.anchor) // _QUARTER
    column = None if by in (None, "hour") else table.c[COLUMNS.get(by or "", by or "")]
    key: ColumnElement[str] = sa.literal("") if column is None else func.coalesce(column, "")
    limits = [part.anchor < end, part.where, *allowed(table, scope)]
    if start is not None:
        limits.append(part.anchor >= start)
    limits += [_is(table.c[COLUMNS.get(name, name)], value) for name, value in within.items()]
    return (
        select(
            table.c.unit, quarter.label("of_quarter"), key.label("of_key"), func.sum(part.amount)
        )
        .where(*limits)
        .group_by(table.c.unit, "of_quarter", "of_key")  # no names of columns: those would win
    )


def _is(column: ColumnElement[Any], value: str) -> ColumnElement[bool]:
    return column == value if value else or_(column.is_(None), column == "")

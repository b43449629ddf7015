"""Scope as conditions: no query of this room is written without them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table

from centre.domain.scope import Scope
from centre.store.parts import Part


def allowed(table: Table, scope: Scope) -> list[ColumnElement[bool]]:
    """What keeps a reader to their units, and to their kinds where the table has kinds of case.

    A cube has no kinds: whoever may not see a kind is not shown its metrics.
    """
    limits: list[ColumnElement[bool]] = []
    if scope.units is not None:
        limits.append(table.c.unit.in_(sorted(scope.units)))
    if scope.kinds is not None and table.name in ("case", "case_version"):
        limits.append(table.c.kind.in_(sorted(scope.kinds)))
    return limits


def part_id(part: Part | str) -> str:
    """The id of a part, or the id itself."""
    return part if isinstance(part, str) else part.id

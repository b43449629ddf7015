"""Which closed days late data has changed."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection, select

from centre.domain.periods import Days
from centre.domain.scope import Scope
from centre.store.queries.scoping import allowed
from centre.store.revised import revised as late

Revised = dict[tuple[str, str], frozenset[int]]
"""(part, unit) -> ordinals of the days that changed after they were complete."""


def revised(conn: Connection, days: Days, scope: Scope, *, at: int | None = None) -> Revised:
    """The revised days of a span; as was known at change `at`, None: as is known now."""
    span = late.c.day.between(days.first.toordinal(), days.last.toordinal())
    known = [late.c.change <= at] if at is not None else []
    statement = select(late.c.part, late.c.unit, late.c.day).where(
        span, *known, *allowed(late, scope)
    )
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for part, unit, day in conn.execute(statement):
        found[part, unit].add(day)
    return {cell: frozenset(some) for cell, some in found.items()}

"""How the sources deliver, day by day: what each has completed, and since when it is known."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import Connection, exists, func, select

from centre.domain.periods import Days
from centre.store.history import as_of
from centre.store.ledger import OPENING, ledger
from centre.store.ledger_past import ledger_move
from centre.store.tables import presence as heard


def heard_by_source(
    conn: Connection, days: Days, *, at: int | None = None
) -> dict[str, dict[int, datetime]]:
    """{source: {ordinal day: complete until}}, of several units of a source the furthest behind.

    Takes no scope: it tells of sources, which the caller leaves out whole. With `at`: as was known
    at that change.
    """
    span = heard.c.day.between(days.first.toordinal(), days.last.toordinal())
    statement = select(heard.c.source, heard.c.day, func.min(heard.c.until)).where(span)
    found: dict[str, dict[int, datetime]] = defaultdict(dict)
    grouped = statement.group_by(heard.c.source, heard.c.day)
    for source, day, until in conn.execute(as_of(grouped, at)):
        found[source][day] = until
    return dict(found)


def ledger_since(conn: Connection, *, at: int | None = None) -> dict[str, int]:
    """{source: ordinal of the first day in its ledger}; one without any is absent.

    With `at` those are left out of which nothing was known at that change.
    """
    first = select(ledger.c.source, func.min(ledger.c.day).label("day"))
    began = first.where(ledger.c.day != OPENING).group_by(ledger.c.source).subquery()
    statement = select(began.c.source, began.c.day)
    if at is not None:
        same = (ledger_move.c.day == began.c.day, ledger_move.c.source == began.c.source)
        statement = statement.where(exists().where(*same, ledger_move.c.change <= at))
    return {row[0]: row[1] for row in conn.execute(statement)}

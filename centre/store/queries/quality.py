"""How the sources deliver, day by day: what each has completed, and since when it is known."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import Connection, func, select

from centre.domain.periods import Days
from centre.store.ledger import OPENING, ledger
from centre.store.tables import presence as heard


def heard_by_source(conn: Connection, days: Days) -> dict[str, dict[int, datetime]]:
    """{source: {ordinal day: complete until}}, of several units of a source the furthest behind.

    Takes no scope: it tells of sources, which the caller leaves out whole.
    """
    span = heard.c.day.between(days.first.toordinal(), days.last.toordinal())
    statement = select(heard.c.source, heard.c.day, func.min(heard.c.until)).where(span)
    found: dict[str, dict[int, datetime]] = defaultdict(dict)
    for source, day, until in conn.execute(statement.group_by(heard.c.source, heard.c.day)):
        found[source][day] = until
    return dict(found)


def ledger_since(conn: Connection) -> dict[str, int]:
    """{source: ordinal of the first day in its ledger}; one without any is absent."""
    first = select(ledger.c.source, func.min(ledger.c.day)).where(ledger.c.day != OPENING)
    return {row[0]: row[1] for row in conn.execute(first.group_by(ledger.c.source))}

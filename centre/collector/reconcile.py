"""Reconciliation 对账: what a source says it holds against what is here, day by day.

theirs = cases that the source counts     ours = stored + refused (each case once)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Engine

from centre.domain.periods import Days, day_start, local_day
from centre.domain.places import City
from centre.domain.sources import Limits, SourceConfig
from centre.snapshots.cells import SourceState
from centre.store import reconciled, rejects, sources
from centre.store.engine import reading, writing
from centre.store.queries import received
from centre.store.queries.quality import heard_by_source
from centre.store.reconciled import Day
from datasources import mapping
from datasources.source import Counting

DAYS = 7
"""Complete days that are compared when nobody says how many."""

_ANSWERS = 6  # that a comparison may take: it reads days at once, and nobody waits for it
_PAGE = 500  # refused rows in memory at once


def patient(limits: Limits) -> Limits:
    """What one question of a comparison may take, by the limits of an answer."""
    return Limits(
        deadline_seconds=_ANSWERS * limits.deadline_seconds,
        most_bytes=_ANSWERS * limits.most_bytes,
    )


def complete(
    conn: Connection,
    config: SourceConfig,
    city: City,
    *,
    count: int = DAYS,
    first: date | None = None,
    last: date | None = None,
) -> tuple[date, ...]:
    """The days that can be compared: delivered to their end; none while history still comes.

    From `first` to `last`; where these are not said, the newest `count`. A source that fills its
    history by days has delivered those that it named; another all until its watermark.
    """
    row = next((row for row in sources.states(conn) if row.id == config.id), None)
    if row is None or row.watermark is None or row.filled_days < row.total_days:
        return ()
    newest = local_day(row.watermark, city.tz) - timedelta(days=1)
    end = min(last or newest, newest)
    start = first or end - timedelta(days=count - 1)
    days = tuple(start + timedelta(days=number) for number in range((end - start).days + 1))
    if not days or not row.total_days or row.fill_unit != "days":
        return days
    heard = heard_by_source(conn, Days(first=start, last=end)).get(config.id, {})
    return tuple(day for day in days if _is_whole(day, heard, city))


def _is_whole(day: date, heard: Mapping[int, datetime], city: City) -> bool:
    until = heard.get(day.toordinal())
    return until is not None and until >= day_start(day + timedelta(days=1), city.tz)


def compare(
    engine: Engine,
    source: Counting,
    config: SourceConfig,
    city: City,
    days: Sequence[date],
    *,
    at: datetime,
) -> tuple[Day, ...]:
    """Compare these local days and keep what is found. Raises SourceError."""
    found = reconcile(engine, source, config, city, days)
    if found:
        with writing(engine) as conn:
            keep(conn, config.id, found, at)
    return found


def keep(conn: Connection, source: str, found: Sequence[Day], at: datetime) -> None:
    """Keep what was found, but for days before the first case of either side.

    At least the last day, and those that differed before.
    """
    known = reconciled.summaries(conn).get(source)
    first = next((n for n, one in enumerate(found) if one.theirs or one.stored or one.refused), -1)
    old = [one for one in found[:first] if known and one.day in known.differing]
    reconciled.keep(conn, source, [*old, *found[first:]], at)


def reconcile(
    engine: Engine, source: Counting, config: SourceConfig, city: City, days: Sequence[date]
) -> tuple[Day, ...]:
    """Compare these local days. Raises SourceError when the source cannot be counted now."""
    theirs = source.counts(frozenset(days)) if days else {}
    with reading(engine) as conn:
        refused = Counter(refused_on(conn, config, city).values())
        return tuple(
            Day(
                day=day,
                theirs=theirs.get(day, 0),
                stored=received.received_on(conn, config.id, day, city.tz),
                refused=refused.get(day, 0),
            )
            for day in days
        )


def compared(
    conn: Connection, configs: Sequence[SourceConfig], states: Sequence[SourceState]
) -> tuple[SourceState, ...]:
    """The sources with what their newest comparisons found."""
    nightly = {one.id for one in configs if one.reconcile is not None}
    known = reconciled.summaries(conn)
    return tuple(_compared(one, known.get(one.id), is_nightly=one.id in nightly) for one in states)


def _compared(
    state: SourceState, one: reconciled.Summary | None, *, is_nightly: bool
) -> SourceState:
    if one is None:
        return replace(state, reconciles=is_nightly)
    return replace(
        state,
        reconciles=is_nightly,
        compared_at=one.compared_at,
        differences=tuple((day.isoformat(), count) for day, count in one.differing.items()),
    )


def refused_on(conn: Connection, config: SourceConfig, city: City) -> Mapping[str, date]:
    """Refused cases and their days: none that is stored in another version, none twice.

    A row whose day cannot be read is in no day, here as in the source's own count; one without a
    number is a case of its own, under a name that no case has.
    """
    found: dict[str, date] = {}
    after = ""
    while page := rejects.replayable(conn, config.id, limit=_PAGE, after=after):
        known = received.stored(conn, config.id, [one.key for one in page if one.key])
        for one in page:
            day = mapping.received_on(mapping.apply(one.row, config), config, city)
            if day is not None and one.key not in known:
                found[one.key or f"row {one.id}"] = day
        after = page[-1].id
    return found

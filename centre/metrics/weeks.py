"""What the last four same weekdays had by this minute, and gauges a week ago."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from centre.domain.places import City
from centre.domain.scope import Scope
from centre.metrics.metric import Metric
from centre.store import queries
from centre.store.parts import Part
from centre.store.past import Past

WEEK = 7
WEEKDAYS_BACK = (7, 14, 21, 28)  # design.md "Windows": the last four same weekdays


def to_minute(
    conn: Connection,
    city: City,
    parts: Sequence[Part],
    now: datetime,
    *,
    scope: Scope,
    past: Past | None = None,
) -> queries.ByDay:
    """What each of the last four same weekdays amounted to until this local minute.

    Whole hours from the cubes. The running hour exactly where `received_at` is the anchor, for
    it has an index; of other anchors that hour's cube in proportion.
    """
    local = now.astimezone(city.tz)
    days = [local.toordinal() - back for back in WEEKDAYS_BACK]
    exact = [part for part in parts if part.anchor.name == "received_at"]
    rough = [part for part in parts if part not in exact]
    hour = f"{local.hour:02d}"
    found = queries.on_days(conn, parts, "hour", days, scope=scope, before=hour, past=past)
    running = queries.on_days(conn, rough, "hour", days, scope=scope, only=hour, past=past)
    passed = (local.minute * 60 + local.second) / 3600
    for cell, amounts in running.items():
        for day, amount in amounts.items():
            _add(found, cell, day, amount * passed)
    for day in days:
        end = datetime.combine(date.fromordinal(day), local.time(), city.tz)
        start = end.replace(minute=0, second=0, microsecond=0)
        rows = queries.between(conn, exact, start, end, scope=scope, past=past)
        for (part, unit, _), amount in rows.items():
            _add(found, (part, unit), day, amount)
    return found


def _add(found: queries.ByDay, cell: tuple[str, str], day: int, amount: float) -> None:
    days = found.setdefault(cell, {})
    days[day] = days.get(day, 0.0) + amount


def gauges(
    conn: Connection,
    metrics: Mapping[str, Metric],
    now: datetime,
    scope: Scope,
    at: int | None,
) -> dict[tuple[str, str], tuple[float | None, float | None]]:
    """(series, unit) -> its level now and at this minute a week ago; None: no reading yet."""
    found = {}
    for series in {metric.series for metric in metrics.values() if metric.series}:
        here = queries.last_readings(conn, series, now, scope, at=at)
        before = queries.last_readings(conn, series, now - timedelta(days=WEEK), scope, at=at)
        for unit in {*here, *before}:
            found[series, unit] = (_number(here.get(unit)), _number(before.get(unit)))
    return found


def _number(last: queries.Last | None) -> float | None:
    return last.value if last else None
